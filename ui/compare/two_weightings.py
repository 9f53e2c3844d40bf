"""Show what another weighting changes: two maps that move as one, and the differences in words."""

from __future__ import annotations

from collections.abc import Mapping

import folium
import numpy as np
import streamlit as st

from data.vocabulary import CriterionGroup
from geo import layers
from presentation.numbers import whole_shares
from scoring.indicators import Measured
from scoring.kader import Kader
from scoring.ranking import Ranking, rank_measured
from store.kaders import FixedKader
from ui import links, session
from ui.explore.model import PlotFilter, combine_weights, default_points, limit_flags, painted
from ui.explore.model import ranked as takes_part
from ui.map import build_payload, live_map, shortened, show_map
from ui.nothing import nothing_to_compare
from ui.text import escaped, language, named, number, t
from ui.weights import current_weights, state_words

_KADER, _OWN, _ALIKE = "kader", "own", "alike"
MAP_HEIGHT_PX = 430
_FIRST = 5
_HEAVY = 3
"""A group that is put first weighs so many times as much as in the kader."""


def show(kader: Kader, fixed: FixedKader | None) -> None:
    """Show the part of the page."""
    measured, plots = session.measured(kader), session.candidate_plots()
    kept = np.flatnonzero(takes_part(plots, PlotFilter()))
    if not len(kept):
        nothing_to_compare()
        return
    measured = measured.take(kept)
    ways = _ways(kader)
    sides = st.columns(2)
    rankings = []
    for place, (side, first) in enumerate(
        zip(sides, (_KADER, _OWN if _OWN in ways else _ALIKE), strict=True)
    ):
        key = f"way_{place}"
        links.take_choice(key, list(ways), first)
        way = side.selectbox(
            t(f"compare.way.{place}"),
            list(ways),
            key=key,
            format_func=lambda way: _named(way, kader, fixed),
        )
        links.put(key, str(way), first)
        rankings.append(rank_measured(measured, ways[str(way)]))
        side.caption(_groups(rankings[-1]))
    with st.container(key="two-words"):
        for line in told(rankings[0], rankings[1]):
            st.markdown(line)
    for place, (side, ranking) in enumerate(zip(st.columns(2), rankings, strict=True)):
        chart = _chart(
            session.view(),
            session.version(),
            language(),
            session.channel(),
            place,
            tuple(ranking.weights.values()),
            kader.hash,
            session.figures_key(),
            ranking,
            measured,
        )
        with side:
            st.markdown(f"**{_named(str(st.session_state[f'way_{place}']), kader, fixed)}**")
            show_map(
                chart,
                key=f"two-{place}-{language()}-{session.seen_version()}-{hash(str(ranking.weights))}",
                height=MAP_HEIGHT_PX,
            )
    st.caption(t("compare.together"))


def _ways(kader: Kader) -> dict[str, Mapping[str, float]]:
    """Give the weightings to choose from, as shares by criterion."""
    groups, criteria = default_points(kader)
    ways: dict[str, Mapping[str, float]] = {_KADER: dict(kader.weights)}
    own = current_weights(kader)
    if not own.fixed:
        ways[_OWN] = own.shares
    counted = [group for group in CriterionGroup if groups.get(group)]

    def shares(points: Mapping[CriterionGroup, float]) -> Mapping[str, float]:
        return combine_weights(kader, points, criteria, (groups, criteria)).shares

    ways[_ALIKE] = shares({group: 100.0 if group in counted else 0.0 for group in groups})
    for group in counted:
        points = {g: float(p) * (_HEAVY if g == group else 1) for g, p in groups.items()}
        ways[str(group)] = shares(points)
    return ways


def _named(way: str, kader: Kader, fixed: FixedKader | None) -> str:
    if way == _KADER:
        on = None if fixed is None else fixed.fixed_at.date()
        return state_words(kader, on, own=False)
    if way == _OWN:
        return state_words(kader, None, own=True)
    if way == _ALIKE:
        return t("compare.way.alike")
    return t("compare.way.heavy", group=named("CriterionGroup", way), times=number(_HEAVY))


def _groups(ranking: Ranking) -> str:
    """Say how heavy each group weighs: ``omvang 35, voorzieningen 39, integratie 26``."""
    sums: dict[CriterionGroup, float] = {}
    for criterion in ranking.kader.criteria:
        weight = ranking.weights[criterion.key]
        sums[criterion.group] = sums.get(criterion.group, 0.0) + weight
    return ", ".join(
        f"{named('CriterionGroup', group)} {points}"
        for group, points in whole_shares(sums).items()
        if sums[group] > 0
    )


def told(one: Ranking, other: Ranking) -> list[str]:
    """Say in words what differs between two rankings of the same plots."""
    names = dict(
        zip(
            one.plot_ids,
            shortened(session.candidate_plots()["name"].loc[list(one.plot_ids)], language()),
            strict=True,
        )
    )
    orders = [[str(r.plot_ids[p]) for p in r.order()] for r in (one, other)]
    places = [{plot_id: k + 1 for k, plot_id in enumerate(order)} for order in orders]
    said = {plot_id: escaped(name) for plot_id, name in names.items()}
    first, then = orders[0][0], orders[1][0]
    lines = [
        t("compare.two.same_first", name=said[first])
        if first == then
        else t("compare.two.first", one=said[first], other=said[then])
    ]
    size = min(_FIRST, len(orders[0]))
    before, after = set(orders[0][:size]), set(orders[1][:size])
    if before == after:
        lines.append(t("compare.two.same_best", count=number(size)))
    else:
        comes = [said[i] for i in orders[1][:size] if i not in before]
        goes = [said[i] for i in orders[0][:size] if i not in after]
        lines.append(
            t("compare.two.best", count=number(size), comes=", ".join(comes), goes=", ".join(goes))
        )
    most = max(orders[0], key=lambda i: (abs(places[0][i] - places[1][i]), -places[0][i]))
    if places[0][most] != places[1][most]:
        lines.append(
            t(
                "compare.two.most",
                name=said[most],
                before=number(places[0][most]),
                after=number(places[1][most]),
            )
        )
    return lines


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _chart(
    seen_by: str,
    plots_at: str,
    lang: str,
    channel: str,
    place: int,
    shares: tuple[float, ...],
    kader_hash: str,
    figures_at: str,
    _ranking: Ranking,
    _measured: Measured,
) -> folium.Map:
    plots = session.candidate_plots().loc[list(_ranking.plot_ids)]
    payload = build_payload(
        municipalities=layers.municipalities(),
        locations=layers.reception_locations().iloc[:0],
        facilities=layers.facilities().iloc[:0],
        plots=plots,
        shades={},
        lang=lang,
        version=session.seen_version(),
        painted=painted(_ranking, limit_flags(_measured)),
        together=f"{channel}-together",
    )
    return live_map(payload, f"{channel}-two-{place}")
