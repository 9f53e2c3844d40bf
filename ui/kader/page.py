"""Page Kader: set weights in three ways, see their effect, and fix them before sites are named."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
from collections.abc import Sequence

import streamlit as st

from data.translated import in_language
from data.vocabulary import CriterionGroup, ReceptionKind
from geo import layers
from scoring.errors import CriteriaError
from scoring.kader import Kader, kader_from_text, kader_to_text
from scoring.ranking import rank_measured
from scoring.weighting import shares_of_pairs, shares_of_points, shares_of_swings
from store.access import Action, Resource, may
from store.kaders import (
    FixedKader,
    begin_search,
    fix_kader,
    fixed_kaders,
    list_searches,
    may_search_in,
    sees_all,
)
from ui import session
from ui.kader.own_layers import with_layers
from ui.kinds import choose_kind
from ui.tables import show_table
from ui.text import date, escaped, interval, language, named, number, t, told

_SHOWN = 10
_PAIR_STEPS = (1 / 9, 1 / 7, 1 / 5, 1 / 3, 1.0, 3.0, 5.0, 7.0, 9.0)


def show() -> None:
    """Show the page."""
    st.title(t("kader.title"))
    st.caption(t("kader.intro"))
    kind = choose_kind()
    used, fixed = session.kader(kind)
    if fixed is None:
        st.warning(t("kader.none_fixed", version=escaped(used.version)))
    else:
        told_of = {
            "version": escaped(fixed.version),
            "date": date(fixed.fixed_at.date()),
            "sha": fixed.sha256[:12],
        }
        if sees_all(session.actor()):
            told_of |= {"who": escaped(fixed.fixed_by), "reason": escaped(fixed.reason)}
            st.success(t("kader.fixed", **told_of))
        else:
            st.success(t("kader.fixed_when", **told_of))
    if used.day is not None:
        st.info(t("kader.day", date=date(used.day)))
    left, right = st.columns([1, 1], gap="large")
    with left:
        tried = _weigh(with_layers(used))
        tried = dataclasses.replace(tried, day=_day(used))
        tried = _rewrite(tried)
    with right:
        _effect(used, tried)
    if may(session.actor(), Action.FIX_KADER, Resource("kader")):
        _fix(kind, used, tried)
    _history(kind)


def _weigh(used: Kader) -> Kader:
    st.header(t("kader.weigh"))
    way = st.segmented_control(
        t("kader.way"),
        ["points", "swing", "pairs"],
        default="points",
        required=True,
        wrap=True,
        key="kader_way",
        format_func=lambda value: t(f"kader.way.{value}"),
    )
    st.caption(t(f"kader.way.{way}.help"))
    members = {g: [c for c in used.criteria if c.group == g] for g in CriterionGroup}
    members = {g: found for g, found in members.items() if found}
    try:
        if way == "pairs":
            # feasibility takes part only where the kader gives it weight
            shares = _pairs(used, [str(g) for g in members if used.group_weights[g] > 0])
        else:
            shares = _sliders(used, swing=way == "swing")
        return used.with_weights({k: round(100 * v, 6) for k, v in shares.items()})
    except CriteriaError as problem:
        st.error(told(problem.message))
        return used


def _sliders(used: Kader, *, swing: bool) -> dict[str, float]:
    largest = max(used.weights.values())
    points: dict[str, float] = {}
    for group in CriterionGroup:
        criteria = [c for c in used.criteria if c.group == group]
        if not criteria:
            continue
        st.markdown(f"**{named('CriterionGroup', group)}**")
        for criterion in criteria:
            start = used.weights[criterion.key] / largest if swing else used.weights[criterion.key]
            points[criterion.key] = st.number_input(
                t(f"scoring.criterion.{criterion.key}"),
                0.0,
                100.0,
                round(100 * start, 1),
                1.0,
                "%g",
                key=f"kader.{used.kind}.{swing}.{criterion.key}.{used.version}.{used.hash[:8]}",
                help=t("kader.source", source=escaped(in_language(criterion.source, language()))),
            )
    return shares_of_swings(points) if swing else shares_of_points(points)


def _pairs(used: Kader, groups: list[str]) -> dict[str, float]:
    answers = {}
    for one, other in itertools.combinations(groups, 2):
        answers[one, other] = st.select_slider(
            t(
                "kader.pair",
                one=named("CriterionGroup", one),
                other=named("CriterionGroup", other),
            ),
            _PAIR_STEPS,
            1.0,
            key=f"pair.{used.kind}.{one}.{other}",
            format_func=functools.partial(_pair_words, one=one, other=other),
        )
    found = shares_of_pairs(groups, answers)
    tell = st.success if found.consistent else st.warning
    tell(told(found.explained))
    if not found.consistent and found.worst:
        st.caption(
            t("kader.worst", names=", ".join(named("CriterionGroup", g) for g in found.worst))
        )
    shares: dict[str, float] = {}
    for group in groups:
        own = {c.key: used.weights[c.key] for c in used.criteria if c.group == group}
        total = sum(own.values())
        for key, weight in own.items():
            inner = weight / total if total else 1 / len(own)
            shares[key] = found.shares[group] * inner
    return shares


def _pair_words(value: float, one: str, other: str) -> str:
    if value == 1:
        return t("kader.pair.equal")
    winner, times = (one, value) if value > 1 else (other, 1 / value)
    return t("kader.pair.more", name=named("CriterionGroup", winner), times=number(times))


def _day(used: Kader) -> dt.date | None:
    """Ask from which day terms and months count; empty for the day on which is measured."""
    key = f"kader.day.{used.kind}.{used.hash[:8]}"
    # a day that is given as the default could not be emptied
    st.session_state.setdefault(key, used.day)
    asked = st.date_input(
        t("kader.reference_day"),
        None,
        format="DD-MM-YYYY",
        key=key,
        help=t("kader.reference_day_help"),
    )
    return asked if isinstance(asked, dt.date) else None


def _rewrite(tried: Kader) -> Kader:
    with st.expander(t("kader.text")):
        st.caption(t("kader.text_help"))
        text = st.text_area(
            t("kader.text"),
            kader_to_text(tried),
            height=320,
            key=f"kader_text.{tried.hash[:16]}",
            label_visibility="collapsed",
        )
    try:
        rewritten = kader_from_text(text or "")
    except CriteriaError as problem:
        st.error(told(problem.message))
        return tried
    if rewritten.kind != tried.kind:
        st.error(t("kader.other_kind"))
        return tried
    return rewritten


def _effect(used: Kader, tried: Kader) -> None:
    st.header(t("kader.effect"))
    plots = session.candidate_plots()
    if plots.empty:
        st.info(t("explore.empty"))
        return
    before = rank_measured(session.measured(used))
    after = rank_measured(session.measured(tried))
    old = {int(p): r for r, p in enumerate(before.order(), start=1)}
    order = after.order()[:_SHOWN]
    show_table(
        {
            t("kader.column.new"): range(1, len(order) + 1),
            t("kader.column.old"): [old[int(p)] for p in order],
            t("deliver.name"): [str(plots["name"].iloc[p] or plots.index[p])[:80] for p in order],
            t("kader.column.score"): [interval(after.lower[p], after.upper[p]) for p in order],
        },
        label=t("kader.effect"),
    )
    if tried.hash == used.hash:
        st.caption(t("kader.same"))
    st.caption(t("kader.weights"))
    show_table(
        {
            t("sheet.criterion"): [t(f"scoring.criterion.{c.key}") for c in tried.criteria],
            t("kader.column.old"): [
                number(100 * used.weights.get(c.key, 0.0), 1) for c in tried.criteria
            ],
            t("kader.column.new"): [number(100 * tried.weights[c.key], 1) for c in tried.criteria],
            t("sheet.source"): [in_language(c.source, language()) for c in tried.criteria],
        },
        label=t("kader.weights"),
        sentences=True,
        right=[t("kader.column.old"), t("kader.column.new")],
    )


def _fix(kind: ReceptionKind, used: Kader, tried: Kader) -> None:
    st.header(t("kader.fix"))
    done = st.session_state.pop("kader_fixed", None)
    if done:
        st.success(t("kader.fixed_now", version=escaped(done)))
    with st.form("fix_kader", border=False):
        left, right = st.columns([1, 3])
        version = left.text_input(t("kader.version"), max_chars=60)
        reason = right.text_input(t("kader.reason"), max_chars=1000)
        pressed = st.form_submit_button(t("kader.fix_button"), type="primary", key="fix_button")
    if pressed:
        if not version.strip():
            st.error(t("kader.version_needed"))
            return
        named_ = kader_from_text(
            kader_to_text(tried).replace(
                f'version = "{tried.version}"', f'version = "{_safe(version)}"', 1
            )
        )
        fix_kader(
            session.store(),
            session.actor(),
            kind=str(kind),
            version=named_.version,
            sha256=named_.hash,
            text=kader_to_text(named_),
            reason=reason,
        )
        st.session_state["kader_fixed"] = named_.version
        st.rerun()


def _safe(version: str) -> str:
    return "".join(c for c in version.strip() if c.isprintable() and c not in '"\\')[:60]


def _history(kind: ReceptionKind) -> None:
    found = fixed_kaders(session.store(), session.actor(), str(kind))
    if not found:
        return
    st.header(t("kader.history"))
    actor = session.actor()
    columns: dict[str, Sequence[object]] = {
        t("kader.version"): [k.version for k in found],
        t("history.when"): [date(k.fixed_at.date()) for k in found],
    }
    known = [len(k.known_plots) for k in found]
    if sees_all(actor):
        columns |= {
            t("history.who"): [k.fixed_by for k in found],
            t("history.why"): [k.reason for k in found],
            t("kader.known"): known,
        }
    else:
        columns[t("kader.known_own")] = known
    show_table(columns | {"SHA-256": [k.sha256[:16] for k in found]}, label=t("kader.history"))
    _searches(kind, found)


def _searches(kind: ReceptionKind, found: Sequence[FixedKader]) -> None:
    towns = layers.municipality_names()
    actor = session.actor()
    where = [str(code) for code in towns.index if may_search_in(actor, str(code))]
    with st.form("begin_search", border=False):
        area = st.multiselect(
            t("kader.area"),
            where,
            default=[] if may_search_in(actor, None) else where,
            format_func=lambda code: str(towns[code]),
        )
        if st.form_submit_button(t("kader.begin"), key="begin_search_button"):
            begin_search(
                session.store(), session.actor(), kind=str(kind), area=area, kader=found[0].number
            )
    searches = [s for s in list_searches(session.store(), session.actor()) if s.kind == kind]
    if searches:
        versions = {k.number: k.version for k in found}
        show_table(
            {
                t("history.when"): [date(s.begun_at.date()) for s in searches],
                t("kader.version"): [versions.get(s.kader, "") for s in searches],
                t("kader.area"): [
                    ", ".join(str(towns.get(c, c)) for c in s.area) or t("kader.everywhere")
                    for s in searches
                ],
            },
            label=t("kader.search"),
        )
