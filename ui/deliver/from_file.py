"""Deliver plots by file: see what was understood, answer what is asked, confirm."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from data.vocabulary import Confidentiality, confidentiality_rank
from geo import layers
from geo.reading.checks import overlapping
from geo.reading.columns import normalised
from geo.reading.parts import together
from geo.reading.result import Outcome, Reading
from geo.reading.template import gpkg_template, xlsx_template
from messages import Message
from reports.delivery_report import Extra, delivery_report
from store.deliveries import confirm_delivery, may_deliver_for
from ui import done, links, offer, session
from ui.deliver import attached, lookup, questions
from ui.deliver.files import File, grouped, options_of, read
from ui.deliver.outcomes import show_reading
from ui.deliver.preview import preview_map
from ui.text import escaped, language, named, number, t, told

PRESSED = "pressed"
"""Where the address keeps which reading was confirmed."""

TYPED = ("_typed_number", "_typed_address")
"""Where the session keeps what was found by number or address, until it is kept."""


def show() -> None:
    """Show the tab."""
    code = _municipality()
    _templates()
    round_ = st.session_state.setdefault("deliver_round", 0)
    files = st.file_uploader(
        t("deliver.file.choose"),
        accept_multiple_files=True,
        key=f"deliver_files_{round_}",
        help=t("deliver.file.help"),
    )
    if files:
        if not st.session_state.get("_pressed"):
            links.put(PRESSED, "")
        deliver(grouped([(file.name, file.getvalue()) for file in files]), code)


def _municipality() -> str | None:
    actor = session.actor()
    names = layers.municipality_names()
    towns = names[[may_deliver_for(actor, str(code)) for code in names.index]]
    chosen = st.selectbox(
        t("deliver.municipality"),
        ["", *towns.index],
        key="deliver_municipality",
        persist_state="session",
        format_func=lambda code: str(towns[code]) if code else t("deliver.municipality.none"),
        help=t("deliver.municipality.help"),
    )
    return chosen or None


def _templates() -> None:
    with st.popover(t("deliver.template"), icon=":material/download:"):
        st.caption(t("deliver.template.help"))
        offer.download_button(
            t("deliver.template.xlsx"), xlsx_template, "sjabloon_plekken.xlsx", key="template_xlsx",
        )  # fmt: skip
        offer.download_button(
            t("deliver.template.gpkg"), gpkg_template, "sjabloon_plekken.gpkg", key="template_gpkg",
        )  # fmt: skip


def deliver(files: Sequence[File], code: str | None) -> None:
    """Read files, show what was understood, and keep it when that is confirmed."""
    readings = [read(file, options_of(file, code)) for file in files]
    files, readings = lookup.in_files_beside(files, readings, code)
    unanswered = False
    for file, reading in zip(files, readings, strict=True):
        unanswered |= _one_file(file, reading, several=len(files) > 1)
    whole = together(readings)
    if not whole.rows:
        return
    sha = whole.sha256
    plots, extra, treatment = _compare(whole, sha)
    if whole.plots is not None and len(whole.plots):
        st.markdown(f"**{t('deliver.preview')}**")
        preview_map(whole, key=f"{sha[:8]}-{whole.system}-{language()}")
    st.markdown(f"**{t('deliver.rows')}**")
    show_reading(whole, extra)
    offer.download_button(
        t("deliver.report.download"),
        lambda: delivery_report(whole, language=language(), extra=extra),
        f"verslag_{Path(whole.file_name).stem[:40]}.xlsx",
        key=f"report_{sha}",
    )
    _confirm(whole, plots, extra, treatment, unanswered, code, sha)


def _one_file(file: File, reading: Reading, *, several: bool) -> bool:
    """Show what was understood of a file; gives whether something is left to be answered."""
    with st.container(border=several):
        if reading.sha256:
            short = reading.sha256[:16] + "…"
            st.caption(t("deliver.sha", file=escaped(reading.file_name), sha=short))
        name = escaped(reading.file_name)
        if reading.refused is not None and {"lookup", "place"} & set(reading.questions):
            st.info(told(reading.refused))
        elif reading.refused is not None and reading.questions and reading.rows:
            # nothing is wrong yet: what is asked below decides
            st.warning(t("deliver.refused.asked", file=name))
        elif reading.refused is not None:
            st.error(t("deliver.refused.file", file=name, reason=told(reading.refused)))
            if reading.refused.key in ("read.pdf", "read.picture"):
                attached.show(file)
        for message in reading.messages:
            st.info(told(message))
        if not reading.rows and not reading.parts:
            return False
        if reading.rows:
            st.markdown(f"**{_result(reading)}**")
        if reading.plots is not None and len(reading.plots):
            st.markdown(t("deliver.classes", classes=_class_counts(reading.plots)))
        lookup.show(reading, file.sha)
        unanswered = questions.ask(reading, file.sha)
        questions.show_system(reading, file.sha)
        questions.show_columns(reading, file.sha)
    return unanswered


def _result(reading: Reading) -> str:
    return t(
        "deliver.result",
        taken=number(reading.count(Outcome.TAKEN)),
        remarks=number(reading.count(Outcome.REMARKS) + reading.count(Outcome.QUESTION)),
        refused=number(reading.count(Outcome.REFUSED)),
    )


def _words(message: Message) -> str:
    return message.text(language())


def _compare(reading: Reading, sha: str) -> tuple[gpd.GeoDataFrame | None, Extra, str]:
    """Say which plots are there already; gives the plots, extra remarks by row, and what to do."""
    plots = reading.plots
    if plots is None or plots.empty:
        return plots, {}, "skip"
    existing = session.candidate_plots()
    pairs = overlapping(plots.geometry, existing.geometry)
    extra: Extra = {}
    twin: list[str | None] = []
    for part, row, found in zip(plots["part"], plots["row"], pairs, strict=True):
        if not found:
            twin.append(None)
            continue
        place, share = found[0]
        twin.append(str(existing.index[place]))
        extra[str(part), int(row)] = [
            t(
                "deliver.overlap.with",
                share=number(100 * share),
                name=str(existing["name"].iloc[place] or "")[:80],
            )
        ]
    plots = plots.assign(_twin=twin)
    if not extra:
        return plots, extra, "add"
    st.warning(t("deliver.overlap", count=number(len(extra))))
    treatment = st.radio(
        t("deliver.overlap.choose"),
        ["skip", "update", "add"],
        key=f"overlap_{sha}",
        format_func=lambda value: t(f"deliver.overlap.{value}"),
        horizontal=True,
    )
    return plots, extra, str(treatment)


def _confirm(
    reading: Reading,
    plots: gpd.GeoDataFrame | None,
    extra: Extra,
    treatment: str,
    unanswered: bool,
    code: str | None,
    sha: str,
) -> None:
    if plots is None or plots.empty:
        st.info(t("deliver.nothing"))
        return
    chosen = st.selectbox(
        t("deliver.class"),
        ["", *[str(value) for value in Confidentiality]],
        key=f"class_{sha}",
        format_func=lambda v: named("Confidentiality", v) if v else t("deliver.class.file"),
    )
    ready = _treated(plots, treatment)
    if chosen:
        more_open = ready["confidentiality"].map(confidentiality_rank) > confidentiality_rank(
            chosen
        )
        if more_open.any():
            st.warning(t("deliver.class.more_open", count=number(more_open.sum())))
        ready["confidentiality"] = chosen
    if unanswered:
        st.warning(t("deliver.unanswered"))
    # What is pressed twice, or again while it is being kept, is one delivery.
    round_ = st.session_state.get("deliver_round", 0)
    press = f"{round_}-{sha}"
    st.button(
        t("deliver.confirm_classes", count=number(len(ready)), classes=_class_counts(ready)),
        type="primary",
        disabled=unanswered or ready.empty or st.session_state.get("_pressed") == press,
        key=f"confirm_{sha}",
        on_click=_press,
        args=(press,),
    )
    if st.session_state.get("_pressed") == press:
        keep(reading, ready, extra, code, press)
        st.session_state["deliver_round"] = round_ + 1
        for key in ("_readings", "_pressed", *TYPED):
            st.session_state.pop(key, None)
        st.rerun()


def _press(press: str) -> None:
    st.session_state["_pressed"] = press
    # In the address it outlives the session: after a reload the page says what became of it.
    links.put(PRESSED, _confirmation(press))


def _confirmation(press: str) -> str:
    """Give the name of a press that no other session can make, and that tells nothing of it."""
    return hashlib.sha256(f"{session.channel()}-{press}".encode()).hexdigest()[:32]


def _class_counts(plots: gpd.GeoDataFrame) -> str:
    """Say how many plots have which class: ``3 vertrouwelijk, 1 openbaar``."""
    found = plots["confidentiality"].value_counts()
    return ", ".join(
        t("deliver.class_count", count=number(found[one]), name=named("Confidentiality", one))
        for one in reversed(Confidentiality)
        if found.get(one, 0)
    )


def keep(
    reading: Reading, plots: gpd.GeoDataFrame, extra: Extra, code: str | None, press: str
) -> None:
    """Keep plots as a delivery, once for each press, and say so at the next run of the page."""
    kept: dict[str, int] = st.session_state.setdefault("_kept", {})
    report = [
        {
            "part": row.part,
            "row": row.row,
            "name": row.name,
            "outcome": str(row.outcome),
            "messages": [*(_words(m) for m in row.messages), *extra.get((row.part, row.row), [])],
        }
        for row in reading.rows
    ]
    store, actor = session.store(), session.actor()
    with st.spinner(t("deliver.saving")):
        # A plain dictionary: a run that is broken off by the next one cannot be so in between.
        if press not in kept:
            kept[press] = confirm_delivery(
                store,
                actor,
                plots,
                file_name=reading.file_name,
                file_sha256=reading.sha256,
                report=report,
                columns={normalised(h): c for h, c in reading.columns.items()},
                municipality_code=code,
                confirmation=_confirmation(press),
            )
    done.say(
        Message("deliver.confirmed", {"count": number(len(plots))}),
        [str(plot_id) for plot_id in plots.index],
        delivery=kept[press],
    )


def _treated(plots: gpd.GeoDataFrame, treatment: str) -> gpd.GeoDataFrame:
    twins: Any = plots["_twin"]
    ready = plots[twins.isna()] if treatment == "skip" else plots
    if treatment == "update":
        index = [twin or own for twin, own in zip(ready["_twin"], ready.index, strict=True)]
        ready = ready.set_index(pd.Index(index, name="plot_id"))
        ready = ready[~ready.index.duplicated(keep="last")]
    ready = ready.drop(columns=["_twin", "part", "row", "municipality_share"])
    return ready.assign(fictional=False)
