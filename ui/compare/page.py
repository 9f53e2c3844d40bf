"""Page Vergelijken: two to five plots side by side, and why one stands above another."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.vocabulary import PAST_STATES, CriterionGroup
from geo import layers
from presentation.measured import measured_value
from presentation.numbers import percentage
from reports.cutout import cutout_picture
from reports.drawing.ground import MapLayers
from reports.drawing.locations import well_known
from reports.drawing.plots import Mark
from scoring.explain import open_questions, turning_weights, why_not
from scoring.indicators import Measured, months_to_first_day
from scoring.ranking import Ranking, rank_measured, score_sheet
from scoring.robustness import Robustness, robustness_of, topsis, without_each_criterion
from ui import basket, glossary, html, links, session
from ui.charts import contribution_bars, rank_chances
from ui.compare import two_weightings
from ui.first_day import ask_latest_start
from ui.kinds import choose_kind
from ui.map import shortened
from ui.nothing import nothing_to_compare
from ui.tables import show_table
from ui.text import escaped, interval, language, named, number, t
from ui.weights import current_weights, show_state

_PARTS = ("plots", "weights")
MOST = 5
_TURNING_SHOWN = 3
_SAID = 0.05
"""Points that are written as more than nought."""
_TERMS = ("score", "range", "possible_rank", "contribution", "sort.chance", "topsis", "without")


def show() -> None:
    """Show the page."""
    st.title(t("compare.title"))
    st.caption(t("compare.intro"))
    plots = session.candidate_plots()
    part = links.choose_part(
        "what", t("compare.part"), _PARTS, lambda value: t(f"compare.part.{value}")
    )
    left, right = st.columns([1, 2])
    kind = choose_kind(left)
    kader, fixed = session.kader(kind)
    if part == "weights":
        two_weightings.show(kader, fixed)
        return
    weights = current_weights(kader)
    measured = session.measured(kader)
    ranking = rank_measured(measured, weights.shares)
    starts = months_to_first_day(plots, measured.surroundings).to_numpy(dtype=float)
    by_start, soonest = _by_start(right)
    positions = ranking.order()
    if by_start:  # what is not known comes last
        positions = positions[np.argsort(starts[positions], kind="stable")]
    if soonest:
        chosen_before = plots.index[positions].isin(st.session_state.get("plots") or [])
        positions = positions[~(starts[positions] > soonest) | chosen_before]
    order = [str(ranking.plot_ids[p]) for p in positions]
    names = dict(zip(plots.index, shortened(plots["name"], language()), strict=True))
    opened = "plots" not in st.session_state
    links.take_choices("plots", order)
    if opened and not st.session_state["plots"]:
        st.session_state["plots"] = basket.to_compare(
            [i for i in order if plots.at[i, "state"] not in PAST_STATES]
        )
    chosen = right.multiselect(
        t("compare.choose"),
        order,
        key="plots",
        max_selections=MOST,
        format_func=lambda plot_id: names[plot_id],
    )
    links.put("plots", chosen)
    show_state(kader, None if fixed is None else fixed.fixed_at.date(), own=not weights.fixed)
    if len(chosen) < 2:
        if len(order) < 2:
            nothing_to_compare()
        else:
            st.info(t("compare.too_few"))
            st.button(
                t("compare.best_three"), key="best_three", on_click=_best_three, args=(order,)
            )
        return
    places = sorted(
        (int(p) for p in plots.index.get_indexer(pd.Index(chosen))),
        key=lambda p: list(positions).index(p),
    )
    labels = [_label(names[plots.index[p]], n) for n, p in enumerate(places, start=1)]
    _cutouts(plots, ranking, places, labels)
    _why(ranking, places, labels)
    _table(plots, measured, ranking, places, labels)
    _charts(measured, ranking, places, labels, kader.hash)


def _best_three(order: list[str]) -> None:
    st.session_state["plots"] = order[:3]


def _by_start(part: DeltaGenerator) -> tuple[bool, int]:
    """Ask whether plots stand by their first day, and within how many months it has to be."""
    left, right = part.columns(2, vertical_alignment="bottom")
    by_start = left.toggle(t("compare.by_start"), key="by_start", bind="query-params")
    return bool(by_start), ask_latest_start(right)


def _label(name: str, number_: int) -> str:
    short = name if len(name) <= 40 else name[:39] + "…"
    return f"{number_}. {short}"


def _cutouts(
    plots: gpd.GeoDataFrame, ranking: Ranking, places: list[int], labels: list[str]
) -> None:
    # one scale for all: half a kilometre around the largest of them
    sizes = [max(b[2] - b[0], b[3] - b[1]) for b in plots.geometry.iloc[places].bounds.to_numpy()]
    half = max(sizes) / 2 + 600
    for column, place, label in zip(st.columns(len(places)), places, labels, strict=True):
        plot_id = str(plots.index[place])
        middle = plots.geometry.iloc[place].centroid
        bounds = (middle.x - half, middle.y - half, middle.x + half, middle.y + half)
        column.markdown(f"**{escaped(label)}**")
        column.image(
            _cutout(session.view(), session.version(), plot_id, bounds, language()),
            alt=t("compare.cutout_alt", name=label),
        )
        total = interval(ranking.lower[place], ranking.upper[place])
        column.caption(t("compare.total", total=total))


@st.cache_data(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _cutout(
    seen_by: str, plots_at: str, plot_id: str, bounds: tuple[float, ...], lang: str
) -> bytes:
    plots = session.candidate_plots().loc[[plot_id]]
    west, south, east, north = bounds
    return cutout_picture(
        plots,
        [Mark(plot_id, 1, float("nan"), float("nan"))],
        MapLayers(layers.municipalities(), well_known(layers.reception_locations())),
        extent=(west, south, east, north),
        size_cm=(8.0, 6.0),
        language=lang,
        marked=(plot_id,),
        dots_per_inch=120,
    )


def _why(ranking: Ranking, places: list[int], labels: list[str]) -> None:
    st.header(t("compare.why"))
    for place, label in zip(places[1:], labels[1:], strict=True):
        found = why_not(ranking, places[0], place)
        first, other = (labels[0], label) if found.winner == places[0] else (label, labels[0])
        if found.lead <= 1e-9:
            st.markdown(t("compare.equal", one=escaped(first), other=escaped(other)))
            continue
        speaks = [d for d in found.differences if d.points >= _SAID][:3]
        against = [d for d in found.differences if d.points <= -_SAID][:2]
        parts = [
            t(
                "compare.above",
                one=escaped(first),
                other=escaped(other),
                lead=number(found.lead, 1),
                reasons=", ".join(_points(d.key, d.points) for d in speaks),
            )
        ]
        if against:
            reasons = ", ".join(_points(d.key, -d.points) for d in against)
            parts.append(t("compare.against", other=escaped(other), reasons=reasons))
        turning = sorted(
            ((f, key) for key, f in found.turning_factor.items() if f and f > 1), key=lambda x: x[0]
        )[:1]
        for factor, key in turning:
            parts.append(
                t("compare.turn", name=t(f"scoring.criterion.{key}"), times=number(factor, 1))
            )
        if not found.certain:
            parts.append(t("compare.uncertain"))
        st.markdown(" ".join(parts))


def _points(key: str, points: float) -> str:
    return t("compare.reason", name=t(f"scoring.criterion.{key}"), points=number(points, 1))


def _table(
    plots: gpd.GeoDataFrame,
    measured: Measured,
    ranking: Ranking,
    places: list[int],
    labels: list[str],
) -> None:
    st.header(t("compare.table"))
    sheets = [score_sheet(measured, ranking, plots.index[p]) for p in places]
    groups: list[dict[str, Any]] = []
    for group in CriterionGroup:
        rows = []
        for column, criterion in enumerate(measured.kader.criteria):
            if criterion.group != group:
                continue
            cells = [sheet.rows[column] for sheet in sheets]
            best = max(cell.score_low for cell in cells)
            sure = [cell.score_low for cell in cells if not cell.unknown]
            rows.append(
                {
                    "name": t(f"scoring.criterion.{criterion.key}"),
                    "help": t("glossary.name", name=t(f"scoring.criterion.{criterion.key}")),
                    "explained": t(f"scoring.criterion.{criterion.key}.explained"),
                    "weight": percentage(cells[0].weight, language(), decimals=1),
                    "cells": [
                        {
                            "value": t("frame.unknown")
                            if cell.unknown
                            else measured_value(
                                cell.value_low, cell.value_high, cell.unit, language()
                            ),
                            "score": interval(100 * cell.score_low, 100 * cell.score_high),
                            "best": not cell.unknown
                            and cell.score_low == best
                            and len(set(sure)) > 1,
                            "unknown": cell.unknown,
                        }
                        for cell in cells
                    ],
                }
            )
        if rows:
            groups.append({"name": named("CriterionGroup", group), "rows": rows})
    html.show(
        "compare_table.html",
        labels=labels,
        groups=groups,
        words={key: t(f"compare.{key}") for key in ("criterion", "weight", "best", "table")},
    )


def _charts(
    measured: Measured, ranking: Ranking, places: list[int], labels: list[str], kader_hash: str
) -> None:
    low = ranking.contributions_low[places]
    columns = {
        str(g): [i for i, c in enumerate(measured.kader.criteria) if c.group == g]
        for g in CriterionGroup
        if any(c.group == g and ranking.weights[c.key] > 0 for c in measured.kader.criteria)
    }
    left, right = st.columns(2, gap="large")
    with left:
        st.header(t("compare.contributions"))
        sums = {g: low[:, own].sum(axis=1).tolist() for g, own in columns.items()}
        st.altair_chart(contribution_bars(labels, sums), alt=t("compare.contributions_alt"))
    with right:
        st.header(t("compare.robust"))
        how = st.segmented_control(
            t("compare.draws"),
            ["near", "order"],
            default="near",
            required=True,
            wrap=True,
            key="draws",
            format_func=lambda value: t(f"compare.draws.{value}"),
        )
        shares = tuple(ranking.weights[key] for key in measured.criteria)
        found = _robustness(
            session.view(), session.version(), kader_hash, shares, how or "near", measured
        )
        st.altair_chart(
            rank_chances(labels, found.rank_chance[places]), alt=t("compare.robust_alt")
        )
        st.caption(t("compare.robust_help", draws=number(found.draws), seed=str(found.seed)))
    _second_opinion(measured, ranking, places, labels, found)


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _robustness(
    seen_by: str,
    plots_at: str,
    kader_hash: str,
    shares: tuple[float, ...],
    how: str,
    _measured: Measured,
) -> Robustness:
    weights = dict(zip(_measured.criteria, shares, strict=True))
    return robustness_of(_measured, weights, tolerance=0.3 if how == "near" else None)


def _second_opinion(
    measured: Measured,
    ranking: Ranking,
    places: list[int],
    labels: list[str],
    robust: Robustness,
) -> None:
    st.header(t("compare.second"))
    glossary.popover(_TERMS, language(), key="compare_words")
    shares = np.array([ranking.weights[key] for key in measured.criteria])
    near = topsis(measured.score_low, shares)
    topsis_rank = (-near).argsort(kind="stable").argsort() + 1
    sums = ranking.order().argsort() + 1
    left_out = without_each_criterion(measured, ranking.weights)
    rows = []
    for place in places:
        ranks = [found[place] for found in left_out.values()]
        rows.append(
            {
                t("compare.rank_sum"): int(sums[place]),
                t("compare.rank_topsis"): int(topsis_rank[place]),
                t("compare.rank_without"): f"{min(ranks)}–{max(ranks)}" if ranks else "",
                t("compare.first"): percentage(robust.first_chance[place], language()),
                t("compare.best5"): percentage(robust.among_best(5)[place], language()),
                t("compare.ask"): _question(ranking, place),
            }
        )
    show_table(
        {t("compare.plot"): labels, **{head: [row[head] for row in rows] for head in rows[0]}},
        label=t("compare.plot"),
    )
    with st.expander(t("compare.make_first")):
        for place, label in zip(places, labels, strict=True):
            shares_found = turning_weights(measured, ranking.weights, place)
            if shares_found is None:
                st.markdown(t("compare.never_first", name=escaped(label)))
                continue
            moved = sorted(
                measured.criteria, key=lambda k: -abs(shares_found[k] - ranking.weights[k])
            )[:_TURNING_SHOWN]
            moves = [
                t(
                    "compare.move",
                    name=t(f"scoring.criterion.{key}"),
                    before=number(100 * ranking.weights[key]),
                    after=number(100 * shares_found[key]),
                )
                for key in moved
                if abs(shares_found[key] - ranking.weights[key]) > 0.005
            ]
            st.markdown(
                t("compare.first_when", name=escaped(label), moves=", ".join(moves))
                if moves
                else t("compare.is_first", name=escaped(label))
            )


def _question(ranking: Ranking, place: int) -> str:
    found = [question for question in open_questions(ranking, place) if question.who]
    if not found:
        return t("compare.nothing_open")
    first = found[0]
    return t(
        "compare.ask_first",
        name=t(f"scoring.criterion.{first.key}"),
        points=number(first.narrows, 1),
        ranks=number(first.ranks),
        count=first.ranks,
    )
