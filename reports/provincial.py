"""Make the quarterly overview for the Regietafel and the Rijk: PDF and spreadsheet.

Plots that are not public are one number that the store makes once a quarter (``store.counts``);
all else in the overview is of public plots alone.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xlsxwriter

from data.vocabulary import Confidentiality, PlotState
from messages import text
from presentation.numbers import bounds, day, number
from presentation.plain_text import printable
from presentation.words import actor_words
from reports.pdf import compile_pdf
from reports.quarterly_chart import Moment, chart, known_in_time
from reports.spreadsheet import lines_of

FILE_NAME = "kwartaaloverzicht"
"""What the overview is, in the names of files."""
_SPANS = ("realised", "planned", "gap")
_FIGURES = ("task", *_SPANS)
_TOLD = ("task", "realised", "gap")
_STATE = ("task", *(f"{figure}_{end}" for figure in _SPANS for end in ("low", "high")))
Change = tuple[str, str, tuple[float, float], tuple[float, float]]
NEXT_STEPS = ("COA", "Rijk", "gemeente", "netbeheerder", "provincie")
_HEADS_AT = 5
"""The row of a sheet with the names of its columns."""
_LIVE = (PlotState.CONCEPT, PlotState.IN_ONDERZOEK, PlotState.KANSRIJK)


@dataclass(frozen=True)
class Total:
    """A sum (from and to) before and after, over so many municipalities."""

    before: tuple[float, float]
    after: tuple[float, float]
    towns: int


@dataclass(frozen=True)
class Overview:
    """What the overview tells.

    Attributes:
        balance: as :func:`scoring.balance.balance` gives it, without potential and candidates by
            municipality.
        counts: public plots by state and by who must act next, and the number of this quarter of
            those that are not public, None where none is told. Made-up plots do not count.
        changes: municipality, what, before, after (each from and to), since the former snapshot of
            the balance.
        date: the day.
        since: the day of the former balance.
        totals: of task, realised and gap, before and after, of the municipalities of which the
            figure is known both times; by figure, with their number.
        moments: task and realised on each day that was kept, see
            :func:`reports.quarterly_chart.known_in_time`.
        towns: the municipalities of the moments.
        fictional: whether made-up plots were among the public ones, which do not count.
    """

    balance: pd.DataFrame
    counts: dict[str, int | None]
    changes: list[Change]
    date: dt.date
    since: dt.date | None = None
    totals: Mapping[str, Total] = field(default_factory=dict)
    moments: Sequence[Moment] = ()
    towns: Sequence[str] = ()
    fictional: bool = False


def overview(
    balance: pd.DataFrame,
    plots: gpd.GeoDataFrame,
    *,
    date: dt.date,
    hidden: int | None = None,
    before: pd.DataFrame | None = None,
    since: dt.date | None = None,
    history: Sequence[tuple[dt.date, pd.DataFrame]] = (),
) -> Overview:
    """Gather what may leave the province: no plot, no count that points at a municipality.

    Args:
        balance: of all municipalities, see :func:`scoring.balance.balance`.
        plots: candidate plots; only counts of the public ones are told.
        date: the day.
        hidden: the number of this quarter of plots that are not public.
        before: the balance of a former quarter.
        since: the day of that balance.
        history: balances of former quarters with their days, for the chart.
    """
    public = plots[plots["confidentiality"].eq(str(Confidentiality.OPENBAAR))]
    fictional = public["fictional"].fillna(False).astype(bool) if "fictional" in public else False
    made_up = bool(np.any(fictional))
    live = public["state"].isin([str(state) for state in _LIVE])
    seen = public[live & ~fictional] if made_up else public[live]
    counts: dict[str, int | None] = {"public": len(seen), "hidden": hidden}
    for state in _LIVE:
        counts[f"state.{state}"] = int(seen["state"].eq(str(state)).sum())
    spoken = seen["next_actor"].fillna("").astype(str).str.casefold()
    for step in NEXT_STEPS:
        counts[f"next.{step}"] = int(spoken.str.contains(step.casefold(), regex=False).sum())
    told = balance.drop(
        columns=["candidates", "potential_low", "potential_high", "to_find_low", "to_find_high"],
        errors="ignore",
    )
    moments, towns = known_in_time([*history, (date, told)])
    return Overview(
        told, counts, _changes(told, before), date, since, _compared(told, before), moments, towns,
        made_up,
    )  # fmt: skip


def _compared(now: pd.DataFrame, before: pd.DataFrame | None) -> dict[str, Total]:
    """Give the sums of figures before and after, of what is known both times."""
    if before is None:
        return {}
    both = now.index.intersection(before.index)
    found = {}
    for figure in _TOLD:
        ends = [f"{figure}_low", f"{figure}_high"] if figure in _SPANS else [figure, figure]
        old = before.loc[both, ends].to_numpy(dtype=float)
        new = now.loc[both, ends].to_numpy(dtype=float)
        known = ~(np.isnan(old) | np.isnan(new)).any(axis=1)
        sums = [tuple(map(float, values[known].sum(axis=0))) for values in (old, new)]
        found[figure] = Total((sums[0][0], sums[0][1]), (sums[1][0], sums[1][1]), int(known.sum()))
    return found


def told_changes(content: Overview, language: str) -> list[str]:
    """Say in three sentences what changed since the former quarter: task, realised and gap."""

    def say(key: str, **values: Any) -> str:
        return text(f"reports.provincial.{key}", language, **values)

    if content.since is None or not content.totals:
        return [say("no_before")]
    sentences = []
    for figure, total in content.totals.items():
        values = {
            "what": say(f"column_{figure}"),
            "count": total.towns,
            "before": bounds(*total.before, language),
            "after": bounds(*total.after, language),
        }
        if not total.towns:
            sentences.append(say("sentence_unknown", **values))
        else:
            same = total.before == total.after
            sentences.append(say("sentence_same" if same else "sentence_changed", **values))
    return sentences


def _changes(now: pd.DataFrame, before: pd.DataFrame | None) -> list[Change]:
    if before is None:
        return []
    found: list[Change] = []
    both = now.index.intersection(before.index)
    names = now.loc[both, "name"].astype(str)
    for figure in _FIGURES:
        ends = [f"{figure}_low", f"{figure}_high"] if figure in _SPANS else [figure, figure]
        old_ends = before.loc[both, ends].to_numpy(dtype=float)
        new_ends = now.loc[both, ends].to_numpy(dtype=float)
        for name, old, new in zip(names, old_ends, new_ends, strict=True):
            if not np.array_equal(old, new, equal_nan=True):
                found.append(
                    (name, figure, (float(old[0]), float(old[1])), (float(new[0]), float(new[1])))
                )
    return found


def state_bytes(balance: pd.DataFrame) -> bytes:
    """Give a balance as JSON, to compare the next one with."""
    kept = balance[["name", *_STATE]]
    return kept.to_json(orient="index", force_ascii=False).encode("utf-8")


def state_from_bytes(content: bytes) -> pd.DataFrame:
    """Give the balance that :func:`state_bytes` was made from; unknowns are NaN again."""
    table = pd.DataFrame.from_dict(json.loads(content), orient="index")
    for was, now in (("realised", "realised"), ("in_procedure", "planned"), ("gap", "gap")):
        # until November 2026 a figure was exact or unknown
        if was in table and f"{now}_low" not in table:
            table[f"{now}_low"] = table[f"{now}_high"] = table[was]
    return table.reindex(columns=["name", *_STATE]).astype(dict.fromkeys(_STATE, float))


def provincial_pdf(content: Overview, *, language: str = "nl") -> bytes:
    """Make the overview as PDF/UA-1 and PDF/A-3a."""

    def say(key: str, **values: Any) -> str:
        return text(f"reports.provincial.{key}", language, **values)

    columns = ("name", "task", "realised", "planned", "durable", "gap", "per_1000", "status")
    data = {
        "title": say("title"),
        "language": language,
        "class": text("reports.class.openbaar", language),
        "year": content.date.year,
        "month": content.date.month,
        "day": content.date.day,
        "footer": text("reports.council.made_on", language, date=day(content.date, language)),
        "intro": say("intro", date=day(content.date, language)),
        "columns": [say(f"column_{key}") for key in columns],
        "rows": _rows(content, language),
        "totals": _totals(content, say, language),
        "counts_title": say("counts"),
        "counts": [
            [_count_label(key, say, language), _count_words(key, value, say, language)]
            for key, value in content.counts.items()
        ],
        "counts_note": say("counts_note"),
        "fiction": say("fiction") if content.fictional else "",
        "page_words": text("reports.council.page", language),
        "told_title": say("told", date=day(content.since, language))
        if content.since
        else say("told_first"),
        "told": told_changes(content, language),
        "chart_title": say("chart"),
        "chart": "chart.png" if content.moments else "",
        "chart_alt": "; ".join(
            say("chart_alt", date=day(m.date, language), task=number(m.task, language),
                realised=bounds(m.realised_low, m.realised_high, language))
            for m in content.moments
        ),
        "chart_note": say("chart_note", towns=", ".join(content.towns))
        + ("" if len(content.moments) > 1 else " " + say("chart_one"))
        if content.moments
        else say("chart_none"),
        "changes_title": say("changes"),
        "changes": [
            say("change", town=town, what=say(f"column_{what}").lower(),
                before=bounds(*old, language), after=bounds(*new, language))
            for town, what, old, new in content.changes
        ],
        "no_changes": say("no_changes"),
        "sources_title": say("sources"),
        "sources": _sources(content.balance),
        "attachment": text("reports.council.attachment", language),
    }  # fmt: skip
    pictures = {"chart.png": chart(content.moments, language)} if content.moments else {}
    return compile_pdf("provincial.typ", data, pictures, content.date)


def provincial_xlsx(content: Overview, *, language: str = "nl") -> bytes:
    """Make the overview as a spreadsheet."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False,
                                        "strings_to_urls": False})  # fmt: skip
    moment = dt.datetime.combine(content.date, dt.time(12))
    book.set_properties({"title": text("reports.provincial.title", language), "created": moment,
                         "author": "Locatiewijzer"})  # fmt: skip

    def say(key: str, **values: Any) -> str:
        return text(f"reports.provincial.{key}", language, **values)

    plain = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True}
    aside = plain | {"align": "left", "indent": 1}
    head = book.add_format(aside | {"bold": True, "bg_color": "#E3E9ED", "bottom": 1})
    title = book.add_format({"font_name": "Arial", "font_size": 14, "bold": True})
    words = book.add_format(aside)
    figures = book.add_format(plain | {"num_format": "#,##0"})
    shares = book.add_format(plain | {"num_format": "0.0"})
    beside = plain | {"align": "right", "italic": True, "font_color": "#666666"}
    not_known = book.add_format(beside)
    unknown = text("frame.unknown", language)

    def sheet(name: str, heads: Sequence[str], widths: Sequence[int], *lines: str) -> Any:
        """Add a sheet with its heading, class and day, which prints one page wide."""
        page = book.add_worksheet(name[:31])
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        label = text("reports.class.openbaar", language)
        page.set_header("&L" + say("title").replace("&", "&&") + "&R" + label.replace("&", "&&"))
        page.set_footer(
            "&L" + say("made", date=day(content.date, language)).replace("&", "&&") + "&R&P / &N"
        )
        page.write_string(0, 0, say("title"), title)
        for row, line in enumerate((label, say("made", date=day(content.date, language)), *lines)):
            page.write_string(1 + row, 0, line)
        for column, (label_of, width) in enumerate(zip(heads, widths, strict=True)):
            page.set_column(column, column, width)
            page.write_string(_HEADS_AT, column, label_of, head)
        # bold is wider, and not every program makes a row higher by itself
        most = max(lines_of(one, 0.8 * width) for one, width in zip(heads, widths, strict=True))
        page.set_row(_HEADS_AT, 13 * most + 2)
        page.repeat_rows(_HEADS_AT)
        page.freeze_panes(_HEADS_AT + 1, 1)
        return page

    def put(page: Any, row: int, column: int, value: float, look: Any = figures) -> None:
        if not np.isfinite(value):
            page.write_string(row, column, unknown, not_known)
        else:
            page.write_number(row, column, round(float(value), 2), look)

    columns = ("name", "task", "task_status", "realised_low", "realised_high", "planned_low",
               "planned_high", "gap_low", "gap_high", "durable_low", "durable_high", "per_1000",
               "per_1000_around", "task_source")  # fmt: skip
    widths = [44 if key == "task_source" else 20 if key == "name" else 12 for key in columns]
    fiction = (say("fiction"),) if content.fictional else ()
    page = sheet(say("sheet"), [_head(key, language) for key in columns], widths, *fiction)
    towns = content.balance.sort_values("name").iterrows()
    for row, (_, town) in enumerate(towns, start=_HEADS_AT + 1):
        lines = 1
        for column, key in enumerate(columns):
            value = town[key]
            if key in ("name", "task_source", "task_status"):
                said = printable(value, 300) if isinstance(value, str) else unknown
                if key == "task_status" and isinstance(value, str):
                    said = text(f"vocabulary.TaskStatus.{value}", language)
                lines = max(lines, lines_of(said, widths[column]))
                page.write_string(row, column, said, words)
            elif key.startswith("per_1000") and value == 0:
                page.write_string(row, column, say("none_known"), not_known)
            else:
                per_head = key.startswith("per_1000")
                put(page, row, column, float(value), shares if per_head else figures)
        page.set_row(row, 13 * lines + 2)
    compared = (say("compared", date=day(content.since, language)),) if content.since else ()
    heads = [say("column_name"), say("head_what")]
    for key in ("head_before", "head_after"):
        heads += [text(f"balance.column_{end}", language, what=say(key)) for end in ("low", "high")]
    widths = [24, 20, 16, 16, 16, 16]
    if not content.changes:
        heads, widths = [say("changes_sheet")], [sum(widths)]
    page = sheet(say("changes_sheet"), heads, widths, *compared)
    row = _HEADS_AT + 1
    for line in told_changes(content, language):
        if content.changes:
            page.merge_range(row, 0, row, 5, "", words)
        page.write_string(row, 0, line, words)
        page.set_row(row, 13 * lines_of(line, 108) + 2)
        row += 1
    for name, what, before, after in content.changes:
        page.write_string(row, 0, name, words)
        page.write_string(row, 1, say(f"column_{what}"), words)
        for column, value in enumerate((*before, *after), 2):
            put(page, row, column, value)
        row += 1
    page = sheet(say("counts"), [say("counts"), say("head_count")], (60, 40), *fiction)
    for row, (key, count) in enumerate(content.counts.items(), start=_HEADS_AT + 1):
        page.write_string(row, 0, _count_label(key, say, language), words)
        if count is None or key == "hidden":
            page.write_string(row, 1, _count_words(key, count, say, language), words)
        else:
            page.write_number(row, 1, count, figures)
    page.merge_range(row + 1, 0, row + 1, 1, "", words)
    page.write_string(row + 1, 0, say("counts_note"), words)
    page.set_row(row + 1, 13 * lines_of(say("counts_note"), 100) + 2)
    book.close()
    return stream.getvalue()


def _head(key: str, language: str) -> str:
    figure, _, end = key.rpartition("_")
    if end not in ("low", "high"):
        return text(f"balance.column.{key}", language)
    words = text(f"balance.column.{figure}", language)
    return text(f"balance.column_{end}", language, what=words)


def _count_label(key: str, say: Any, language: str) -> str:
    group, _, name = key.partition(".")
    if group == "state":
        return say("count_state", state=text(f"vocabulary.PlotState.{name}", language))
    if group == "next":
        return str(say("count_next", who=actor_words(name, language)))
    return str(say(f"count_{key}"))


def _count_words(key: str, value: int | None, say: Any, language: str) -> str:
    if value is None:
        return str(say("too_few"))
    words = number(value, language)
    return str(say("about", value=words)) if key == "hidden" else words


def _rows(content: Overview, language: str) -> list[list[str]]:
    rows = []
    for _, town in content.balance.sort_values("name").iterrows():
        status = town["task_status"]
        rows.append(
            [
                str(town["name"]),
                number(float(town["task"]), language),
                *(_span(town, figure, language) for figure in ("realised", "planned", "durable")),
                _span(town, "gap", language),
                number(float(town["per_1000"]), language, decimals=1)
                if town["per_1000"] != 0
                # what is not public is not there to be counted: nought would be a claim
                else text("reports.provincial.none_known", language),
                text(f"vocabulary.TaskStatus.{status}", language)
                if isinstance(status, str)
                else text("frame.unknown", language),
            ]
        )
    return rows


def _span(town: pd.Series, figure: str, language: str) -> str:
    return bounds(float(town[f"{figure}_low"]), float(town[f"{figure}_high"]), language)


def _totals(content: Overview, say: Any, language: str) -> str:
    known = content.balance
    return str(
        say(
            "totals",
            tasks=number(int(known["task"].notna().sum()), language),
            task=number(float(known["task"].sum()), language),
            realised=_sum(known, "realised", language),
            gap=_sum(known, "gap", language),
            gaps=number(int(known["gap_high"].notna().sum()), language),
        )
    )


def _sum(known: pd.DataFrame, figure: str, language: str) -> str:
    ends = known[[f"{figure}_low", f"{figure}_high"]].dropna()
    low, high = ends.sum()
    return bounds(float(low), float(high), language)


def _sources(balance: pd.DataFrame) -> list[str]:
    found = {
        f"{town['name']}: {town['task_source']} ({town['task_date']})"
        for _, town in balance.iterrows()
        if isinstance(town["task_source"], str) and town["task"] == town["task"]
    }
    return [printable(line, 300) for line in sorted(found)]
