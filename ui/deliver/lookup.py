"""Look the rows of a list up: in a file that was dropped beside it, or all at once at PDOK."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import shapely
import streamlit as st

from geo.cadastral import LookupFailedError
from geo.pdok import shape_at_pdok
from geo.reading.result import Reading, Wanted
from messages import Message
from reports.delivery_report import list_to_complete
from ui import offer
from ui.deliver.files import File, options_of, read
from ui.text import escaped, language, number, t, told

_AT_ONCE = 4  # requests to PDOK at the same time; a choice of the team, to be a kind guest


def in_files_beside(
    files: Sequence[File], readings: Sequence[Reading], code: str | None
) -> tuple[list[File], list[Reading]]:
    """Look rows of lists up in the other files; gives what is left to be read as plots.

    A file in which rows were found serves to look up, and is not itself read as plots.
    """
    wanted = list(dict.fromkeys(one.name for r in readings for one in r.wanted))
    if not wanted or len(files) < 2:
        return list(files), list(readings)
    found: dict[str, str] = {}
    sources: list[File] = []
    for file, reading in zip(files, readings, strict=True):
        if reading.wanted:
            continue
        options = dataclasses.replace(options_of(file, code), look_up=tuple(wanted))
        there = read(file, options).found
        if there:
            sources.append(file)
            found |= {name: shape for name, shape in there.items() if name not in found}
            said = {"file": escaped(file.name), "count": number(len(there))}
            st.info(t("deliver.lookup.source", **said))
    kept = [(f, r) for f, r in zip(files, readings, strict=True) if f not in sources]
    if not sources:
        return [f for f, _ in kept], [r for _, r in kept]
    again = []
    for file, reading in kept:
        if reading.wanted:
            state = st.session_state.setdefault(f"found_{file.sha}", {})
            own = {one.name for one in reading.wanted}
            new = {name: found.get(name, "") for name in own if not state.get(name)}
            state.update(new)
            again.append(read(file, options_of(file, code)))
        else:
            again.append(reading)
    return [f for f, _ in kept], again


def show(reading: Reading, sha: str) -> None:
    """Offer to look the rows up that were not found yet, and the rest as a list to complete."""
    if not reading.wanted:
        return
    state: dict[str, str] = st.session_state.setdefault(f"found_{sha}", {})
    asked: set[str] = st.session_state.setdefault(f"asked_{sha}", set())
    missing = [one for one in reading.wanted if not state.get(one.name)]
    said = {
        "count": number(len(reading.wanted)),
        "found": number(len(reading.wanted) - len(missing)),
    }
    st.markdown(f"**{t('deliver.lookup.state', **said)}**")
    failed: Message | None = st.session_state.pop(f"lookup_failed_{sha}", None)
    if failed is not None:
        st.error(told(failed))
    open_ = [one for one in missing if one.name not in asked]
    running = f"lookup_running_{sha}"
    if st.session_state.get(running) and open_:
        st.button(t("deliver.lookup.stop"), key=f"stop_{sha}", on_click=_stop, args=(running,))
        _run(open_, state, asked, sha)
        st.session_state.pop(running, None)
        st.rerun()
    elif open_:
        st.button(
            t("deliver.lookup.pdok", count=number(len(open_))),
            key=f"start_{sha}",
            on_click=_start,
            args=(running,),
        )
    if missing:
        offer.download_button(
            t("deliver.lookup.rest", count=number(len(missing))),
            lambda: list_to_complete(reading, missing, language=language()),
            "aan_te_vullen.xlsx",
            key=f"rest_{sha}",
        )


def _start(key: str) -> None:
    st.session_state[key] = True


def _stop(key: str) -> None:
    st.session_state.pop(key, None)


def _run(wanted: Sequence[Wanted], state: dict[str, str], asked: set[str], sha: str) -> None:
    """Ask PDOK for rows, a few at once; what was found stays when the user stops."""
    bar = st.progress(0.0)
    names = list({one.name: one for one in wanted}.values())
    for begin in range(0, len(names), _AT_ONCE):
        few = names[begin : begin + _AT_ONCE]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            answers = list(pool.map(_ask, few))
        for one, answer in zip(few, answers, strict=True):
            if isinstance(answer, Message) and answer.key == "lookup.unreachable":
                st.session_state[f"lookup_failed_{sha}"] = answer
                return
            asked.add(one.name)
            state[one.name] = (
                "" if isinstance(answer, Message) else str(shapely.to_wkb(answer, hex=True))
            )
        done = min(begin + _AT_ONCE, len(names))
        said = {"done": number(done), "count": number(len(names))}
        bar.progress(done / len(names), t("deliver.lookup.running", **said))


def _ask(one: Wanted) -> shapely.Geometry | Message:
    try:
        return shape_at_pdok(one.kind, one.key)
    except LookupFailedError as problem:
        return problem.message
