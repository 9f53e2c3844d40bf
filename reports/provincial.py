"""Make the quarterly overview for the Regietafel and the Rijk: PDF and spreadsheet.

Plots that are not public are one number that the store makes once a quarter (``store.counts``);
all else in the overview is of public plots alone.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xlsxwriter

from data.vocabulary import Confidentiality, PlotState
from messages import text
from presentation.numbers import bounds, day, number
from presentation.plain_text import printable
from reports.pdf import compile_pdf

FILE_NAME = "kwartaaloverzicht"
"""What the overview is, in the names of files."""
_SPANS = ("realised", "planned", "gap")
_FIGURES = ("task", *_SPANS)
_STATE = ("task", *(f"{figure}_{end}" for figure in _SPANS for end in ("low", "high")))
Change = tuple[str, str, tuple[float, float], tuple[float, float]]
NEXT_STEPS = ("COA", "Rijk", "gemeente", "netbeheerder", "provincie")
_LIVE = (PlotState.CONCEPT, PlotState.IN_ONDERZOEK, PlotState.KANSRIJK)


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
    """

    balance: pd.DataFrame
    counts: dict[str, int | None]
    changes: list[Change]
    date: dt.date


def overview(
    balance: pd.DataFrame,
    plots: gpd.GeoDataFrame,
    *,
    date: dt.date,
    hidden: int | None = None,
    before: pd.DataFrame | None = None,
) -> Overview:
    """Gather what may leave the province: no plot, no count that points at a municipality.

    Args:
        balance: of all municipalities, see :func:`scoring.balance.balance`.
        plots: candidate plots; only counts of the public ones are told.
        date: the day.
        hidden: the number of this quarter of plots that are not public.
        before: the balance of a former quarter.
    """
    live = plots[plots["state"].isin([str(state) for state in _LIVE])]
    if "fictional" in live:
        live = live[~live["fictional"].fillna(False).astype(bool)]
    seen = live[live["confidentiality"].eq(str(Confidentiality.OPENBAAR))]
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
    return Overview(told, counts, _changes(told, before), date)


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
        "changes_title": say("changes"),
        "changes": [
            say("change", town=town, what=say(f"column_{what}").lower(),
                before=bounds(*old, language), after=bounds(*new, language))
            for town, what, old, new in content.changes
        ],
        "no_changes": say("no_changes"),
        "sources_title": text("reports.council.sources", language),
        "sources": _sources(content.balance),
        "attachment": text("reports.council.attachment", language),
    }  # fmt: skip
    return compile_pdf("provincial.typ", data, {}, content.date)


def provincial_xlsx(content: Overview, *, language: str = "nl") -> bytes:
    """Make the overview as a spreadsheet."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False,
                                        "strings_to_urls": False})  # fmt: skip
    moment = dt.datetime.combine(content.date, dt.time(12))
    book.set_properties({"title": text("reports.provincial.title", language), "created": moment,
                         "author": "Locatiewijzer"})  # fmt: skip
    head = book.add_format({"bold": True, "bg_color": "#E3E9ED", "text_wrap": True})
    page = book.add_worksheet(text("reports.provincial.sheet", language)[:31])
    page.write_string(0, 0, text("reports.provincial.title", language), head)
    page.write_string(1, 0, text("reports.class.openbaar", language))
    columns = ("name", "task", "task_status", "realised_low", "realised_high", "planned_low",
               "planned_high", "gap_low", "gap_high", "durable_low", "durable_high", "per_1000",
               "per_1000_around", "task_source")  # fmt: skip
    for column, key in enumerate(columns):
        page.set_column(column, column, 34 if key in ("task_source",) else 16)
        page.write_string(3, column, _head(key, language), head)
    unknown = text("frame.unknown", language)
    for row, (_, town) in enumerate(content.balance.iterrows(), start=4):
        for column, key in enumerate(columns):
            value = town[key]
            if key in ("name", "task_source", "task_status"):
                words = printable(value, 300) if isinstance(value, str) else unknown
                if key == "task_status" and isinstance(value, str):
                    words = text(f"vocabulary.TaskStatus.{value}", language)
                page.write_string(row, column, words)
            elif value != value:
                page.write_string(row, column, unknown)
            else:
                page.write_number(row, column, round(float(value), 2))
    counts = book.add_worksheet(text("reports.provincial.counts", language)[:31])
    counts.set_column(0, 1, 44)

    def say(key: str, **values: Any) -> str:
        return text(f"reports.provincial.{key}", language, **values)

    for row, (key, count) in enumerate(content.counts.items()):
        counts.write_string(row, 0, _count_label(key, say, language))
        if count is None or key == "hidden":
            counts.write_string(row, 1, _count_words(key, count, say, language))
        else:
            counts.write_number(row, 1, count)
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
        return say("count_next", who=name)
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
                number(float(town["per_1000"]), language, decimals=1),
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
