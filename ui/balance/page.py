"""Page Balans: what is asked of each municipality, what is there, and the provincial puzzle."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from data.translated import in_language
from data.vocabulary import ReceptionKind
from geo import layers
from geo.crs import to_wgs84
from presentation.numbers import bounds
from scoring.balance import balance
from store.figures import enter_exchange, list_exchanges
from ui import glossary, links, session
from ui.balance import puzzle
from ui.map import PROVINCE_CENTRE, Shade, build_payload, live_map, show_map
from ui.shades import shade_of
from ui.tables import show_table
from ui.task_form import choose_readers, task_form
from ui.text import escaped, language, named, number, t

_PARTS = ("balance", "puzzle")
_SPANS = ("realised", "planned", "gap", "to_find", "durable", "potential")
"""Columns of the balance that are intervals."""
_WORDS = ("name", "task_status", "task_source")
_SHADED = ("to_find", "gap", "task", "realised", "potential", "per_1000_around")
_TERMS = ("task", "realised", "planned", "gap", "to_find", "durable", "potential")
MAP_HEIGHT_PX = 470


def show() -> None:
    """Show the page."""
    st.title(t("balance.title"))
    part = links.choose_part(
        "part", t("balance.part"), _PARTS, lambda value: t(f"balance.part.{value}")
    )
    if part == "puzzle":
        puzzle.show()
        return
    st.caption(t("balance.intro"))
    left, middle, right = st.columns([3, 2, 3])
    links.take_choice("cycle", ("1", "2"), "1")
    cycle = left.selectbox(
        t("balance.cycle"), ["1", "2"], key="cycle", format_func=lambda c: t(f"balance.cycle.{c}")
    )
    links.put("cycle", cycle or "1", "1")
    links.take_choice("by", _SHADED, "gap")
    by = middle.selectbox(
        t("explore.shade"), _SHADED, key="by", format_func=lambda k: t(f"balance.column.{k}")
    )
    links.put("by", by or "gap", "gap")
    today = dt.date.today()
    on = right.slider(
        t("balance.on"),
        dt.date(2024, 1, 1),
        dt.date(2040, 1, 1),
        today,
        step=dt.timedelta(days=30),
        format="MM-YYYY",
        key="balance_on",
    )
    table = _balance(int(cycle or 1), on)
    glossary.popover(_TERMS, language(), key="balance_words")
    _totals(table, int(cycle or 1))
    with st.container(key="balance-sides"):
        map_side, table_side = st.columns([5, 7], gap="medium")
    with table_side:
        chosen = _table(table)
    with map_side:
        _map(table, by or "gap", chosen)
    other, enter = st.tabs([t("balance.other"), t("balance.enter")])
    with other:
        _other_tasks()
    with enter:
        _enter(table)


def _balance(cycle: int, on: dt.date) -> pd.DataFrame:
    entered, exchanges = session.figures()
    kader, _ = session.kader(ReceptionKind.AZC)
    return balance(
        layers.municipalities(),
        layers.tasks(),
        layers.reception_locations(),
        session.candidate_plots(),
        kader,
        cycle=cycle,
        on=on,
        entered=entered,
        exchanges=exchanges,
        own=session.surroundings().own,
    )


def _totals(table: pd.DataFrame, cycle: int) -> None:
    known = int(table["task"].notna().sum())
    columns = st.columns(4)
    columns[0].metric(t("balance.known_tasks"), t("balance.of_26", count=number(known)))
    columns[1].metric(t("balance.sum_task"), number(float(table["task"].sum())))
    columns[2].metric(
        t("balance.sum_realised"), _sum(table["realised_low"], table["realised_high"])
    )
    columns[3].metric(t("balance.sum_gap"), _sum(table["gap_low"], table["gap_high"]))
    asked = layers.province_task() if cycle == 1 else None
    if asked is not None:
        st.caption(
            t(
                "balance.province",
                value=number(float(asked["value"])),
                source=escaped(in_language(str(asked["source"]), language())),
            )
        )
    st.caption(t("balance.sum_note"))


def _sum(low: pd.Series, high: pd.Series) -> str:
    known = low.notna() & high.notna()
    return bounds(float(low[known].sum()), float(high[known].sum()), language())


_PLAIN = ("name", "task", "realised", "planned", "gap", "to_find")
"""What the table shows at once; the rest on demand."""
_SMALL = ("name", "task", "gap", "to_find")
"""What a telephone shows of it."""


def balance_columns(table: pd.DataFrame) -> dict[str, list[object]]:
    """Give the balance in words, by name of the column; an interval is told by both ends."""
    unknown = t("frame.unknown")

    def span(name: str) -> list[object]:
        ends = zip(table[f"{name}_low"], table[f"{name}_high"], strict=True)
        return [bounds(float(lo), float(hi), language(), unknown=unknown) for lo, hi in ends]

    def figures(name: str, decimals: int = 0) -> list[object]:
        return [number(value, decimals) for value in table[name].astype(float)]

    return {
        "name": list(table["name"]),
        "task": figures("task"),
        "task_status": [
            named("TaskStatus", s) if isinstance(s, str) else unknown for s in table["task_status"]
        ],
        **{name: span(name) for name in _SPANS},
        "exchanged": figures("exchanged"),
        "candidates": figures("candidates"),
        "per_1000": figures("per_1000", 1),
        "per_1000_around": figures("per_1000_around", 1),
        "task_source": [
            f"{s} ({d})" if isinstance(s, str) else unknown
            for s, d in zip(table["task_source"], table["task_date"], strict=True)
        ],
    }


def _table(table: pd.DataFrame) -> str | None:
    """Show the table; gives the municipality that was chosen, to zoom to."""
    table = table.loc[[code for code in layers.municipality_names().index if code in table.index]]
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    sorts = ("name", "task", *_SPANS)
    order = left.selectbox(
        t("balance.sort"), sorts, key="sort", format_func=lambda k: t(f"balance.column.{k}")
    )
    town = middle.selectbox(
        t("balance.show_on_map"),
        ["", *table.index],
        key="balance_town",
        format_func=lambda c: str(table["name"].get(c, t("balance.province_name"))),
    )
    everything = right.toggle(t("balance.all_columns"), key="all_columns")
    if order != "name":
        # an interval is sorted by its upper end
        by = table["task"]
        if order in _SPANS:
            by = table[f"{order}_high"].fillna(table[f"{order}_low"])
        table = table.loc[by.astype(float).sort_values(ascending=False, kind="stable").index]
    columns = balance_columns(table)
    shown = [name for name in columns if everything or name in _PLAIN]
    small = shown if everything else _SMALL
    show_table(
        {t(f"balance.column.{name}"): columns[name] for name in shown},
        label=t("balance.title"),
        height_px=MAP_HEIGHT_PX,
        extra=[t(f"balance.column.{name}") for name in shown if name not in small],
        chosen=list(table.index).index(town) if town else None,
        right=[t(f"balance.column.{name}") for name in shown if name not in _WORDS],
        dutch=[t("balance.column.name"), t("balance.column.task_source")],
    )
    return town or None


def _map(table: pd.DataFrame, by: str, chosen: str | None) -> None:
    title = t(f"balance.column.{by}")
    low, high = (f"{by}_low", f"{by}_high") if by in _SPANS else (by, by)
    shade = shade_of(title, table[low].astype(float), language(), high=table[high].astype(float))
    payload = _payload(shade, by, language())
    channel = f"{session.channel()}-balance"
    if chosen is None:
        chart = live_map(payload, channel)
    else:
        chart = live_map(payload, channel, centre=PROVINCE_CENTRE)
        town = to_wgs84(layers.municipalities().geometry.loc[[chosen]])
        west, south, east, north = town.total_bounds
        chart.fit_bounds([[south, west], [north, east]])
    show_map(chart, key=f"balance-map-{by}-{chosen}-{language()}", height=MAP_HEIGHT_PX)


def _payload(shade: Shade, by: str, lang: str) -> str:
    return build_payload(
        municipalities=layers.municipalities(),
        locations=layers.reception_locations(),
        facilities=layers.facilities().iloc[:0],
        plots=session.candidate_plots().iloc[:0],
        shades={by: shade},
        lang=lang,
        shade=by,
    )


def _other_tasks() -> None:
    other = layers.tasks_other()
    show_table(
        {
            t("balance.area"): other["area_name"],
            t("balance.what"): other["label"],
            t("balance.value"): other["value"],
            t("balance.note"): other["note"].fillna(""),
            t("sheet.source"): other["source"] + " (" + other["source_date"].astype(str) + ")",
        },
        label=t("balance.other"),
        dutch=[t(key) for key in ("balance.area", "balance.what", "balance.note", "sheet.source")],
    )
    exchanges = list_exchanges(session.store(), session.actor())
    if exchanges:
        towns = layers.municipalities()["name"]
        st.markdown(f"**{t('balance.exchanges')}**")
        show_table(
            {
                t("balance.from"): [str(towns.get(e.from_code, e.from_code)) for e in exchanges],
                t("balance.to"): [
                    str(towns.get(e.to_code, t("balance.province_name"))) for e in exchanges
                ],
                t("balance.places"): [e.places for e in exchanges],
                t("balance.in_return"): [e.in_return for e in exchanges],
                t("sheet.source"): [e.source for e in exchanges],
            },
            label=t("balance.exchanges"),
        )


def _enter(table: pd.DataFrame) -> None:
    codes = list(table.index)

    def name_of(code: str) -> str:
        return str(table["name"].get(code, t("balance.province_name")))

    left, right = st.columns(2, gap="large")
    with left:
        if task_form("enter_task", {code: name_of(code) for code in codes}):
            st.rerun()
    with right, st.form("enter_exchange"):
        st.markdown(f"**{t('balance.enter_exchange')}**")
        giver = st.selectbox(t("balance.from"), codes, format_func=name_of, key="giver")
        taker = st.selectbox(t("balance.to"), ["", *codes], format_func=name_of, key="taker")
        count = st.number_input(t("balance.places"), 1, 100_000, 100, 1)
        in_return = st.text_input(t("balance.in_return"), max_chars=500)
        agreed = st.text_input(t("sheet.source"), max_chars=500, key="exchange_source")
        may_read = choose_readers("exchange_class")
        if st.form_submit_button(t("balance.save"), key="save_exchange"):
            enter_exchange(
                session.store(),
                session.actor(),
                from_code=str(giver),
                to_code=taker or None,
                places=int(count),
                in_return=in_return,
                source=agreed,
                confidentiality=may_read,
            )
            st.rerun()
