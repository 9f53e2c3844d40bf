"""Page Verkennen: map, ranked list and score sheet of the candidate plots."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import folium
import geopandas as gpd
import numpy as np
import streamlit as st

from data.vocabulary import (
    CriterionGroup,
    LocationStatus,
    ObjectKind,
    OwnerKind,
    PlotState,
    ReceptionKind,
)
from geo import layers
from presentation.symbols import KIND_SYMBOLS, STATUS_STYLES, SUITABILITY_CLASSES, svg_symbol
from scoring.indicators import Measured
from scoring.kader import Kader
from scoring.ranking import Ranking, rank_measured, score_sheet
from store.kaders import FixedKader
from store.plots import remove_examples
from ui import downloads, html, links, practice, session
from ui.components import ranked_list
from ui.explore import plot_history
from ui.explore.model import (
    LimitFlags,
    PlotFilter,
    Weights,
    combine_weights,
    default_points,
    limit_flags,
    listed,
    plot_codes,
    rank_words,
    shown,
    suitability_classes,
)
from ui.explore.score_sheet import sheet_html
from ui.kinds import choose_kind
from ui.map import build_payload, extent_from_text, live_map, shortened, show_map
from ui.shades import SHADES, municipality_shades
from ui.text import date, language, named, number, t

LIST_STEP = 40
LIST_HEIGHT_PX = 360
MAP_HEIGHT_PX = 620


def show() -> None:
    """Show the page."""
    st.title(t("explore.title"))
    _examples_note()
    left, right = st.columns([11, 9], gap="medium")
    with left, st.container(key="kaart-vast"):
        _map()
        _legend()
    with right:
        _panel()


def _examples_note() -> None:
    fictional = int(session.candidate_plots()["fictional"].fillna(False).sum())
    if not fictional:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="voorbeelden"):
        st.caption(t("explore.examples", count=number(fictional)))
        if st.button(t("explore.remove_examples"), key="remove_examples", type="tertiary"):
            remove_examples(session.store(), session.actor())
            st.rerun()


# --- the map, outside the part that reruns -------------------------------------------------------


def _map() -> None:
    chart = _chart(
        session.actor().name, session.version(), language(), session.channel(), *_first_extent()
    )
    show_map(chart, key=f"map-{language()}-{session.version()}", height=MAP_HEIGHT_PX)


def _first_extent() -> tuple[tuple[float, float] | None, float | None]:
    """Take the extent of the address once, so that later reruns do not mount the map anew."""
    if "_extent" not in st.session_state:
        st.session_state["_extent"] = extent_from_text(st.query_params.get("view"))
    found = st.session_state["_extent"]
    return found if found else (None, None)


@st.cache_resource(max_entries=12, show_spinner=False)
def _chart(
    actor_name: str,
    plots_at: str,
    lang: str,
    channel: str,
    centre: tuple[float, float] | None,
    zoom: float | None,
) -> folium.Map:
    payload = _payload(actor_name, plots_at, lang)
    if centre is None or zoom is None:
        return live_map(payload, channel)
    return live_map(payload, channel, centre=centre, zoom=zoom)


@st.cache_resource(max_entries=6, show_spinner=False)
def _payload(actor_name: str, plots_at: str, lang: str) -> str:
    return build_payload(
        municipalities=layers.municipalities(),
        locations=layers.reception_locations(),
        facilities=layers.facilities(),
        plots=session.candidate_plots(),
        shades=municipality_shades(lang),
        lang=lang,
    )


def _legend() -> None:
    opened = LocationStatus.OPEN
    html.show(
        "legend.html",
        words={
            key: t(f"legend.{key}")
            for key in (
                "title",
                "plots",
                "interval",
                "blocked",
                "kinds",
                "statuses",
                "imprecise",
            )
        },
        classes=[(style.colour, t(style.label_key)) for style in SUITABILITY_CLASSES],
        kinds=[
            (html.image(svg_symbol(kind, opened, 15)), t(symbol.label_key))
            for kind, symbol in KIND_SYMBOLS.items()
        ],
        statuses=[
            (
                html.image(svg_symbol(ReceptionKind.AZC, status, 15)),
                t(style.label_key),
            )
            for status, style in STATUS_STYLES.items()
        ],
    )


# --- the panel: the only part that reruns when a weight moves ------------------------------------


@st.fragment
def _panel() -> None:
    kind = choose_kind()
    kader, fixed = session.kader(kind)
    weights = _weights(kader, fixed)
    measured = session.measured(kader)
    ranking = rank_measured(measured, weights.shares)
    plots = session.candidate_plots()
    flags = _flags(measured)
    chosen, order, shade = _view(plots)
    visible = shown(plots, flags, chosen)
    selected = _selected(plots, visible)
    _list(plots, ranking, flags, visible, selected, order=order, shade=shade)
    if 0 <= selected < len(plots):
        _sheet(plots, measured, ranking, selected)
        practice.alike(plots.iloc[selected], str(kind))
        plot_history.show(plots, str(plots.index[selected]))
    elif len(plots):
        st.info(t("explore.choose_plot"))
    downloads.show(kind=kind, plots=plots, measured=measured, ranking=ranking)


def _weights(kader: Kader, fixed: FixedKader | None) -> Weights:
    """Show the sliders of the three groups and, folded away, of every criterion."""
    defaults = default_points(kader)
    group_points: dict[CriterionGroup, float] = {}
    for column, group in zip(st.columns(3), CriterionGroup, strict=True):
        group_points[group] = column.slider(
            named("CriterionGroup", group),
            0,
            100,
            defaults[0].get(group, 0),
            key=f"{kader.kind}.{group}",
            bind="query-params",
            persist_state="session",
            help=t("explore.group_weight_help"),
        )
    criterion_points = _criterion_points(kader, defaults[1])
    weights = combine_weights(kader, group_points, criterion_points, defaults)
    with st.container(horizontal=True, vertical_alignment="center"):
        html.show(
            "weights_badge.html",
            words=_badge(kader, weights, fixed),
            fixed=weights.fixed and fixed is not None,
        )
        if not weights.fixed:
            st.button(
                t("explore.reset_weights"),
                key="reset_weights",
                type="tertiary",
                on_click=_reset_weights,
                args=(kader,),
            )
    if fixed is not None:
        known = set(fixed.known_plots) & set(session.candidate_plots().index)
        st.caption(
            t("explore.known_before", count=number(len(known)))
            if known
            else t("explore.rules_first")
        )
    return weights


def _criterion_points(kader: Kader, defaults: Mapping[str, float]) -> dict[str, float]:
    """Show a slider for every criterion when that is unfolded; else take where they stand.

    What is folded away is not sent: sixteen sliders would travel at every move of another.
    """
    keys = {criterion.key: f"{kader.kind}.{criterion.key}" for criterion in kader.criteria}
    folded = st.expander(
        t("explore.criterion_weights"),
        expanded=any(key in st.query_params for key in keys.values()),
        key=f"criteria_{kader.kind}",
        on_change="rerun",
    )
    if not folded.open:
        return {
            name: float(st.session_state.get(key, defaults[name])) for name, key in keys.items()
        }
    points: dict[str, float] = {}
    with folded:
        st.caption(t("explore.criterion_weights_help"))
        for group in CriterionGroup:
            st.markdown(f"**{named('CriterionGroup', group)}**")
            for criterion in (c for c in kader.criteria if c.group == group):
                points[criterion.key] = st.slider(
                    t(f"scoring.criterion.{criterion.key}"),
                    0,
                    100,
                    int(defaults[criterion.key]),
                    key=keys[criterion.key],
                    bind="query-params",
                    persist_state="session",
                )
    return {name: points[name] for name in keys}


def _badge(kader: Kader, weights: Weights, fixed: FixedKader | None) -> str:
    shares = " · ".join(
        t(
            "explore.group_share",
            group=named("CriterionGroup", group),
            share=number(100 * share),
        )
        for group, share in weights.groups.items()
    )
    if not weights.fixed:
        return t("explore.badge_exploration", shares=shares)
    if fixed is None:
        return t("explore.badge_not_fixed", version=kader.version, shares=shares)
    day = date(fixed.fixed_at.date())
    return t("explore.badge_kader", version=kader.version, date=day, shares=shares)


def _reset_weights(kader: Kader) -> None:
    groups, criteria = default_points(kader)
    for key, points in [*groups.items(), *criteria.items()]:
        st.session_state[f"{kader.kind}.{key}"] = points


@st.cache_resource(max_entries=18, show_spinner=False, hash_funcs={Measured: id})
def _flags(measured: Measured) -> LimitFlags:
    return limit_flags(measured)


def _view(plots: gpd.GeoDataFrame) -> tuple[PlotFilter, str, str]:
    """Show how the list is sorted, what shades the municipalities, and the filters."""
    links.take_choice("order", ("lower", "upper"), "lower")
    links.take_choice("shade", ("none", *SHADES), "none")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox(
            t("explore.order"),
            ["lower", "upper"],
            key="order",
            persist_state="session",
            format_func=lambda value: t(f"explore.order.{value}"),
            help=t("explore.order_help"),
        )
        shade = st.selectbox(
            t("explore.shade"),
            ["none", *SHADES],
            key="shade",
            persist_state="session",
            format_func=lambda value: t(f"explore.shade.{value}"),
        )
        with st.popover(t("explore.filter"), icon=":material/filter_alt:"):
            chosen = _filter(plots)
    links.put("order", str(order), "lower")
    links.put("shade", str(shade), "none")
    return chosen, str(order), str(shade)


def _filter(plots: gpd.GeoDataFrame) -> PlotFilter:
    names = layers.municipalities()["name"]
    found = set(plots["municipality_code"].dropna().unique())
    present = [code for code in names.index if code in found]
    choices = {
        "municipality": present,
        "state": [str(state) for state in PlotState],
        "owner": [str(owner) for owner in OwnerKind],
        "object": [str(kind) for kind in ObjectKind],
    }
    for key, options in choices.items():
        links.take_choices(key, options)
    text = st.text_input(t("explore.filter.text"), key="q", bind="query-params", max_chars=200)
    towns = st.multiselect(
        t("explore.filter.municipalities"),
        present,
        key="municipality",
        format_func=lambda code: str(names[code]),
    )
    states = st.multiselect(
        t("explore.filter.states"),
        choices["state"],
        key="state",
        format_func=lambda value: named("PlotState", value),
    )
    owners = st.multiselect(
        t("explore.filter.owners"),
        choices["owner"],
        key="owner",
        format_func=lambda value: named("OwnerKind", value),
    )
    objects = st.multiselect(
        t("explore.filter.objects"),
        choices["object"],
        key="object",
        format_func=lambda value: named("ObjectKind", value),
    )
    smallest = st.number_input(
        t("explore.filter.area"), 0, 1_000_000, 0, 500, key="area", bind="query-params"
    )
    blocked = st.toggle(t("explore.filter.blocked"), key="unblocked", bind="query-params")
    for key, values in zip(choices, (towns, states, owners, objects), strict=True):
        links.put(key, values)
    return PlotFilter(
        text=text or "",
        municipalities=frozenset(towns),
        states=frozenset(states),
        owners=frozenset(owners),
        objects=frozenset(objects),
        smallest_area_m2=float(smallest or 0),
        without_blocked=bool(blocked),
    )


def _selected(plots: gpd.GeoDataFrame, visible: np.ndarray) -> int:
    """Give the position of the selected plot, -1 for none; the choice stands in the address."""
    answer = st.session_state.get("ranked_list") or {}
    answered = answer.get("count", 0)
    index = answer.get("index")
    if index is not None and answered != st.session_state.get("_answered"):
        st.session_state["_answered"] = answered
        if isinstance(index, int) and 0 <= index < len(plots):
            st.query_params["plot"] = str(plots.index[index])
    asked = st.query_params.get("plot")
    if asked is None or asked not in plots.index:
        return -1
    place = plots.index.get_loc(asked)
    return int(place) if visible[place] else -1


def _list(
    plots: gpd.GeoDataFrame,
    ranking: Ranking,
    flags: LimitFlags,
    visible: np.ndarray,
    selected: int,
    *,
    order: str,
    shade: str,
) -> None:
    answer = st.session_state.get("ranked_list") or {}
    wanted = int(answer.get("more") or 0) + LIST_STEP if answer.get("more") else 0
    at_most = max(LIST_STEP, wanted, int(st.session_state.get("_listed", 0)))
    at_most = min(at_most, 1000)
    st.session_state["_listed"] = at_most
    places = listed(ranking, visible, by=order, at_most=at_most, selected=selected)
    towns = layers.municipalities()["name"]
    classes = suitability_classes(ranking.lower[places])
    possible = rank_words(ranking.rank_best[places].tolist(), ranking.rank_worst[places].tolist())
    names = shortened(plots["name"].iloc[places], language())
    ranks = _ranks(ranking, visible, order)
    areas_m2 = plots.geometry.iloc[places].area.to_numpy()
    codes = plots["municipality_code"].to_numpy()
    rows = []
    for row, place in enumerate(places.tolist()):
        flag = (
            t("explore.flag.blocked")
            if flags.blocked[place]
            else t("explore.flag.risk")
            if flags.risk[place]
            else t("explore.flag.procedure")
            if flags.procedure[place]
            else ""
        )
        town = towns.get(codes[place], t("explore.town_unknown"))
        rows.append(
            [
                place,
                str(ranks[place]),
                "" if possible[row] == str(ranks[place]) else possible[row],
                names[row],
                t("explore.row_where", town=town, area=_area(areas_m2[row])),
                round(float(ranking.lower[place])),
                round(float(ranking.upper[place])),
                SUITABILITY_CLASSES[int(classes[row])].colour,
                flag,
                bool(flags.blocked[place]),
            ]
        )
    count = int(visible.sum())
    st.caption(
        t("explore.count", count=number(count))
        if count == len(plots)
        else t("explore.count_filtered", count=number(count), all=number(len(plots)))
    )
    ranked_list(
        key="ranked_list",
        channel=session.channel(),
        codes=base64.b64encode(plot_codes(ranking, flags, visible)).decode(),
        rows=rows,
        selected=selected,
        shade=shade,
        height=LIST_HEIGHT_PX,
        language=language(),
        texts={
            "label": t("explore.list"),
            "empty": t("explore.empty"),
            "more": t("explore.more"),
            "score": t("explore.score"),
        },
        more=count > at_most,
        zoom=0,
    )


def _ranks(ranking: Ranking, visible: np.ndarray, order: str) -> np.ndarray:
    """Give the place in the list of each plot, among all plots: equal scores share a place."""
    totals = np.round(ranking.upper if order == "upper" else ranking.lower, 9)
    return np.asarray(len(totals) - np.searchsorted(np.sort(totals), totals, side="right") + 1)


def _area(area_m2: float) -> str:
    if area_m2 >= 10_000:
        return t("sheet.unit.ha", value=number(area_m2 / 10_000, 1))
    return t("sheet.unit.m2", value=number(area_m2))


def _sheet(plots: gpd.GeoDataFrame, measured: Measured, ranking: Ranking, place: int) -> None:
    plot = plots.iloc[place]
    town = layers.municipalities()["name"].get(plot["municipality_code"])
    where = str(town) if town is not None else t("explore.town_unknown")
    if town is not None and not bool(plot.get("municipality_certain", True)):
        where = t("explore.town_uncertain", town=town)
    st.html(
        sheet_html(
            score_sheet(measured, ranking, plots.index[place]),
            ranking,
            place,
            plot,
            name=shortened([plot["name"]], language(), at_most=5000)[0],
            municipality=where,
            area_m2=float(plot.geometry.area),
        )
    )
