"""Deliver plots by file: see what was understood, answer what is asked, confirm."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from data.vocabulary import PLOT_COLUMNS, Confidentiality
from geo import layers
from geo.reading.bounded_process import read_apart
from geo.reading.checks import overlapping
from geo.reading.columns import normalised
from geo.reading.result import Outcome, Reading, ReadOptions
from geo.reading.template import gpkg_template, xlsx_template
from geo.reference_system import CANDIDATES, SWAPPED, system_name
from messages import Message
from reports.delivery_report import delivery_report
from store.deliveries import confirm_delivery, remembered_columns
from ui import session
from ui.deliver.preview import preview_map, show_rows
from ui.text import escaped, language, named, number, t, told

_EXAMPLES_SHOWN = 60
_READINGS_KEPT = 4
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
    if not files:
        return
    if len(files) > 1 and not _is_one_shapefile([file.name for file in files]):
        st.error(t("deliver.only_parts"))
        return
    content = [(file.name, file.getvalue()) for file in files]
    main = next((c for c in content if c[0].lower().endswith(".shp")), content[0])
    deliver(content, main, code)


def _municipality() -> str | None:
    towns = layers.municipalities()["name"]
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
        st.download_button(
            t("deliver.template.xlsx"), xlsx_template, "sjabloon_plekken.xlsx", key="template_xlsx",
            on_click="ignore",
        )  # fmt: skip
        st.download_button(
            t("deliver.template.gpkg"), gpkg_template, "sjabloon_plekken.gpkg", key="template_gpkg",
            on_click="ignore",
        )  # fmt: skip


def _is_one_shapefile(names: Sequence[str]) -> bool:
    stems = {Path(name).stem.lower() for name in names}
    suffixes = {Path(name).suffix.lower() for name in names}
    return len(stems) == 1 and ".shp" in suffixes


def deliver(
    content: Sequence[tuple[str, bytes]], main: tuple[str, bytes], code: str | None
) -> None:
    """Read the files, show what was understood, and keep it when that is confirmed."""
    sha = hashlib.sha256(main[1]).hexdigest()
    options = _options(sha, code)
    reading = _read(content, main[0], sha, options)
    if reading.sha256:
        st.caption(t("deliver.sha", file=escaped(reading.file_name), sha=reading.sha256[:16] + "…"))
    if reading.refused is not None:
        st.error(
            t("deliver.refused.file", file=escaped(reading.file_name), reason=told(reading.refused))
        )
    for message in reading.messages:
        st.info(told(message))
    if not reading.rows:
        return
    st.markdown(
        "**"
        + t(
            "deliver.result",
            taken=number(reading.count(Outcome.TAKEN)),
            remarks=number(reading.count(Outcome.REMARKS) + reading.count(Outcome.QUESTION)),
            refused=number(reading.count(Outcome.REFUSED)),
        )
        + "**"
    )
    if reading.plots is not None and len(reading.plots):
        st.markdown(t("deliver.classes", classes=_class_counts(reading.plots)))
    unanswered = _questions(reading, sha)
    _system(reading, sha)
    _columns(reading, sha)
    plots, extra, treatment = _compare(reading, sha)
    if reading.plots is not None and len(reading.plots):
        st.markdown(f"**{t('deliver.preview')}**")
        preview_map(reading, key=f"{sha[:8]}-{reading.system}-{language()}")
    st.markdown(f"**{t('deliver.rows')}**")
    show_rows(reading, extra)
    st.download_button(
        t("deliver.report.download"),
        lambda: delivery_report(reading, language=language(), extra=extra),
        f"verslag_{Path(reading.file_name).stem[:40]}.csv",
        key=f"report_{sha}",
        on_click="ignore",
    )
    _confirm(reading, plots, extra, treatment, unanswered, code, sha)


def _words(message: Message) -> str:
    return message.text(language())


def _options(sha: str, code: str | None) -> ReadOptions:
    """Gather what the user chose for this file so far; the choices live in the session."""
    state = st.session_state
    points = state.get(f"points_{sha}")
    outside = state.get(f"outside_{sha}")
    public = state.get(f"public_{sha}")
    return ReadOptions(
        layer=state.get(f"layer_{sha}"),
        system=state.get(f"system_{sha}") or None,
        columns=dict(state.get(f"columns_{sha}", {})),
        remembered=remembered_columns(session.store(), session.actor(), code),
        buffer_m=float(state.get(f"radius_{sha}", 25.0)) if points == "radius" else 0.0,
        buffer_to_stated=points == "stated",
        take_outside=None if outside is None else outside == "take",
        parcel=state.get(f"parcel_{sha}"),
        yes_is_public=None if public is None else public == "public",
    )


def _read(
    content: Sequence[tuple[str, bytes]], name: str, sha: str, options: ReadOptions
) -> Reading:
    key = (sha, repr(options))
    kept: dict[tuple[str, str], Reading] = st.session_state.setdefault("_readings", {})
    if key in kept:
        return kept[key]
    bar = st.progress(0.0, t("deliver.reading"))

    def tell(share: float) -> None:
        bar.progress(min(share, 1.0), t("deliver.reading"))

    with tempfile.TemporaryDirectory() as folder:
        # Names of the user stay out of the file system, but for what kind each part is.
        paths = [Path(folder) / f"file{Path(given).suffix.lower()[:10]}" for given, _ in content]
        for path, (_, data) in zip(paths, content, strict=True):
            path.write_bytes(data)
        reading = read_apart(
            next((path for path in paths if path.suffix == ".shp"), paths[0]),
            options,
            file_name=name[:200],
            progress=tell,
        )
    bar.empty()
    while len(kept) >= _READINGS_KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = reading
    return reading


def _questions(reading: Reading, sha: str) -> bool:
    """Ask what must be decided; gives whether something is left to be answered."""
    layers_ = [name for name, _ in reading.layers]
    if len(layers_) > 1:
        st.selectbox(
            t("deliver.layer"),
            layers_,
            index=layers_.index(reading.layer),
            key=f"layer_{sha}",
        )
    open_ = False
    asked_points = "points" in reading.questions or st.session_state.get(f"points_{sha}")
    asked_outside = "outside" in reading.questions or st.session_state.get(f"outside_{sha}")
    asked_class = "class" in reading.questions or st.session_state.get(f"public_{sha}")
    if asked_points or asked_outside or asked_class:
        st.markdown(f"**{t('deliver.questions')}**")
    if asked_points:
        answer = st.radio(
            t("read.question.points"),
            ["refuse", "stated", "radius"],
            index=0,
            key=f"points_{sha}",
            format_func=lambda value: t(f"deliver.points.{value}"),
        )
        if answer == "radius":
            st.number_input(t("deliver.points.metres"), 1.0, 1000.0, 25.0, 5.0, key=f"radius_{sha}")
    if asked_outside:
        meant = st.radio(
            t("read.question.outside"),
            ["take", "leave"],
            index=None,
            key=f"outside_{sha}",
            format_func=lambda value: t(f"deliver.outside.{value}"),
        )
        open_ |= meant is None
    if asked_class:
        public = st.radio(
            t("read.question.class"),
            ["keep", "public"],
            index=None,
            key=f"public_{sha}",
            format_func=lambda value: t(f"deliver.class.yes.{value}"),
        )
        open_ |= public is None
    if "system" in reading.questions:
        st.warning(t("read.question.system"))
        open_ = True
    return open_


def _system(reading: Reading, sha: str) -> None:
    named_ = _name_of(reading.system)
    with st.expander(f"{t('deliver.crs')}: {escaped(named_)}", expanded=not reading.system_certain):
        for message in reading.system_evidence:
            st.markdown(f"- {told(message)}")
        usual = (*CANDIDATES, *(code + SWAPPED for code in CANDIDATES))
        choices = list(dict.fromkeys(["", reading.system, *reading.system_candidates, *usual]))
        st.selectbox(
            t("deliver.crs.choose"),
            choices,
            key=f"system_{sha}",
            format_func=lambda code: _name_of(code) if code else t("deliver.crs.auto"),
        )


def _name_of(code: str) -> str:
    name = system_name(code)
    return _words(name) if isinstance(name, Message) else name


def _columns(reading: Reading, sha: str) -> None:
    with st.expander(t("deliver.columns"), expanded=False):
        if not reading.headers:
            st.caption(t("deliver.columns.none"))
            return
        st.caption(t("deliver.columns.help"))
        corrected = dict(st.session_state.get(f"columns_{sha}", {}))
        before = dict(corrected)
        shown = list(reading.headers)[:_EXAMPLES_SHOWN]
        for begin in range(0, len(shown), 3):
            for header, column in zip(shown[begin : begin + 3], st.columns(3), strict=False):
                choices = ["", *PLOT_COLUMNS]
                key = f"column_{sha}_{normalised(header)}_{begin}"
                chosen = column.selectbox(
                    escaped(header[:60]),
                    choices,
                    index=choices.index(reading.columns.get(header, "")),
                    key=key,
                    format_func=lambda c: (
                        t(f"deliver.field.{c}") if c else t("deliver.columns.skip")
                    ),
                    help=t("deliver.columns.example") + ": " + escaped(reading.headers[header]),
                )
                if chosen != reading.columns.get(header, ""):
                    corrected[header] = chosen
        if corrected != before:
            st.session_state[f"columns_{sha}"] = corrected
            st.rerun()


def _compare(
    reading: Reading, sha: str
) -> tuple[gpd.GeoDataFrame | None, dict[int, list[str]], str]:
    """Say which plots are there already; gives the plots, extra remarks by row, and what to do."""
    plots = reading.plots
    if plots is None or plots.empty:
        return plots, {}, "skip"
    existing = session.candidate_plots()
    pairs = overlapping(plots.geometry, existing.geometry)
    extra: dict[int, list[str]] = {}
    twin: list[str | None] = []
    for row, found in zip(plots["row"], pairs, strict=True):
        if not found:
            twin.append(None)
            continue
        place, share = found[0]
        twin.append(str(existing.index[place]))
        extra[int(row)] = [
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
    extra: dict[int, list[str]],
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
        ready["confidentiality"] = chosen
    if unanswered:
        st.warning(t("deliver.unanswered"))
    pressed = st.button(
        t("deliver.confirm_classes", count=number(len(ready)), classes=_class_counts(ready)),
        type="primary",
        disabled=unanswered or ready.empty,
        key=f"confirm_{sha}",
    )
    if pressed:
        keep(reading, ready, extra, code)
        st.session_state["deliver_round"] = st.session_state.get("deliver_round", 0) + 1
        for key in ("_readings", *TYPED):
            st.session_state.pop(key, None)
        st.rerun()


def _class_counts(plots: gpd.GeoDataFrame) -> str:
    """Say how many plots have which class: ``3 vertrouwelijk, 1 openbaar``."""
    found = plots["confidentiality"].value_counts()
    return ", ".join(
        t("deliver.class_count", count=number(found[one]), name=named("Confidentiality", one))
        for one in reversed(Confidentiality)
        if found.get(one, 0)
    )


def keep(
    reading: Reading, plots: gpd.GeoDataFrame, extra: dict[int, list[str]], code: str | None
) -> None:
    """Keep plots as a delivery, and say so at the next run of the page."""
    report = [
        {
            "row": row.row,
            "name": row.name,
            "outcome": str(row.outcome),
            "messages": [*(_words(m) for m in row.messages), *extra.get(row.row, [])],
        }
        for row in reading.rows
    ]
    with st.spinner(t("deliver.saving")):
        done = confirm_delivery(
            session.store(),
            session.actor(),
            plots,
            file_name=reading.file_name,
            file_sha256=reading.sha256,
            report=report,
            columns={normalised(h): c for h, c in reading.columns.items()},
            municipality_code=code,
        )
    st.session_state["delivered"] = (done, len(plots))


def _treated(plots: gpd.GeoDataFrame, treatment: str) -> gpd.GeoDataFrame:
    twins: Any = plots["_twin"]
    ready = plots[twins.isna()] if treatment == "skip" else plots
    if treatment == "update":
        index = [twin or own for twin, own in zip(ready["_twin"], ready.index, strict=True)]
        ready = ready.set_index(pd.Index(index, name="plot_id"))
        ready = ready[~ready.index.duplicated(keep="last")]
    ready = ready.drop(columns=["_twin", "row", "municipality_share"])
    return ready.assign(fictional=False)
