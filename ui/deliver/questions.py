"""Ask of each file what must be decided before its plots can be kept."""

from __future__ import annotations

import streamlit as st

from data.plot_schema import PLOT_COLUMNS
from geo.reading.columns import normalised
from geo.reading.result import Part, Reading
from geo.reference_system import CANDIDATES, SWAPPED, system_name
from messages import Message
from ui.text import escaped, language, number, t, told

_COLUMNS_SHOWN = 60
_TICKED_ONE_BY_ONE = 25


def ask(reading: Reading, sha: str) -> bool:
    """Ask what must be decided of one file; gives whether something is left to be answered."""
    open_ = _parts(reading, sha)
    open_ |= _place(reading, sha)
    asked = [
        key
        for key, state in (("points", "points"), ("outside", "outside"), ("class", "public"))
        if key in reading.questions or st.session_state.get(f"{state}_{sha}")
    ]
    if asked:
        st.markdown(f"**{t('deliver.questions')}**")
    if "points" in asked:
        _points(sha)
    if "outside" in asked:
        open_ |= _choice("outside", ("take", "leave"), f"outside_{sha}", "deliver.outside")
    if "class" in asked:
        open_ |= _choice("class", ("keep", "public"), f"public_{sha}", "deliver.class.yes")
    if "kilometres" in reading.questions or f"kilometres_{sha}" in st.session_state:
        open_ |= _kilometres(sha)
    if "system" in reading.questions:
        st.warning(t("read.question.system"))
        open_ = True
    return open_


def _choice(question: str, answers: tuple[str, ...], key: str, texts: str) -> bool:
    answer = st.radio(
        t(f"read.question.{question}"),
        answers,
        index=None,
        key=key,
        format_func=lambda value: t(f"{texts}.{value}"),
    )
    return answer is None


def _points(sha: str) -> None:
    answer = st.radio(
        t("read.question.points"),
        ["refuse", "stated", "radius"],
        index=0,
        key=f"points_{sha}",
        format_func=lambda value: t(f"deliver.points.{value}"),
    )
    if answer == "radius":
        st.number_input(t("deliver.points.metres"), 1.0, 1000.0, 25.0, 5.0, key=f"radius_{sha}")


def _kilometres(sha: str) -> bool:
    answer = st.radio(
        t("read.question.kilometres"),
        [True, False],
        index=None,
        key=f"kilometres_{sha}",
        format_func=lambda value: t("deliver.kilometres." + ("yes" if value else "no")),
    )
    return answer is None


def _place(reading: Reading, sha: str) -> bool:
    """Let the user point at the columns that say where the plots lie, before a refusal."""
    pointed = f"place_{sha}"
    if "place" not in reading.questions and pointed not in st.session_state:
        return False
    headers = list(reading.headers)
    with st.form(f"place_form_{sha}"):
        st.markdown(f"**{t('read.question.place')}**")
        ways = {"xy": ("x", "y"), "place": ("place",), "cadastral_number": ("",), "address": ("",)}
        way = st.radio(
            t("deliver.place.way"),
            list(ways),
            key=f"place_way_{sha}",
            format_func=lambda value: t(f"deliver.place.{value}"),
        )
        first = st.selectbox(t("deliver.place.first"), headers, index=None, key=f"place_a_{sha}")
        second = st.selectbox(t("deliver.place.second"), headers, index=None, key=f"place_b_{sha}")
        if st.form_submit_button(t("deliver.place.read")) and first is not None:
            if way in PLOT_COLUMNS:
                columns = dict(st.session_state.get(f"columns_{sha}", {}))
                st.session_state[f"columns_{sha}"] = {**columns, first: way}
            elif way == "place" or second is not None:
                chosen = (first, second)
                st.session_state[pointed] = dict(zip(ways[way], chosen, strict=False))
            st.rerun()
    return "place" in reading.questions


def _parts(reading: Reading, sha: str) -> bool:
    """Let the user tick which layers, sheets or files are read."""
    if len(reading.parts) < 2:
        return False
    with st.form(f"parts_form_{sha}"):
        st.markdown(f"**{t('read.question.layer')}**")
        if len(reading.parts) <= _TICKED_ONE_BY_ONE:
            ticked = [
                part.name
                for place, part in enumerate(reading.parts)
                if st.checkbox(_part_label(part), value=part.taken, key=f"part_{place}_{sha}")
            ]
        else:
            names = {part.name: part for part in reading.parts}
            ticked = st.multiselect(
                t("deliver.parts"),
                list(names),
                [part.name for part in reading.parts if part.taken],
                format_func=lambda name: _part_label(names[name]),
                key=f"parts_many_{sha}",
            )
        if st.form_submit_button(t("deliver.parts.read")):
            st.session_state[f"parts_{sha}"] = tuple(ticked)
            st.rerun()
    return "layer" in reading.questions


def _part_label(part: Part) -> str:
    said = {"name": escaped(part.name), "rows": number(part.rows), "areas": number(part.areas)}
    return t("deliver.part", **said)


def show_system(reading: Reading, sha: str) -> None:
    """Show in which system the coordinates were read and why, and let another be chosen."""
    if not reading.system_evidence:
        return
    named = _name_of(reading.system)
    with st.expander(f"{t('deliver.crs')}: {escaped(named)}", expanded=not reading.system_certain):
        for message in reading.system_evidence:
            st.markdown(f"- {told(message)}")
        usual = (*CANDIDATES, *(code + SWAPPED for code in CANDIDATES))
        parts = [part for part in reading.parts if part.taken]
        if len({(part.system, part.certain) for part in parts}) < 2:
            choices = list(dict.fromkeys(["", reading.system, *reading.system_candidates, *usual]))
            st.selectbox(
                t("deliver.crs.choose"),
                choices,
                key=f"system_{sha}",
                format_func=lambda code: _name_of(code) if code else t("deliver.crs.auto"),
            )
        else:
            _systems_of_parts(parts, (*reading.system_candidates, *usual), sha)


def _systems_of_parts(parts: list[Part], usual: tuple[str, ...], sha: str) -> None:
    chosen: dict[str, str] = dict(st.session_state.get(f"systems_{sha}", {}))
    before = dict(chosen)
    for place, part in enumerate(parts):
        choices = list(dict.fromkeys([part.system, *usual]))
        answer = st.selectbox(
            t("deliver.crs.choose_part", part=escaped(part.name)),
            choices,
            index=choices.index(part.system) if part.certain else None,
            key=f"system_{place}_{sha}",
            format_func=_name_of,
        )
        if answer is not None and (answer != part.system or not part.certain):
            chosen[part.name] = answer
    if chosen != before:
        st.session_state[f"systems_{sha}"] = chosen
        st.rerun()


def _name_of(code: str) -> str:
    name = system_name(code)
    return name.text(language()) if isinstance(name, Message) else name


def show_columns(reading: Reading, sha: str) -> None:
    """Show which column of the file was taken for what, and let that be corrected."""
    with st.expander(t("deliver.columns"), expanded=False):
        if not reading.headers:
            st.caption(t("deliver.columns.none"))
            return
        st.caption(t("deliver.columns.help"))
        corrected = dict(st.session_state.get(f"columns_{sha}", {}))
        before = dict(corrected)
        shown = list(reading.headers)[:_COLUMNS_SHOWN]
        choices = ["", *PLOT_COLUMNS]
        for begin in range(0, len(shown), 3):
            for header, column in zip(shown[begin : begin + 3], st.columns(3), strict=False):
                chosen = column.selectbox(
                    escaped(header[:60]),
                    choices,
                    index=choices.index(reading.columns.get(header, "")),
                    key=f"column_{sha}_{normalised(header)}_{begin}",
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
