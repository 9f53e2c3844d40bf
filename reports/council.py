"""Make the council report: a page for each plot, a comparison, and method and sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from data.vocabulary import CriterionGroup
from geo import layers
from messages import text
from presentation.numbers import day, interval, number, percentage
from presentation.plain_text import TEXT_LIMIT, printable
from presentation.symbols import LIMIT_COLOURS, SUITABILITY_CLASSES, suitability_class
from presentation.words import class_label, kind_label, word
from reports.alike import like
from reports.classes import Audience
from reports.content import Content
from reports.cutout import cutout_picture
from reports.drawing.canvas import Canvas, saved
from reports.drawing.ground import MapLayers
from reports.drawing.plots import marks_of
from reports.pdf import compile_pdf
from scoring.explain import open_questions
from scoring.ranking import SheetRow, score_sheet
from scoring.robustness import SEED, robustness_of

MOST_PLOTS = 25
_STEP = {"share": 2, "ratio": 2, "years": 1, "places_per_1000": 1}
_GROUP_COLOURS = {
    "omvang": "#31688e",
    "voorzieningen": "#7a5195",
    "integratie": "#bc5b2c",
    "haalbaarheid": "#5f7a2a",
}

Say = Callable[..., str]


def council_report(
    content: Content,
    *,
    language: str = "nl",
    examples: pd.DataFrame | None = None,
    progress: Callable[[float], None] | None = None,
) -> bytes:
    """Make the report as PDF/UA-1 and PDF/A-3a, with its data attached.

    Args:
        content: what the readers may see, see :func:`reports.content.content_of`; at most the
            first 25 plots get a page.
        language: "nl" or "en".
        examples: practice examples that the readers may see.
        progress: told how far the work is, 0 to 1.

    Raises:
        ClassTooHighError: a plot is of a higher class than the readers may see.
        ReportError: there is no plot to report on.
    """
    label = class_label(content.confidentiality, language)

    def say(key: str, **values: Any) -> str:
        return text(f"reports.council.{key}", language, **values)

    shown = min(len(content.plots), MOST_PLOTS)
    pictures: dict[str, bytes] = {}
    plots = []
    robust = robustness_of(
        content.ranking.measured, content.ranking.weights, seed=content.seed or SEED
    )
    for place in range(shown):
        plots.append(
            _plot_page(content, place, say, language, pictures, robust.first_chance, examples)
        )
        if progress is not None:
            progress((place + 1) / (shown + 1))
    title = say("title", kind=kind_label(content.kader.kind, language))
    if shown > 1:
        pictures["comparison.png"] = _comparison_picture(content, shown, language)
    data = {
        "title": title,
        "header": title,
        "class": label,
        "language": language,
        "snapshot": printable(content.snapshot),
        "year": content.date.year,
        "month": content.date.month,
        "day": content.date.day,
        "footer": _footer(content, say, language),
        "words": _words(say),
        "plots": plots,
        "comparison": _comparison(content, shown, language, robust.first_chance),
        "comparison_alt": say("comparison_alt", count=shown),
        "method": [say(f"method{n}") for n in (1, 2, 3, 4)],
        "kader": _kader(content, say, language),
        "criteria": [
            [
                f"[{place}]",
                text(f"scoring.criterion.{c.key}", language),
                percentage(content.ranking.weights[c.key], language),
                c.source,
            ]
            for place, c in enumerate(content.criteria, start=1)
        ],
        "sources": list(content.sources),
        "numbers": _numbers(content, shown),
    }
    made = compile_pdf("council.typ", data, pictures, content.date)
    if progress is not None:
        progress(1.0)
    return made


def _words(say: Say) -> dict[str, Any]:
    keys = (
        *("why", "facts", "robust", "open", "nothing_open", "next", "practice", "sheet"),
        *("comparison", "comparison_note", "method", "kader", "criteria", "sources", "attachment"),
        "source_note",
    )
    words: dict[str, Any] = {key: say(key) for key in keys}
    words["columns"] = [
        say(f"column_{key}")
        for key in ("criterion", "measured", "score", "weight", "contribution", "source")
    ]
    words["comparison_columns"] = [
        say(f"column_{key}") for key in ("rank", "name", "low", "high", "area", "first", "limits")
    ]
    words["criteria_columns"] = [
        "",
        *(say(f"column_{key}") for key in ("criterion", "weight", "source")),
    ]
    return words


def _footer(content: Content, say: Say, language: str) -> str:
    parts = [say("made_on", date=day(content.date, language))]
    if content.exploration:
        parts.append(say("exploration"))
    if content.snapshot:
        parts.append(say("snapshot", number=printable(content.snapshot)))
    return " · ".join(parts)


def _kader(content: Content, say: Say, language: str) -> list[list[str]]:
    stamp = content.stamp
    rows = [
        [say("kader_version"), printable(stamp.version)],
        [say("kader_date"), day(stamp.fixed_on, language) if stamp.fixed_on else say("not_fixed")],
        [say("kader_hash"), stamp.sha256],
    ]
    if stamp.reason:
        rows.append([say("kader_reason"), printable(stamp.reason, TEXT_LIMIT)])
    return rows


def _numbers(content: Content, shown: int) -> list[dict[str, Any]]:
    """Give the numbers behind the report, for the attachment."""
    ranking = content.ranking
    return [
        {
            "plot_id": str(content.plots.index[place]),
            "rank": content.ranks[place],
            "low": round(float(ranking.lower[place]), 6),
            "high": round(float(ranking.upper[place]), 6),
        }
        for place in range(shown)
    ]


def plot_name(content: Content, place: int, language: str) -> str:
    """Give the name of a plot as it is printed; one without a name is said to have none."""
    name = printable(content.plots["name"].iloc[place])
    return name or text("map.nameless", language)


def _plot_page(
    content: Content,
    place: int,
    say: Say,
    language: str,
    pictures: dict[str, bytes],
    first_chance: np.ndarray,
    examples: pd.DataFrame | None,
) -> dict[str, Any]:
    plots, ranking = content.plots, content.ranking
    plot = plots.iloc[place]
    name = plot_name(content, place, language)
    sheet = score_sheet(ranking.measured, ranking, plots.index[place])
    town = plot.get("municipality")
    where = printable(town) if isinstance(town, str) else text("reports.unknown", language)
    if isinstance(town, str) and not bool(plot.get("municipality_certain", True)):
        where = say("town_uncertain", town=where)
    pictures[f"map{place}.png"] = _surroundings(content, place, language)
    pictures[f"overview{place}.png"] = _overview(plots, place, language)
    low, high = float(ranking.lower[place]), float(ranking.upper[place])
    best, worst = int(ranking.rank_best[place]), int(ranking.rank_worst[place])
    count = len(plots)
    colour = SUITABILITY_CLASSES[suitability_class(low / 100) or 0].colour
    questions = open_questions(ranking, place)[:3]
    return {
        "name": name,
        "where": where,
        "map": f"map{place}.png",
        "map_alt": say("map_alt", name=name, town=where),
        "overview": f"overview{place}.png",
        "overview_alt": say("overview_alt", town=where),
        "colour": colour,
        "total": interval(low, high, language, decimals=0),
        "total_words": say("total", low=number(low, language), high=number(high, language)),
        "rank_words": say("rank_one", rank=best, count=count)
        if best == worst
        else say("rank", best=best, worst=worst, count=count),
        "limits": [
            {
                "outcome": word("LimitOutcome", str(line.outcome), language),
                "reason": line.reason.text(language),
                "article": line.article,
                "lifted_by": say("lifted_by", what=line.lifted_by.text(language)),
                "colour": LIMIT_COLOURS[line.outcome],
            }
            for line in content.limits_of(str(plots.index[place]))
        ],
        "why": _why(sheet, ranking, place, name, say, language),
        "facts": _facts(plot, say, language),
        "robust": _robust(first_chance[place], best, worst, say, language, count),
        "questions": [
            say(
                "question",
                name=text(f"scoring.criterion.{q.key}", language),
                points=number(q.narrows, language, decimals=1),
            )
            for q in questions
        ],
        "next": printable(plot.get("next_actor")) or text("reports.unknown", language),
        "practice": _practice(plot, content, examples, say, language),
        "groups": [
            {
                "name": word("CriterionGroup", str(group.group), language),
                "score": interval(
                    100 * group.score_low, 100 * group.score_high, language, decimals=0
                ),
                "weight": percentage(group.weight, language),
                "contribution": interval(
                    group.contribution_low, group.contribution_high, language, decimals=1
                ),
                "rows": [
                    _row(row, number_, language)
                    for number_, row in enumerate(sheet.rows, start=1)
                    if row.criterion.group == group.group
                ],
            }
            for group in sheet.groups
        ],
    }


def _row(row: SheetRow, place: int, language: str) -> dict[str, str]:
    decimals = _STEP.get(row.unit, 0)
    unit = "" if row.unit == "ratio" else text(f"reports.unit.{row.unit}", language)
    if row.unknown:
        value = text("reports.unknown", language)
    elif row.value_high != row.value_high:
        least = f"{number(row.value_low, language, decimals=decimals)} {unit}".strip()
        value = text("sheet.at_least", language, value=least)
    else:
        between = interval(row.value_low, row.value_high, language, decimals=decimals)
        value = f"{between} {unit}".strip()
    if row.unit in ("grid", "yes_no") and not row.unknown:
        value = text(f"sheet.step.{row.unit}.{round(row.value_low)}", language)
    return {
        "name": text(f"scoring.criterion.{row.criterion.key}", language),
        "value": value,
        "score": interval(100 * row.score_low, 100 * row.score_high, language, decimals=0),
        "weight": percentage(row.weight, language),
        "contribution": interval(row.contribution_low, row.contribution_high, language, decimals=1),
        "source": f"[{place}]",
    }


def _why(sheet: Any, ranking: Any, place: int, name: str, say: Say, language: str) -> str:
    """Say in three sentences why this place: what it is, what speaks for it, what against."""

    def named(rows: Sequence[Any]) -> str:
        return ", ".join(text(f"scoring.criterion.{r.criterion.key}", language) for r in rows)

    known = [row for row in sheet.rows if not row.unknown]
    strong = sorted((r for r in known if r.score_low >= 0.6), key=lambda r: -r.contribution_low)[:3]
    lost = sorted(
        (r for r in known if r.score_high < 0.6), key=lambda r: -(r.weight * (1 - r.score_high))
    )[:3]
    first = say(
        "why1",
        name=name,
        low=number(float(ranking.lower[place]), language),
        high=number(float(ranking.upper[place]), language),
    )
    second = say("why2", reasons=named(strong)) if strong else say("why2_none")
    third = say("why3", reasons=named(lost)) if lost else say("why3_none")
    return " ".join((first, second, third))


def _facts(plot: Mapping[str, Any], say: Say, language: str) -> list[list[str]]:
    unknown = text("reports.unknown", language)

    def moment(value: Any) -> str:
        return (
            unknown
            if value is None or pd.isna(value)
            else day(pd.Timestamp(value).date(), language)
        )

    gfa = plot.get("gfa_m2")
    rows = [
        ("area", f"{number(float(plot['geometry'].area), language)} m²"),
        ("object", word("ObjectKind", plot.get("object_kind"), language)),
        ("gfa", unknown if gfa is None or pd.isna(gfa) else f"{number(float(gfa), language)} m²"),
        ("owner", word("OwnerKind", plot.get("owner_kind"), language)),
        ("zoning", word("Zoning", plot.get("zoning"), language)),
        ("from", moment(plot.get("available_from"))),
        ("until", moment(plot.get("available_until"))),
        ("state", word("PlotState", plot.get("state"), language)),
        ("address", printable(plot.get("address")) or unknown),
        ("cadastral", printable(plot.get("cadastral_number")) or unknown),
    ]
    return [[say(f"fact_{key}"), value] for key, value in rows]


def _robust(chance: float, best: int, worst: int, say: Say, language: str, count: int) -> str:
    if count == 1:
        return say("robust_alone")
    return say("robust_words", chance=percentage(float(chance), language), best=best, worst=worst)


def _practice(
    plot: Mapping[str, Any],
    content: Content,
    examples: pd.DataFrame | None,
    say: Say,
    language: str,
) -> list[str]:
    if examples is None or examples.empty:
        return []
    if content.audience is not Audience.INTERN and "own" in examples:
        # Examples that users wrote have no class: they are for the team alone.
        examples = examples[~examples["own"].astype(bool)]
    found = like(plot, str(content.kader.kind), examples)[:2]
    return [
        say(
            "practice_line",
            title=printable(example.title),
            place=printable(example.place),
            reasons=", ".join(reason.text(language) for reason in example.reasons),
        )
        for example in found
    ]


def _comparison(
    content: Content, shown: int, language: str, first_chance: np.ndarray
) -> list[list[str]]:
    areas_ha = (content.plots.geometry.area / 10_000).tolist()
    rows = []
    for place in range(shown):
        plot_id = str(content.plots.index[place])
        outcomes = {
            word("LimitOutcome", str(x.outcome), language) for x in content.limits_of(plot_id)
        }
        rows.append(
            [
                str(content.ranks[place]),
                plot_name(content, place, language),
                number(float(content.ranking.lower[place]), language, decimals=1),
                number(float(content.ranking.upper[place]), language, decimals=1),
                number(areas_ha[place], language, decimals=1) + " ha",
                percentage(float(first_chance[place]), language),
                ", ".join(sorted(outcomes)) or text("reports.sheet.no_limits", language),
            ]
        )
    return rows


# --- pictures ------------------------------------------------------------------------------------


def _surroundings(content: Content, place: int, language: str) -> bytes:
    plots = content.plots
    west, south, east, north = plots.geometry.iloc[place].bounds
    half = max(east - west, north - south) / 2 + 900
    x, y = (west + east) / 2, (south + north) / 2
    return cutout_picture(
        plots,
        marks_of(content),
        MapLayers(layers.municipalities(), layers.reception_locations()),
        extent=(x - half * 1.5, y - half, x + half * 1.5, y + half),
        size_cm=(11.0, 5.2),
        language=language,
        marked=(str(plots.index[place]),),
        dots_per_inch=130,
    )  # fmt: skip


def _overview(plots: Any, place: int, language: str) -> bytes:
    towns = layers.municipalities()
    figure = Figure(figsize=(2.4, 1.6), dpi=150, facecolor="white")
    Canvas(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_aspect("equal")
    code = plots["municipality_code"].iloc[place]
    towns.plot(ax=axes, facecolor="#f4f6f8", edgecolor="#8a98a3", linewidth=0.4)
    if code in towns.index:
        towns.loc[[code]].plot(ax=axes, facecolor="#9db9cc", edgecolor="#33404a", linewidth=0.6)
    point = shapely.centroid(plots.geometry.iloc[place])
    axes.plot([point.x], [point.y], "o", color="#d4006a", markersize=4)
    return saved(figure, "png", "")


def _comparison_picture(content: Content, shown: int, language: str) -> bytes:
    """Draw what each group adds to the lower bound, with what is open behind it."""
    ranking = content.ranking
    names = [f"{content.ranks[p]}. {plot_name(content, p, language)[:38]}" for p in range(shown)]
    keys = [str(c.group) for c in content.criteria if ranking.weights[c.key] > 0]
    groups = [str(group) for group in CriterionGroup if str(group) in keys]
    keys = [str(c.group) for c in content.criteria]
    with matplotlib.rc_context({"font.family": "DejaVu Sans", "svg.hashsalt": "locatiewijzer"}):
        figure = Figure(figsize=(7.2, 0.8 + 0.3 * shown), dpi=150, facecolor="white")
        Canvas(figure)
        axes = figure.add_axes(
            (0.34, 0.45 / (0.6 + 0.3 * shown), 0.64, 0.3 * shown / (0.6 + 0.3 * shown))
        )
        left = np.zeros(shown)
        places = np.arange(shown)
        for group in groups:
            own = [i for i, key in enumerate(keys) if key == group]
            width = ranking.contributions_low[:shown][:, own].sum(axis=1)
            axes.barh(places, width, left=left, color=_GROUP_COLOURS[group], height=0.62,
                      label=word("CriterionGroup", group, language))  # fmt: skip
            left += width
        axes.barh(places, ranking.upper[:shown] - left, left=left, height=0.62, color="white",
                  edgecolor="#7a8791", hatch="////", linewidth=0.5,
                  label=text("reports.council.open_bar", language))  # fmt: skip
        axes.set_yticks(places, names, fontsize=7)
        axes.set_xlim(0, 100)
        axes.tick_params(axis="x", labelsize=7)
        axes.invert_yaxis()
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(
            fontsize=6.5, ncols=4, loc="lower left", bbox_to_anchor=(-0.5, 1.0), frameon=False
        )
        return saved(figure, "png", "")
