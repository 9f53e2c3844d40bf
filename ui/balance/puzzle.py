"""The provincial puzzle: which plots together close the gaps, as a table with a map of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from data.vocabulary import Confidentiality, ReceptionKind
from geo import layers
from presentation.numbers import bounds, percentage
from presentation.words import class_label
from reports.file_names import file_name
from reports.puzzle_sheet import FILE_NAME as PUZZLE_FILE_NAME
from reports.puzzle_sheet import puzzle_sheet
from scoring.indicators import months_to_first_day
from scoring.limits import LimitHit
from scoring.puzzle import (
    SITE_COSTS,
    SURPLUS_COSTS,
    PuzzleAnswer,
    PuzzleLimits,
    Solution,
    solve_puzzle,
)
from scoring.puzzle_candidates import Asked, asked_places, puzzle_candidates, room_nearby
from scoring.ranking import Ranking, rank_measured
from ui import offer, session, shared
from ui.kinds import choose_kind
from ui.map import ONE_COLOUR, build_payload, live_map, show_map
from ui.nothing import nothing_yet
from ui.tables import show_table
from ui.text import date, escaped, language, named, number, t, told
from ui.weights import current_weights, show_state

ASYLUM_KINDS = (ReceptionKind.AZC, ReceptionKind.AMV, ReceptionKind.GEMENGD)
"""Kinds of reception with which a municipality works at its task under the Spreidingswet; for the
others the user says how many places are sought."""

MAP_HEIGHT_PX = 430
_KEPT = "puzzle_answer"


@dataclass(frozen=True)
class _Question:
    """What was asked, so that an answer is never shown beside another question."""

    kind: ReceptionKind
    weights: tuple[tuple[str, float], ...]
    plots_at: str
    figures_at: str
    whole: int | None
    limits: PuzzleLimits
    answers: int
    latest_start_months: int | None


_MORE = ("in_answers",)
"""Columns that a telephone does without."""


def show() -> None:
    """Show the puzzle."""
    form, answer = st.columns([1, 4], gap="medium")
    with form:
        kind = choose_kind()
        kader, _ = session.kader(kind)
        weights = current_weights(kader)
        ranking = rank_measured(session.measured(kader), weights.shares)
        question = _ask(kind, ranking)
    with answer:
        _say_what_is_asked(kind, ranking)
        kept = st.session_state.get(_KEPT)
        if question is not None:
            kept = _solve(question, ranking)
            st.session_state[_KEPT] = kept
        if kept is None:
            st.info(t("puzzle.intro"))
            if session.candidate_plots().empty:
                nothing_yet()
            return
        asked_then, found, asked = kept
        if asked_then != _again(asked_then, kind, ranking):
            st.warning(t("puzzle.changed"))
        _show_answer(found, asked, ranking)


def _again(question: _Question, kind: ReceptionKind, ranking: Ranking) -> _Question:
    """Give the same question as it would be asked now."""
    return _Question(
        kind,
        tuple(sorted(ranking.weights.items())),
        session.version(),
        session.figures_key(),
        question.whole,
        question.limits,
        question.answers,
        question.latest_start_months,
    )


def _ask(kind: ReceptionKind, ranking: Ranking) -> _Question | None:
    """Show the form; gives the question when it is asked."""
    counts = kind in ASYLUM_KINDS
    with st.form("puzzle", border=True):
        whole = st.number_input(
            t("puzzle.province_gap"), 1, 20_000, None, 10,
            help=t("puzzle.province_gap_help" if counts else "puzzle.own_number"),
        )  # fmt: skip
        most = st.number_input(t("puzzle.most_sites"), 1, 20, 3)
        small = st.slider(t("puzzle.small_share"), 0, 100, 0, 5)
        apart = st.number_input(t("puzzle.apart"), 0, 20, 0, 1)
        load = st.number_input(t("puzzle.load"), 0, 500, None, 1)
        start = st.number_input(
            t("explore.filter.start"), 1, 600, None, 3, help=t("explore.filter.unknown_kept")
        )
        answers = st.number_input(t("puzzle.answers"), 1, 5, 3)
        pressed = st.form_submit_button(t("puzzle.solve"), type="primary", key="solve_puzzle")
    if not pressed:
        return None
    if not counts and not whole:
        st.warning(t("puzzle.own_number"))
        return None
    limits = PuzzleLimits(
        most_sites=int(most),
        small_share=small / 100 if small else None,
        large_apart_m=1000.0 * apart if apart else None,
        most_load=None if load is None else float(load),
    )
    months = None if start is None else int(start)
    empty = _Question(kind, (), "", "", int(whole) if whole else None, limits, int(answers), months)
    return _again(empty, kind, ranking)


def _say_what_is_asked(kind: ReceptionKind, ranking: Ranking) -> None:
    """Say whose weights choose: those of the kader, or others."""
    kader, fixed = session.kader(kind)
    fixed_on = None if fixed is None else fixed.fixed_at.date()
    show_state(kader, fixed_on, own=ranking.exploration)


def _solve(question: _Question, ranking: Ranking) -> tuple[_Question, PuzzleAnswer, Asked]:
    plots = session.candidate_plots()
    names = layers.municipalities()["name"]
    candidates = puzzle_candidates(plots, ranking, names, question.latest_start_months)
    province = None
    if question.whole:
        province = t("balance.province_name")
        asked = Asked({province: float(question.whole)})
    else:
        asked = asked_places(session.tasks(), names, candidates, question.limits.most_sites)
    if not asked.places:
        return question, PuzzleAnswer(()), asked
    bar = st.progress(0.0, t("puzzle.busy"))

    def tell(share: float) -> None:
        bar.progress(share, t("puzzle.busy"))

    around = ranking.measured.surroundings
    near: Sequence[tuple[int, Sequence[int], float]] = ()
    if question.limits.most_load is not None:
        near = room_nearby(
            plots,
            candidates,
            around.people,
            around.locations,
            most_load=question.limits.most_load,
            on=around.on,
        )
    answer = solve_puzzle(
        candidates,
        asked.places,
        question.limits,
        province=province,
        near=near,
        answers=question.answers,
        progress=tell,
    )
    bar.empty()
    return question, answer, asked


def _show_answer(answer: PuzzleAnswer, asked: Asked, ranking: Ranking) -> None:
    if not asked.places:
        st.warning(t("puzzle.no_gap"))
    elif answer.out_of_time:
        st.error(t("puzzle.out_of_time"))
    elif not answer.solutions:
        st.error(t("puzzle.none"))
        for message in answer.conflict:
            st.markdown(f"- {told(message)}")
        st.caption(t("puzzle.conflict_help"))
    else:
        _show_solutions(answer, ranking)
    _notes(asked)


def _show_solutions(answer: PuzzleAnswer, ranking: Ranking) -> None:
    plots = session.candidate_plots()
    places = range(len(answer.solutions))
    chosen = st.segmented_control(
        t("puzzle.which"),
        list(places),
        default=0,
        required=True,
        key="puzzle_which",
        format_func=lambda place: t("puzzle.answer", number=number(place + 1)),
        label_visibility="collapsed",
    )
    solution = answer.solutions[min(chosen or 0, len(answer.solutions) - 1)]
    known = [plot_id for plot_id in solution.plot_ids if plot_id in plots.index]
    if len(known) < len(solution.plot_ids):
        # somebody else changed the plots since: the answer no longer stands
        st.warning(t("puzzle.changed"))
        return
    st.markdown(f"**{_summary(solution)}**")
    table = _table(solution, answer, plots, ranking)
    at = ranking.plot_ids.get_indexer(pd.Index(solution.plot_ids))
    whole = [_limits(ranking.measured.limits[place], reasons=True) for place in at]
    left, right = st.columns([2, 1], gap="small")
    with left:
        heads = {name: t(f"puzzle.column.{name}") for name in table}
        show_table(
            {heads[name]: table[name] for name in table},
            label=t("puzzle.title"),
            extra=[heads[name] for name in _MORE if name in heads],
        )
        # an answer rests on all that who asks may see, figures of tasks among it
        label, today = Confidentiality.VERTROUWELIJK, dt.date.today()
        fictional = bool(plots.loc[known, "fictional"].fillna(False).astype(bool).any())

        def made() -> bytes:
            shared.note_output(PUZZLE_FILE_NAME, len(known), label)
            return puzzle_sheet(
                table.assign(limits=whole).rename(columns=heads),
                title=t("puzzle.title"),
                lines=[_summary(solution), _value(solution)],
                label=class_label(label, language()),
                made=t("reports.sheet.made_on", date=date(today)),
                unknown=t("frame.unknown"),
                fiction=t("reports.fiction") if fictional else "",
            )

        offer.download_button(
            t("puzzle.download"),
            made,
            file_name(PUZZLE_FILE_NAME, ranking.kader.kind, label, today, "xlsx"),
            key="get_puzzle",
        )
    with right:
        _map(plots.loc[known], ranking)
    st.caption(_value(solution))
    if len(answer.solutions) > 1:
        core = ", ".join(escaped(str(plots["name"].get(i) or i)[:60]) for i in answer.core)
        st.caption(t("puzzle.core", names=core) if core else t("puzzle.no_core"))


def _summary(solution: Solution) -> str:
    proof = (
        t("puzzle.proved")
        if solution.gap == 0
        else t("puzzle.not_proved", percent=number(100 * solution.gap, 1))
    )
    return t(
        "puzzle.summary",
        sites=number(len(solution.plot_ids)),
        places=number(sum(solution.places.values())),
        counted=number(sum(solution.counted)),
        score=number(solution.suitability),
        proof=proof,
    )


def _value(solution: Solution) -> str:
    """Say in one sentence what was maximised."""
    return t(
        "puzzle.value",
        value=number(solution.value, 1),
        suited=number(solution.suited, 1),
        sites=number(len(solution.plot_ids)),
        site_price=number(SITE_COSTS),
        surplus=number(solution.surplus),
        surplus_price=number(SURPLUS_COSTS, 1),
    )


def _table(
    solution: Solution, answer: PuzzleAnswer, plots: gpd.GeoDataFrame, ranking: Ranking
) -> pd.DataFrame:
    at = ranking.plot_ids.get_indexer(pd.Index(solution.plot_ids))
    rows = plots.loc[list(solution.plot_ids)]
    towns = rows["municipality_code"].map(layers.municipalities()["name"])
    room = {c.plot_id: c.places for c in puzzle_candidates(rows, _part_of(ranking, at), _towns())}
    limits = [_limits(ranking.measured.limits[place], reasons=False) for place in at]
    return pd.DataFrame(
        {
            "name": [str(name or i)[:80] for i, name in zip(rows.index, rows["name"], strict=True)],
            "town": towns.to_numpy(),
            "places": [int(room[plot_id]) for plot_id in solution.plot_ids],
            "counted": np.array(solution.counted, dtype=int),
            "cumulated": np.cumsum(solution.counted).astype(int),
            "score": [
                bounds(round(float(ranking.lower[p])), round(float(ranking.upper[p])), language())
                for p in at
            ],
            "first_day": _first_days(rows, ranking),
            "limits": limits,
            "in_answers": [percentage(answer.often[i], language()) for i in solution.plot_ids],
        }
    )


def _first_days(rows: gpd.GeoDataFrame, ranking: Ranking) -> list[float | None]:
    """Give the months until the first day, as numbers so that the table can be sorted by them."""
    months = months_to_first_day(rows, ranking.measured.surroundings)
    return [None if pd.isna(value) else round(float(value), 1) for value in months]


def _limits(hits: Sequence[LimitHit], *, reasons: bool) -> str:
    outcomes = [named("LimitOutcome", hit.outcome) for hit in hits]
    if not reasons:
        return ", ".join(dict.fromkeys(outcomes))
    words = zip(outcomes, (hit.reason.text(language()) for hit in hits), strict=True)
    return "; ".join(f"{outcome}: {reason}" for outcome, reason in words)


def _part_of(ranking: Ranking, places: npt.NDArray[np.intp]) -> Ranking:
    return rank_measured(ranking.measured.take(places), ranking.weights)


def _towns() -> pd.Series:
    return layers.municipalities()["name"]


def _map(chosen: gpd.GeoDataFrame, ranking: Ranking) -> None:
    channel = f"{session.channel()}-puzzle"
    payload = build_payload(
        municipalities=layers.municipalities(),
        locations=layers.reception_locations(),
        facilities=layers.facilities().iloc[:0],
        plots=chosen,
        shades={},
        lang=language(),
        initial=ONE_COLOUR,
        fit=True,
    )
    key = "-".join(["puzzle-map", language(), *map(str, chosen.index)])
    show_map(live_map(payload, channel), key=key, height=MAP_HEIGHT_PX)


def _notes(asked: Asked) -> None:
    for name, places in sorted(asked.short.items()):
        st.caption(t("puzzle.short", town=name, places=number(places)))
    if asked.bounded:
        st.caption(t("puzzle.bounded", towns=", ".join(asked.bounded)))
    if asked.unknown:
        st.caption(t("puzzle.unknown_gaps", count=number(len(asked.unknown))))
