"""One page of the council report: one plot, always on one page."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from PIL import Image

from data.plot_schema import ColumnType, shown_in_report
from data.translated import in_language
from data.vocabulary import CriterionGroup, LocationStatus
from messages import text
from presentation.measured import measured_value
from presentation.numbers import bounds, day, number, percentage
from presentation.plain_text import printable
from presentation.plot_columns import column_label, column_value
from presentation.symbols import LIMIT_COLOURS, SIGN_SHAPES
from presentation.words import actor_words, kind_label, word
from reports.alike import like
from reports.background import Ask, Background
from reports.classes import Audience
from reports.content import Content, LimitLine, Photo
from reports.council.next_steps import next_steps
from reports.council.others import cut, six_answers
from reports.council.site_map import (
    Seen,
    aerial_picture,
    map_sources,
    scale_of,
    seen_on_map,
    site_map,
)
from reports.council.words import (
    Say,
    breakable,
    capitalised,
    measured_words,
    plot_name,
    score_bar,
    told_reasons,
    town_of,
)
from reports.credits import LINES, LONGEST_NAME
from reports.drawing.canvas import axes_in_inches, broken, new_figure
from reports.drawing.cards import places_words
from scoring.explain import open_questions
from scoring.neighbourhoods import inhabitants_interval
from scoring.ranking import ScoreSheet, SheetRow, score_sheet

_MAP_CM, _WIDE_MAP_CM, _BESIDE_CM = (11.8, 8.8), (17.8, 8.8), (5.6, 3.94)
_PHOTO_PX = 800
_NOTE_PT, _PAGE_WIDE_INCHES = 6.6, 17.6 / 2.54
"""Of the notes under a map; a little less than the page is wide, as words are broken otherwise."""
MOST_LIMITS = 4
_LONGEST_FACT = 80
LEAST_POINTS = 0.5
"""What changes a score by less is no question for a council."""
NEIGHBOURS_M = (300.0, 1200.0)
RECEPTION_M = 3000.0
MEAN_BY_ROAD = {"gp_practice": "general_practitioner_km", "supermarket": "supermarket_km"}
"""Column of the neighbourhoods with the mean distance by road of their inhabitants, by sign."""
MOST_RECEPTION = 2


def plot_page(
    content: Content,
    place: int,
    say: Say,
    language: str,
    pictures: dict[str, bytes],
    first_chance: np.ndarray,
    examples: pd.DataFrame | None,
    ask: Ask,
) -> dict[str, Any]:
    """Gather the page of one plot, by position; its map and photos are added to the pictures."""
    plots, ranking = content.plots, content.ranking
    plot = plots.iloc[place]
    plot_id = str(plots.index[place])
    name = plot_name(content, place, language)
    sheet = score_sheet(ranking.measured, ranking, plot_id)
    town = town_of(content, place, language)
    if not bool(plot.get("municipality_certain", True)):
        town = say("town_uncertain", town=town)
    favour, against, unknown = told_reasons(content, place, sheet, say, language)
    limits = content.limits_of(plot_id)
    return {
        "name": name,
        "where": town,
        **_pictures(content, place, name, town, say, language, pictures, ask),
        "places": places_words(content.places[place], language),
        **score_bar(content, place, language),
        "rank_words": _rank_words(content, place, first_chance, say, language),
        "limits": [
            {
                "outcome": capitalised(word("LimitOutcome", str(line.outcome), language)),
                "reason": line.reason.text(language),
                "remedy": line.lifted_by.text(language),
                "who": _who(line, language),
                "article": in_language(line.article, language),
                "colour": LIMIT_COLOURS[line.outcome],
            }
            for line in limits[:MOST_LIMITS]
        ],
        "more_limits": say("more_limits", count=len(limits) - MOST_LIMITS)
        if len(limits) > MOST_LIMITS
        else "",
        "for": favour,
        "against": against,
        "unknown": unknown,
        "facts": shown_facts(plot, language),
        "groups": _groups(content, place, sheet, language),
        "questions": [
            say(
                "question",
                name=text(f"scoring.criterion.{q.key}", language),
                points=number(q.narrows, language, decimals=1),
            )
            for q in [q for q in open_questions(ranking, place) if q.who][:3]
            if q.narrows >= LEAST_POINTS
        ],
        "next": capitalised(
            breakable(printable(actor_words(plot.get("next_actor"), language), 160))
            or text("frame.unknown", language)
        ),
        "steps": next_steps(content, place, say, language),
        "answers": [
            [question, cut(words)] for question, words in six_answers(content, place, say, language)
        ],
        "neighbours": _neighbours(content, place, say, language),
        "practice": practice_lines(plot, content, examples, say, language),
    }


def _pictures(
    content: Content,
    place: int,
    name: str,
    town: str,
    say: Say,
    language: str,
    pictures: dict[str, bytes],
    ask: Ask,
) -> dict[str, Any]:
    """Gather map, aerial photograph and photo of a plot; without these two the map is wider."""
    named = content.photos.get(str(content.plots.index[place]))
    photo = named if named is not None and named.content else None
    no_photo = (
        say("no_photo")
        if named is None
        else say("photo_not_kept", note=photo_note(named, say, language).rstrip("."))
    )
    aerial = aerial_picture(content, place, size_cm=_BESIDE_CM, ask=ask)
    beside = aerial is not None or photo is not None
    size_cm = _MAP_CM if beside else _WIDE_MAP_CM
    drawn, found = site_map(content, place, language, size_cm=size_cm, ask=ask)
    pictures[f"map{place}.png"] = drawn
    seen = seen_on_map(content, place, size_cm)
    named_kinds = _named_kinds(content)
    notes = [] if found else [say("ground_packaged")]
    absent = [kind for kind in SIGN_SHAPES if kind not in named_kinds]
    if absent:
        notes.append(_places_unknown(content, place, absent, say, language))
    credits_ = [found.credit] if found else []
    told: dict[str, Any] = {
        "map": f"map{place}.png",
        "map_wide": not beside,
        "map_scale": number(scale_of(content.plots.geometry.iloc[place], size_cm), language),
        "map_quarters": found is None,
        "map_others": seen.others,
        "map_reception": seen.reception,
        "map_alt": say("map_alt", name=name, town=town),
        "signs": [
            {"kind": kind, "words": text(f"reports.council.sign.{kind}", language)}
            for kind in named_kinds
        ],
        "aerial": "",
        "aerial_note": say("no_aerial"),
        "aerial_alt": say("aerial_alt", name=name),
        "photo": "",
        "photo_note": no_photo,
        "photo_alt": say("photo_alt", name=name),
    }
    if aerial is not None:
        pictures[f"aerial{place}.png"], credit = aerial
        credits_.append(credit)
        told |= {
            "aerial": f"aerial{place}.png",
            "aerial_note": in_language(credit, language),
        }
    if photo is not None:
        pictures[f"photo{place}.jpg"] = small_photo(photo.content)
        told |= {"photo": f"photo{place}.jpg", "photo_note": photo_note(photo, say, language)}
    if not beside:
        notes += [say("no_aerial"), no_photo]
    return {
        **told,
        "map_note": map_note(content, seen, found, say, language),
        "map_notes": " ".join(notes),
        "credits": credits_,
    }


def _named_kinds(content: Content) -> list[str]:
    around = content.ranking.measured.surroundings
    return [kind for kind in SIGN_SHAPES if not around.places_of(kind).empty]


def map_note(
    content: Content, seen: Seen, found: Background | None, say: Say, language: str
) -> str:
    """Say under the map of a plot what its lines are and whose the map is, in two lines on paper.

    Of layers of users as many are named as there is room for, and the others are counted.
    """
    names = map_sources(content, _named_kinds(content), seen, found, language)
    layers_of_users = content.ranking.measured.surroundings.own.values()
    own = {printable(layer.name, LONGEST_NAME) for layer in layers_of_users}
    few = sum(name not in own for name in names)
    ring = "" if seen.outer_ring == "whole" else say(f"ring_{seen.outer_ring}")
    for count in range(len(names), few - 1, -1):
        told, rest = ", ".join(names[:count]), number(len(names) - count, language)
        if count < len(names):
            told = text("reports.map.own_more", language, names=told, count=rest)
        note = f"{say('map_note', names=told)} {ring}".strip()
        if len(broken(_page_wide(), note, _NOTE_PT, _PAGE_WIDE_INCHES)) <= LINES:
            break
    return note


@functools.cache
def _page_wide() -> Axes:
    return axes_in_inches(new_figure(10, 1, 72), (0.0, 0.0, 10.0, 1.0))


def _places_unknown(
    content: Content, place: int, kinds: Sequence[str], say: Say, language: str
) -> str:
    """Say of which kinds it is not known where the nearest lies, and how far it is on average."""
    names = {kind: text(f"reports.council.sign.{kind}", language).lower() for kind in kinds}
    quarter = _quarter(content, place)
    told = [
        f"{names[kind]} {number(float(quarter[column]), language, decimals=1)}\u00a0km"
        for kind, column in MEAN_BY_ROAD.items()
        if kind in names and quarter is not None and pd.notna(quarter[column])
    ]
    every = say("no_places", names=", ".join(names.values()))
    if quarter is None or not told:
        return every
    name = printable(quarter["name"], 60)
    return f"{every} {say('mean_by_road', name=name, distances=', '.join(told))}"


def _quarter(content: Content, place: int) -> pd.Series | None:
    """Give the neighbourhood in which most of a plot, by position, lies; None without one."""
    shape = content.plots.geometry.iloc[place]
    quarters = content.ranking.measured.surroundings.neighbourhoods
    near = quarters.iloc[quarters.sindex.query(shape, predicate="intersects")]
    if near.empty:
        return None
    return near.iloc[int(near.geometry.intersection(shape).area.to_numpy().argmax())]


def photo_note(photo: Photo, say: Say, language: str) -> str:
    """Say who made a photo and when, or that it is not known."""
    credit = breakable(printable(photo.about.credit or "", 80))
    made = photo.about.made_on
    return say(
        "photo_note",
        who=credit or text("frame.unknown", language),
        date=day(made, language) if made else text("frame.unknown", language),
    )


def small_photo(content: bytes) -> bytes:
    """Give a photo as large as it is printed, as JPEG without anything beside the picture."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        opened.draft("RGB", (2 * _PHOTO_PX, 2 * _PHOTO_PX))
        picture = opened.convert("RGB")
    picture.thumbnail((_PHOTO_PX, _PHOTO_PX))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=82)
    return made.getvalue()


def _who(line: LimitLine, language: str) -> str:
    """Say who has to act to lift a limit and how long that took, as on the screen."""
    if line.who is None:
        return ""
    who = capitalised(text(f"scoring.who.{line.who}", language))
    if line.months is None:
        return text("explore.limit_who", language, who=who)
    months = number(line.months, language)
    return text("explore.limit_who_months", language, who=who, months=months)


def _rank_words(
    content: Content, place: int, first_chance: np.ndarray, say: Say, language: str
) -> str:
    ranking, count = content.ranking, len(content.plots)
    if count == 1:
        return say("robust_alone")
    best, worst = int(ranking.rank_best[place]), int(ranking.rank_worst[place])
    words = (
        say("rank_one", rank=best, count=count)
        if best == worst
        else say("rank", best=best, worst=worst, count=count)
    )
    return f"{capitalised(words)}. " + say(
        "first_chance", chance=percentage(first_chance[place], language)
    )


def _groups(content: Content, place: int, sheet: ScoreSheet, language: str) -> list[dict[str, Any]]:
    """Give the criteria by group: ends of the score, what was measured, the middle of others."""
    measured = content.ranking.measured
    middle = 50 * (measured.score_low + measured.score_high)
    others = np.delete(middle, place, axis=0)
    medians = np.median(others, axis=0) if len(others) else np.full(middle.shape[1], np.nan)
    groups = []
    for group in sheet.groups:
        rows = [
            (column, row)
            for column, row in enumerate(sheet.rows)
            if row.criterion.group == group.group
        ]
        if not rows or (group.group == CriterionGroup.HAALBAARHEID and group.weight == 0):
            continue
        groups.append(
            {
                "name": capitalised(word("CriterionGroup", str(group.group), language)),
                "weight": percentage(group.weight, language),
                "rows": [
                    {
                        "name": _counted(row, language),
                        "value": measured_words(row, language),
                        "low": 100 * row.score_low,
                        "high": 100 * row.score_high,
                        "unknown": row.unknown,
                        "middle": float(medians[column])
                        if medians[column] == medians[column]
                        else -1,
                        "weight": percentage(row.weight, language),
                    }
                    for column, row in rows
                ],
            }
        )
    return groups


def _counted(row: SheetRow, language: str) -> str:
    """Give the name of a criterion, and that it counts for nothing where it has no weight."""
    name = text(f"scoring.criterion.{row.criterion.key}", language)
    return name if row.weight > 0 else text("reports.council.counts_not", language, name=name)


def shown_facts(plot: Mapping[str, Any], language: str) -> list[list[str]]:
    """Give what is known of a plot, label by label, as the schema orders it."""
    area = number(float(plot["geometry"].area), language)
    rows = [
        [text("reports.council.fact_area", language), text("sheet.unit.m2", language, value=area)]
    ]
    for column in shown_in_report():
        # what these readers may not see was taken out before
        if column.key not in plot:
            continue
        said = column_value(column.key, plot.get(column.key), language)
        if column.type is ColumnType.TEXT:
            said = breakable(printable(said, _LONGEST_FACT))
        rows.append([column_label(column.key, language), said])
    return rows


def _neighbours(content: Content, place: int, say: Say, language: str) -> list[str]:
    """Say how many people live near, as the scores know it."""
    around = content.ranking.measured.surroundings
    shape = content.plots.geometry.iloc[[place]]
    lines = []
    for reach_m in NEIGHBOURS_M:
        people = inhabitants_interval(
            shape, around.people, around.people_beyond, reach_m,
            around.ground if content.kader.method >= 3 else None,
        ).iloc[0]  # fmt: skip
        # as the criterion that counts them says it
        said = measured_value(float(people["low"]), float(people["high"]), "persons", language)
        lines.append(say("neighbours", metres=number(reach_m, language), people=said))
    return [*lines, *_reception_near(content, place, say, language)]


def _reception_near(content: Content, place: int, say: Say, language: str) -> list[str]:
    """Say which open reception lies near, as far as it is publicly known and where."""
    sites = content.ranking.measured.surroundings.locations
    sites = sites[sites["status"].eq(str(LocationStatus.OPEN))]
    away = sites.geometry.distance(content.plots.geometry.iloc[place])
    doubt = sites["precision_m"].fillna(0.0).astype(float)
    near = away[(away - doubt).le(RECEPTION_M)].sort_values(kind="stable")
    if near.empty:
        return [say("reception_none", metres=number(RECEPTION_M, language))]
    lines = []
    for site in near.index[:MOST_RECEPTION]:
        low, high = max(away[site] - doubt[site], 0.0), away[site] + doubt[site]
        places = sites.at[site, "places"]
        lines.append(
            say(
                "reception_near",
                kind=kind_label(str(sites.at[site, "kind"]), language),
                places=text("frame.unknown", language)
                if pd.isna(places)
                else number(float(places), language),
                metres=bounds(round(low, -2), round(high, -2), language),
            )
        )
    if len(near) > MOST_RECEPTION:
        lines.append(
            say(
                "reception_more",
                count=len(near) - MOST_RECEPTION,
                metres=number(RECEPTION_M, language),
            )
        )
    return lines


def practice_lines(
    plot: Mapping[str, Any],
    content: Content,
    examples: pd.DataFrame | None,
    say: Say,
    language: str,
) -> list[str]:
    """Give the practice example that is most alike, if these readers may see any."""
    if examples is None or examples.empty:
        return []
    if content.audience is not Audience.INTERN and "own" in examples:
        # Examples that users wrote have no class: they are for the team alone.
        examples = examples[~examples["own"].astype(bool)]
    found = like(plot, str(content.kader.kind), examples)[:1]
    return [
        say(
            "practice_line",
            title=breakable(printable(example.title, 120)),
            place=breakable(printable(example.place, 60)),
            reasons=", ".join(reason.text(language) for reason in example.reasons),
        )
        for example in found
    ]
