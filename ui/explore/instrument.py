"""Give the browser what the instrument of Verkennen needs: scores, weights and sheet.

Nothing here knows Streamlit. The matrix is sent once; while a weight is dragged the browser
computes totals, ranks and order itself (``ui/components/browser/engine.js``), by the same rules
as :mod:`scoring.ranking`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

import messages
from data.translated import in_language
from data.vocabulary import PAST_STATES, CriterionGroup, LimitOutcome
from presentation import numbers
from presentation.measured import measured_value, with_unit
from presentation.symbols import SUITABILITY_CLASSES
from presentation.words import word
from scoring.explain import Question, questions_to_ask, reasons
from scoring.indicators import Measured, capacity
from scoring.kader import Kader
from scoring.limits import LimitHit, unknown_limits
from scoring.ranking import Ranking, score_sheet
from ui import glossary
from ui.explore.model import LimitFlags, Weights, default_points, flag_bits
from ui.map import class_names, shortened
from ui.packing import packed

_ASKED = 3


def matrix_payload(
    plots: gpd.GeoDataFrame,
    measured: Measured,
    flags: LimitFlags,
    towns: pd.Series,
    *,
    version: str,
    lang: str,
) -> bytes:
    """Pack scores and facts of all plots for the browser.

    For each criterion two rows: the lower scores as 32-bit numbers, and the bits by which the upper
    ones differ (nought for what is known). Then areas (m²), certain places, flags of limits for the
    map, gravest limit, municipality, and whether it is dropped or realised. Last, for each
    criterion that turns out alike for all plots, the same two rows for all steps one after another.

    Args:
        plots: EPSG:28992, indexed by ``plot_id``, in the order of ``measured``.
        measured: their scores.
        flags: the gravest limits.
        towns: names of municipalities by code.
        version: of the plots.
        lang: of the texts.
    """
    kader = measured.kader
    blocks: list[npt.NDArray[np.int32]] = []
    for column in range(len(kader.criteria)):
        low = np.ascontiguousarray(measured.score_low[:, column], dtype="<f4").view(np.int32)
        high = np.ascontiguousarray(measured.score_high[:, column], dtype="<f4").view(np.int32)
        blocks += [low, low ^ high]
    areas = plots.geometry.area.to_numpy()
    room = capacity(plots, kader) if len(plots) else pd.DataFrame({"low": [], "high": []})
    gravest = np.select([flags.blocked, flags.risk, flags.procedure], [3, 2, 1], 0)
    codes = plots["municipality_code"].to_numpy()
    names = list(towns)
    place_of = {code: place for place, code in enumerate(towns.index)}
    town_of = np.array([place_of.get(code, -1) for code in codes], dtype=np.int32)
    blocks += [
        np.round(areas).astype(np.int32),
        np.floor(room["low"].fillna(0).to_numpy()).astype(np.int32),
        flag_bits(flags).astype(np.int32),
        gravest.astype(np.int32),
        town_of,
        plots["state"].isin(PAST_STATES).to_numpy().astype(np.int32),
    ]
    shared = measured.shared
    if shared is not None:
        for ends in zip(shared.low.transpose(2, 0, 1), shared.high.transpose(2, 0, 1), strict=True):
            low, high = (np.ascontiguousarray(e.ravel(), dtype="<f4").view(np.int32) for e in ends)
            blocks += [low, low ^ high]
    header = {
        "version": version,
        "kind": str(kader.kind),
        "ids": [str(plot_id) for plot_id in plots.index],
        "names": shortened(plots["name"], lang),
        "where": _where(areas, room, [names[t] if t >= 0 else None for t in town_of], lang),
        "towns": names,
        "criteria": [{"key": c.key, "group": str(c.group)} for c in kader.criteria],
        "shared": list(shared.columns) if shared else [],
        "steps": len(shared.low) if shared else 1,
        # in the first way of measuring they count as any other unknown (scoring.ranking)
        "municipal": measured.municipal_columns if kader.method > 1 else [],
        "flags_words": [
            "",
            *(word("LimitOutcome", outcome, lang) for outcome in reversed(list(LimitOutcome))),
        ],
        "ramp": [style.colour for style in SUITABILITY_CLASSES],
        "classes": class_names(lang, fixed=True),
    }
    return packed(header, blocks)


def _where(
    areas_m2: npt.NDArray[np.float64],
    room: pd.DataFrame,
    towns: Sequence[str | None],
    lang: str,
) -> list[str]:
    """Give for each plot a line with municipality, area and places."""
    unknown = messages.text("explore.town_unknown", lang)
    lines = []
    for area, low, high, town in zip(
        areas_m2.tolist(), room["low"].tolist(), room["high"].tolist(), towns, strict=True
    ):
        parts = [town or unknown, area_words(area, lang)]
        if low == low:
            parts.append(places_words(low, high, lang))
        lines.append(" · ".join(parts))
    return lines


def area_words(area_m2: float, lang: str) -> str:
    """Write an area: hectares from one upward."""
    if area_m2 >= 10_000:
        value = numbers.number(area_m2 / 10_000, lang, decimals=1)
        return with_unit(value, "ha", lang)
    return with_unit(numbers.number(area_m2, lang), "m2", lang)


def places_words(low: float, high: float, lang: str) -> str:
    """Write how many places there is room for: at least ``low``, at most ``high``."""
    least, most = (numbers.number(np.floor(value), lang) for value in (low, high))
    key = "explore.places_one" if least == most or high != high else "explore.places_range"
    return messages.text(key, lang, low=least, high=most)


def weights_data(
    kader: Kader,
    weights: Weights,
    points: tuple[Mapping[CriterionGroup, float], Mapping[str, float]],
    *,
    channel: str,
    lang: str,
    badge: str,
    fixed: bool,
) -> dict[str, Any]:
    """Give the weights bar where it stands and what it is called."""
    groups, criteria = default_points(kader)
    return {
        "channel": channel,
        "language": lang,
        "kind": str(kader.kind),
        "lead": lead_sort(kader),
        "order": [str(g) for g in CriterionGroup if any(c.group == g for c in kader.criteria)],
        "group_names": {
            str(g): messages.text(f"vocabulary.CriterionGroup.{g}", lang) for g in CriterionGroup
        },
        "criteria": [
            {
                "key": c.key,
                "group": str(c.group),
                "name": messages.text(f"scoring.criterion.{c.key}", lang),
                "explained": messages.text(f"scoring.criterion.{c.key}.explained", lang),
            }
            for c in kader.criteria
        ],
        "groups": {str(g): points[0].get(g, 0) for g in CriterionGroup},
        "points": dict(points[1]),
        "default_groups": {str(g): groups.get(g, 0) for g in CriterionGroup},
        "default_points": dict(criteria),
        "kader_shares": dict(kader.weights),
        "shares": dict(weights.shares),
        "badge": badge,
        "terms": glossary.for_browser(("kader", "weight", *_GROUP_TERMS), lang),
        "fixed": fixed,
        "texts": {
            key: messages.text(f"explore.weights.{key}", lang)
            for key in ("title", "criteria", "criteria_help", "reset", "own", "close", "divider")
        }
        | {"percent": with_unit("{value}", "percent", lang)},
    }


_PANEL_TEXTS = (
    *("list", "empty", "sort", "lead", "lead_sure", "interval", "ranks"),
    *("row", "basket_in", "basket_out", "back", "nth", "outside", "previous", "next", "of_hundred"),
    *("rank_one", "rank_range"),
    *("zoom", "compare_in", "compare_out", "change", "share", "copied", "copy_failed", "loading"),
    *("reasons_for", "reasons_against", "no_reasons", "limits", "remedy", "rule", "ask", "answer"),
    *("group_share", "weight", "source", "key", "handle", "chance"),
    *(
        *("no_plots", "widen", "star_in", "star_out", "only_starred", "tabs"),
        "beside",
        "histogram",
        "score_from",
        "score_to",
        "score_between",
        "in_view",
        "clear",
        "narrowed",
        "help",
        "welcome",
        "door_find",
        "door_deliver",
        "door_link",
        "link_help",
        "tour",
        "tour_1",
        "tour_2",
        "tour_3",
        "tour_4",
        "tour_step",
        "tour_next",
        "tour_previous",
        "tour_ready",
        "tour_close",
    ),
)


_GROUP_TERMS = tuple(f"group.{group}" for group in CriterionGroup)
SORTS = ("low", "middle", "chance", "feasible", "high", "places", "area", "name", "town")
_PANEL_TERMS = (
    *("list_row", "range", "possible_rank", "reasons", "limit", "limit.1", "limit.2", "limit.3"),
    *("ask", "middle", *_GROUP_TERMS, *(f"sort.{sort}" for sort in SORTS)),
)
"""What the panel explains behind a question mark, see :mod:`ui.glossary`."""


def lead_sort(kader: Kader) -> str:
    """Give the order in which the list stands by itself: as the kader measures."""
    return "low" if kader.method == 1 else "middle"


def panel_data(
    *,
    channel: str,
    lang: str,
    selected: str | None,
    sheet: Mapping[str, Any] | None,
    sheet_at: str,
    visible: npt.NDArray[np.bool_],
    count_words: str,
    sort: str,
    chances: Sequence[int] | None,
    missing: Sequence[str],
    ranks_past: bool,
    shade: str,
    basket: Sequence[str],
    tab: str,
    tabs: Sequence[tuple[str, str]],
    opened: bool,
    fly: Mapping[str, Any] | None,
    may_change: bool,
    fixed: bool,
    walk: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the panel what it shows beside the matrix, and what it hands on to the map."""
    everything = bool(visible.all())
    return {
        "channel": channel,
        "language": lang,
        "selected": selected,
        "sheet": sheet,
        "sheet_at": sheet_at,
        "visible": None
        if everything
        else base64.b64encode(visible.astype(np.uint8).tobytes()).decode(),
        "count_words": count_words,
        "ranks_past": ranks_past,
        "missing": messages.text(
            "explore.ranked_without", lang, names=", ".join(_name(key, lang) for key in missing)
        )
        if missing
        else "",
        "sort": sort,
        "chances": None if chances is None else list(chances),
        "sorts": [(key, messages.text(f"explore.sort.{key}", lang)) for key in SORTS],
        "shade": shade,
        "basket": list(basket),
        "tab": tab,
        "terms": glossary.for_browser(_PANEL_TERMS, lang),
        "tabs": list(tabs),
        "opened": opened,
        "fly": fly,
        "may_change": may_change,
        "fixed": fixed,
        "walk": walk,
        "texts": {key: messages.text(f"explore.panel.{key}", lang) for key in _PANEL_TEXTS}
        | {"spoken": messages.text("sheet.from_to", lang)},
    }


_HEAVY = 0.03


def mostly_unknown(measured: Measured, weights: Mapping[str, float]) -> list[str]:
    """Give the criteria that weigh and are not known of more than half of the plots.

    The order of the plots then rests on the others, which the page says.
    """
    if not len(measured.plot_ids):
        return []
    share = measured.unknown.mean(axis=0)
    return [
        key
        for key, unknown in zip(measured.criteria, share, strict=True)
        if unknown > 0.5 and weights.get(key, 0.0) >= _HEAVY
    ]


def sheet_data(
    plots: gpd.GeoDataFrame, measured: Measured, ranking: Ranking, plot_id: str, lang: str
) -> dict[str, Any]:
    """Give the score sheet of a plot in words: reasons, limits, what to ask first, criteria."""
    place = int(plots.index.get_indexer(pd.Index([plot_id]))[0])
    sheet = score_sheet(measured, ranking, plot_id)
    rows = {row.criterion.key: row for row in sheet.rows}
    middles = np.median((measured.score_low + measured.score_high) / 2, axis=0)
    middle_of = dict(zip(measured.criteria, middles.tolist(), strict=True))

    def value(key: str) -> str:
        row = rows[key]
        if row.unknown:
            return messages.text("frame.unknown", lang)
        return measured_value(row.value_low, row.value_high, row.unit, lang)

    def sentence(key: str, side: str) -> str:
        found = messages.catalogue(lang).get(f"explore.reason.{key}.{side}")
        name = messages.text(f"scoring.criterion.{key}", lang)
        said = f"explore.reason.{key}.{side}" if found else f"explore.reason.any.{side}"
        return messages.text(said, lang, name=name, value=value(key))

    good, bad, unknown = reasons(ranking, place)
    against = [("known", sentence(key, "against")) for key in bad]
    against += [
        ("open", messages.text("explore.reason.unknown", lang, name=_name(key, lang)))
        for key in unknown
    ]
    return {
        "plot": plot_id,
        "stamp": f"{ranking.kader.hash[:12]}-{lang}",
        "for": [("known", sentence(key, "for")) for key in good],
        "against": against[:4],
        "limits": [
            {
                "level": ["geblokkeerd", "juridisch risico", "procedure nodig"].index(hit.outcome),
                "outcome": word("LimitOutcome", hit.outcome, lang),
                "reason": hit.reason.text(lang),
                "article": in_language(hit.article, lang),
                "lifted_by": hit.lifted_by.text(lang),
                "who": _who(hit, lang),
            }
            for hit in sheet.limits
        ],
        "no_limits": messages.text(
            "explore.panel.no_limits", lang, count=_judged(plots, measured, place)
        ),
        "ask": [
            _ask(question, lang) for question in first_questions(ranking, plots, place)
        ],
        "answerable": bool(answerable(first_questions(ranking, plots, place))),
        "groups": [
            {
                "key": str(group.group),
                "name": messages.text(f"vocabulary.CriterionGroup.{group.group}", lang),
                "rows": [
                    {
                        "name": _name(row.criterion.key, lang),
                        "explained": messages.text(
                            f"scoring.criterion.{row.criterion.key}.explained", lang
                        ),
                        "value": value(row.criterion.key),
                        "unknown": row.unknown,
                        "low": round(100 * row.score_low, 1),
                        "high": round(100 * row.score_high, 1),
                        "middle": round(100 * middle_of[row.criterion.key], 1),
                        "weight": numbers.percentage(row.weight, lang, decimals=1),
                        "source": in_language(row.source, lang),
                        "url": row.source_url or "",
                        "told": _told(row.unknown, row.score_low, row.score_high,
                                      middle_of[row.criterion.key], lang),
                    }
                    for row in sheet.rows
                    if row.criterion.group == group.group
                ],
            }
            for group in sheet.groups
        ],
    }  # fmt: skip


def _judged(plots: gpd.GeoDataFrame, measured: Measured, place: int) -> int:
    """Count the limits that can be judged: one by a layer that was not loaded is a question."""
    own = measured.surroundings.own
    open_ = unknown_limits(plots.iloc[[place]], measured.kader, own)
    return len(measured.kader.limits) - sum(bool(unknown[0]) for unknown in open_.values())


def _who(hit: LimitHit, lang: str) -> str:
    """Say who has to act to lift a limit, and how long that took; "" if not known."""
    if hit.who is None:
        return ""
    who = messages.text(f"scoring.who.{hit.who}", lang)
    who = who[0].upper() + who[1:]
    if hit.months is None:
        return messages.text("explore.limit_who", lang, who=who)
    months = numbers.number(hit.months, lang)
    return messages.text("explore.limit_who_months", lang, who=who, months=months)


def first_questions(ranking: Ranking, plots: gpd.GeoDataFrame, place: int) -> list[Question]:
    """Give the first few that narrow the score, and every limit that cannot be judged."""
    questions = questions_to_ask(ranking, plots, place)
    narrowing = [question for question in questions if question.narrows > 0]
    return narrowing[:_ASKED] + [question for question in questions if question.narrows <= 0]


def answerable(questions: list[Question]) -> list[Question]:
    """Give the questions of which the answer can be typed: facts of the plot or the municipality.

    Questions that are answered in the same columns are asked once.
    """
    kept: dict[tuple[str, ...], Question] = {}
    for question in questions:
        if question.columns or question.municipal:
            kept.setdefault(question.columns, question)
    return list(kept.values())


def _ask(question: Question, lang: str) -> str:
    """Say a question: what, of whom, and what its answer changes."""
    who = messages.text(f"scoring.who.{question.who}", lang)
    if question.narrows <= 0:
        what = messages.text(f"scoring.question.{question.key}", lang)
        return messages.text("explore.ask_limit", lang, what=what, who=who)
    points = numbers.number(question.narrows, lang)
    return messages.text(
        "explore.ask_of_ranks" if question.ranks > 1 else "explore.ask_of",
        lang,
        name=_name(question.key, lang),
        who=who,
        points=points,
        ranks=question.ranks,
    )


def _name(key: str, lang: str) -> str:
    return messages.text(f"scoring.criterion.{key}", lang)


def _told(unknown: bool, low: float, high: float, middle: float, lang: str) -> str:
    """Say a bar with its tick in words, for who cannot see it."""
    middle_words = numbers.number(100 * middle, lang)
    if unknown:
        return messages.text("explore.bar.unknown", lang, middle=middle_words)
    first, last = (numbers.number(100 * end, lang) for end in (low, high))
    score = numbers.from_to(first, last, lang)
    return messages.text("explore.bar", lang, score=score, middle=middle_words)
