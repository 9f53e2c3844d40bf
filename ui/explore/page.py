"""Page Verkennen: map, ranked list and score sheet of the candidate plots as one instrument."""

from __future__ import annotations

from typing import Any

import folium
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import streamlit as st

from data.vocabulary import (
    Confidentiality,
    LocationStatus,
    ObjectKind,
    OwnerKind,
    PlotState,
    ReceptionKind,
    Zoning,
)
from geo import layers
from geo.cadastral import LookupFailedError
from messages import Message
from presentation.symbols import (
    KIND_SYMBOLS,
    STATUS_STYLES,
    SUITABILITY_CLASSES,
    plot_sign,
    svg_symbol,
)
from presentation.words import suitability_label
from scoring.indicators import Measured, capacity, months_to_first_day
from scoring.kader import Kader
from scoring.ranking import Ranking, rank_measured
from scoring.robustness import robustness_of
from store.access import Action, may, resource_of
from store.attachments import list_attachments
from store.audit import record
from store.kaders import FixedKader, sees_all
from store.plots import remove_examples
from ui import basket, done, downloads, first_day, html, links, plan, practice, session
from ui.components import plot_panel, score_matrix, weights_bar
from ui.dialog import open_dialog
from ui.explore import answers, attachments, change, plot_history, walking
from ui.explore.find import Found, find, find_at_pdok
from ui.explore.instrument import (
    SORTS,
    answerable,
    first_questions,
    lead_sort,
    matrix_payload,
    mostly_unknown,
    panel_data,
    sheet_data,
    weights_data,
)
from ui.explore.model import LimitFlags, PlotFilter, Weights, limit_flags, ranked, shown
from ui.explore.score_sheet import facts
from ui.kinds import choose_kind
from ui.map import build_payload, extent_from_text, live_map, show_map
from ui.shades import SHADES, municipality_shades
from ui.text import escaped, language, named, number, t, told
from ui.told import told_errors
from ui.weights import current_points, current_weights, keep_points, state_words

_LEAST = {"places": 10_000, "term": 600, "area": 1_000_000}
"""Filters that are a number, and the most that each takes."""


def show() -> None:
    """Show the page."""
    st.html(html.TEMPLATES / "explore.css")
    with st.container(key="explore-title"):
        # out of sight, for who hears the page: no link that takes the focus where none is seen
        st.title(t("explore.title"), anchor=False)
    with st.container(key="explore-map"):
        _map()
    with st.container(key="explore-legend"):
        _legend()
    _instrument()
    _examples_note()


def _examples_note() -> None:
    fictional = int(session.candidate_plots()["fictional"].fillna(False).sum())
    if not fictional:
        return
    with st.container(key="explore-note", horizontal=True, vertical_alignment="center"):
        st.caption(t("explore.examples", count=fictional))
        if st.button(t("explore.remove_examples"), key="remove_examples", type="tertiary"):
            open_dialog("explore.remove_examples", "small", _remove_when_sure, fictional)


def _remove_when_sure(count: int) -> None:
    st.write(t("explore.remove_examples_ask", count=count))
    with st.container(horizontal=True):
        if st.button(t("explore.remove_examples"), key="remove_yes", type="primary"):
            remove_examples(session.store(), session.actor())
            st.rerun()
        if st.button(t("explore.keep_examples"), key="remove_no"):
            st.rerun()


# --- the map, outside the part that reruns -------------------------------------------------------


def _map() -> None:
    walk = walking.for_map(language())
    chart = _chart(
        session.view(), session.version(), session.figures_key(), language(),
        tuple(walk.items()), session.channel(), *_first_extent(),
    )  # fmt: skip
    # of what is in sight alone: a key reaches the browser
    shown = f"{session.seen_version()}-{session.seen_figures()}"
    show_map(chart, key=f"map-{language()}-{shown}", height=_FALLBACK_HEIGHT_PX)


_FALLBACK_HEIGHT_PX = 700
"""The style sheet lets the map fill what is left of the window; this is where it does not reach."""


def _first_extent() -> tuple[tuple[float, float] | None, float | None]:
    """Take the extent of the address once, so that later reruns do not mount the map anew."""
    if "_extent" not in st.session_state:
        st.session_state["_extent"] = extent_from_text(st.query_params.get("view"))
    found = st.session_state["_extent"]
    return found if found else (None, None)


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _chart(
    seen_by: str,
    plots_at: str,
    figures_at: str,
    lang: str,
    walk: tuple[tuple[str, str], ...],
    channel: str,
    centre: tuple[float, float] | None,
    zoom: float | None,
) -> folium.Map:
    payload = _payload(seen_by, plots_at, figures_at, lang, walk)
    if centre is None or zoom is None:
        return live_map(payload, channel)
    return live_map(payload, channel, centre=centre, zoom=zoom)


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _payload(
    seen_by: str, plots_at: str, figures_at: str, lang: str, walk: tuple[tuple[str, str], ...]
) -> str:
    return build_payload(
        municipalities=layers.municipalities(),
        locations=layers.reception_locations(),
        facilities=layers.facilities(),
        plots=session.candidate_plots(),
        shades=municipality_shades(lang),
        lang=lang,
        version=session.seen_version(),
        walk=dict(walk),
    )


def _legend() -> None:
    """Show a strip under the map with the signs that matter, and the whole legend on demand."""
    opened = LocationStatus.OPEN
    html.show(
        "legend_strip.html",
        words={key: t(f"legend.{key}") for key in ("scale", "least", "most")},
        ramp=[style.colour for style in SUITABILITY_CLASSES],
        signs=[
            (html.image(plot_sign(uncertain=True)), t("legend.interval")),
            (html.image(plot_sign(blocked=True)), t("legend.blocked")),
            (html.image(svg_symbol(ReceptionKind.AZC, opened, 14)), t("legend.site")),
        ],
    )
    with st.popover(t("legend.more"), key="legend-more"):
        html.show(
            "legend.html",
            words={
                key: t(f"legend.{key}")
                for key in (
                    *("title", "plots", "interval", "blocked"),
                    *("kinds", "statuses", "imprecise"),
                )
            },
            classes=[
                (style.colour, suitability_label(place, language(), fixed=False))
                for place, style in enumerate(SUITABILITY_CLASSES)
            ],
            kinds=[
                (html.image(svg_symbol(kind, opened, 15)), t(symbol.label_key))
                for kind, symbol in KIND_SYMBOLS.items()
            ],
            statuses=[
                (html.image(svg_symbol(ReceptionKind.AZC, status, 15)), t(style.label_key))
                for status, style in STATUS_STYLES.items()
            ],
        )


# --- the instrument: the only part that reruns when a weight is let go ---------------------------


@st.fragment
def _instrument() -> None:
    with told_errors(), session.asked_once():
        _instrument_of_now()


def _instrument_of_now() -> None:
    plots = session.candidate_plots()
    with st.container(key="explore-bar"):
        with st.container(key="explore-kind"):
            kind = choose_kind()
        kader, fixed = session.kader(kind)
        measured = session.measured(kader)
        flags = _flags(measured)
        score_matrix(
            key="score_matrix",
            data=session.channel().encode()
            + _matrix(session.view(), session.version(), kader.hash, language(), measured),
            height=1,
        )
        weights = _weights(kader, fixed)
        with st.container(key="explore-find"):
            _find_box()
        chosen, shade = _view(plots)
    ranking = rank_measured(measured, weights.shares)
    room = capacity(plots, kader) if chosen.fewest_places and len(plots) else None
    starts = (
        months_to_first_day(plots, measured.surroundings) if chosen.latest_start_months else None
    )
    visible = shown(plots, flags, chosen, room, starts)
    with st.container(key="explore-panel"):
        done.show()
        _found(plots)
        selected = _panel(plots, measured, ranking, visible, shade=shade, chosen=chosen)
        if selected is not None:
            _note_read(plots, selected)
            _tab(plots, selected, kind)
        _dialog(plots, ranking, selected)
        downloads.show(
            kind=kind, plots=plots, kept=ranked(plots, chosen), measured=measured, ranking=ranking
        )
    _tray(plots)


_ASKED = "_dialog_asked"


def _dialog(plots: gpd.GeoDataFrame, ranking: Ranking, selected: str | None) -> None:
    """Open the dialog that was asked for last, where there is a plot and one may change it."""
    asked = st.session_state.pop(_ASKED, None)
    if asked is None or selected is None or not _may_change(plots, selected):
        return
    if asked == "change":
        change.open_change(selected)
    else:
        place = int(plots.index.get_loc(selected))
        answers.ask(plots, selected, answerable(first_questions(ranking, plots, place)))


def _may_change(plots: gpd.GeoDataFrame, plot_id: str) -> bool:
    return may(session.actor(), Action.CHANGE_PLOTS, resource_of(plots.loc[plot_id]))


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False, hash_funcs={Measured: id})
def _matrix(seen_by: str, plots_at: str, kader: str, lang: str, measured: Measured) -> bytes:
    return matrix_payload(
        session.candidate_plots(),
        measured,
        _flags(measured),
        layers.municipalities()["name"],
        version=session.seen_version(),
        lang=lang,
    )


def _weights(kader: Kader, fixed: FixedKader | None) -> Weights:
    """Show the weights bar; what it let go was kept by its callback before this run."""
    weights = current_weights(kader)
    weights_bar(
        key="weights_bar",
        data=weights_data(
            kader,
            weights,
            current_points(kader),
            channel=session.channel(),
            lang=language(),
            badge=_badge(kader, fixed),
            fixed=fixed is not None,
        ),
        on_weights_change=_keep_weights,
    )
    return weights


def _keep_weights() -> None:
    given = _told_by("weights_bar", "weights")
    # a browser may say anything: what the bar never says is passed over
    if isinstance(given, dict) and given.get("kind") in list(ReceptionKind):
        keep_points(session.kader(ReceptionKind(given["kind"]))[0], given)


def _badge(kader: Kader, fixed: FixedKader | None) -> str:
    if fixed is None:
        return state_words(kader, None, own=False)
    known = set(fixed.known_plots) & set(session.candidate_plots().index)
    words = state_words(kader, fixed.fixed_at.date(), own=False)
    if not sees_all(session.actor()):
        # who sees a part of the plots cannot be told how many of all were known, nor that none was
        return words
    after = t("explore.known_before", count=len(known)) if known else t("explore.rules_first")
    return f"{words} {after}"


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False, hash_funcs={Measured: id})
def _flags(measured: Measured) -> LimitFlags:
    return limit_flags(measured)


def _find_box() -> None:
    st.text_input(
        t("explore.find"),
        key="find",
        placeholder=t("explore.find"),
        label_visibility="collapsed",
        icon=":material/search:",
        max_chars=100,
    )


def _found(plots: gpd.GeoDataFrame) -> None:
    """Show what the search found, to go there."""
    sought = str(st.session_state.get("find") or "")
    if len(sought.strip()) < 2:
        return
    results = find(sought, plots, layers.municipalities())
    with st.container(key="explore-found"):
        if not results:
            st.caption(t("explore.found_nothing", text=escaped(sought[:60])))
        for place, one in enumerate([*results, *_asked_of_pdok(sought, nothing=not results)]):
            st.button(
                escaped(one.label[:80]) + " · " + t(f"explore.found.{one.kind}"),
                key=f"found_{place}",
                type="tertiary",
                on_click=_go,
                args=(one,),
            )


_AT_PDOK = "_at_pdok"


def _asked_of_pdok(sought: str, *, nothing: bool) -> list[Found]:
    """Offer to ask PDOK, which is asked only when the user says so; give what it found.

    What has a number in it may be an address or parcel; so may what is found nowhere else.
    """
    asked, answer = st.session_state.get(_AT_PDOK, ("", []))
    if asked != sought:
        if nothing or any(sign.isdigit() for sign in sought):
            st.button(
                t("explore.find_at_pdok"),
                key="find_at_pdok",
                icon=":material/travel_explore:",
                on_click=_ask_pdok,
                args=(sought,),
            )
        return []
    if isinstance(answer, Message):
        # what to do without PDOK is another thing here than where a plot is brought in
        away = answer.key == "lookup.unreachable"
        st.caption(t("explore.pdok_away") if away else told(answer))
        return []
    return list(answer)


def _ask_pdok(sought: str) -> None:
    try:
        st.session_state[_AT_PDOK] = (sought, find_at_pdok(sought))
    except LookupFailedError as problem:
        st.session_state[_AT_PDOK] = (sought, problem.message)


def _go(one: Found) -> None:
    if one.plot_id is not None:
        st.query_params["plot"] = one.plot_id
        st.session_state["_opened"] = True
    else:
        st.session_state["_fly"] = {
            "id": f"{one.label}-{st.session_state.get('_flights', 0)}",
            "at": [one.lat, one.lon],
            "zoom": one.zoom,
        }
        st.session_state["_flights"] = st.session_state.get("_flights", 0) + 1
    st.session_state["find"] = ""


def _view(plots: gpd.GeoDataFrame) -> tuple[PlotFilter, str]:
    """Show the filters, with how many are on, and what shades the municipalities."""
    links.take_choice("shade", ("none", *SHADES), "none")
    on = _filters_on()
    words = t("explore.filter_count", count=on) if on else t("explore.filter")
    with st.popover(words, icon=":material/filter_alt:", key="explore-filter"):
        chosen = _filter(plots)
        if on:
            st.button(t("explore.filter.clear"), key="clear_filters", on_click=_clear_filters)
    with st.popover(t("explore.view"), icon=":material/layers:", key="explore-view"):
        shade = st.selectbox(
            t("explore.shade"),
            ["none", *SHADES],
            key="shade",
            persist_state="session",
            format_func=lambda value: t(f"explore.shade.{value}"),
        )
    links.put("shade", str(shade), "none")
    return chosen, str(shade)


_CHOICES = ("municipality", "state", "owner", "object", "zoning")


def _filters_on() -> int:
    return sum(map(_is_on, (*_CHOICES, *_LEAST, first_day.KEY, "q", "unblocked", "past")))


def _is_on(key: str) -> bool:
    if key in st.session_state:
        return bool(st.session_state[key])
    # a link has just been opened: its fields come after the count of them
    return (st.query_params.get(key) or "0").lower() not in ("0", "false")


def _clear_filters() -> None:
    for key in _CHOICES:
        st.session_state[key] = []
    for key in _LEAST:
        st.session_state[key] = 0
    st.session_state[first_day.KEY] = None
    st.session_state["q"] = ""
    st.session_state["unblocked"] = st.session_state["past"] = False


def _filter(plots: gpd.GeoDataFrame) -> PlotFilter:
    names = layers.municipality_names()
    found = set(plots["municipality_code"].dropna().unique())
    present = [code for code in names.index if code in found]
    choices = {
        "municipality": present,
        "state": [str(state) for state in PlotState],
        "owner": [str(owner) for owner in OwnerKind],
        "object": [str(kind) for kind in ObjectKind],
        "zoning": [str(kind) for kind in Zoning],
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
    zonings = st.multiselect(
        t("explore.filter.zonings"),
        choices["zoning"],
        key="zoning",
        format_func=lambda value: named("Zoning", value),
    )
    for number_of, most in _LEAST.items():
        links.take_number(number_of, most)
    left, right = st.columns(2)
    places = left.number_input(
        t("explore.filter.places"), 0, _LEAST["places"], step=50, key="places",
        help=t("explore.filter.unknown_kept"),
    )  # fmt: skip
    term = right.number_input(
        t("explore.filter.term"), 0, _LEAST["term"], step=12, key="term",
        help=t("explore.filter.unknown_kept"),
    )  # fmt: skip
    left, right = st.columns(2)
    smallest = left.number_input(t("explore.filter.area"), 0, _LEAST["area"], step=500, key="area")
    start = first_day.ask_latest_start(right)
    for number_of in _LEAST:
        links.put(number_of, str(int(st.session_state[number_of] or 0)), "0")
    blocked = st.toggle(t("explore.filter.blocked"), key="unblocked", bind="query-params")
    past = st.toggle(t("explore.filter.past"), key="past", bind="query-params")
    for key, values in zip(choices, (towns, states, owners, objects, zonings), strict=True):
        links.put(key, values)
    return PlotFilter(
        text=text or "",
        municipalities=frozenset(towns),
        states=frozenset(states),
        owners=frozenset(owners),
        objects=frozenset(objects),
        zonings=frozenset(zonings),
        smallest_area_m2=float(smallest or 0),
        fewest_places=int(places or 0),
        shortest_term_months=int(term or 0),
        latest_start_months=start,
        without_blocked=bool(blocked),
        with_past=bool(past),
    )


def _panel(
    plots: gpd.GeoDataFrame,
    measured: Measured,
    ranking: Ranking,
    visible: np.ndarray,
    *,
    shade: str,
    chosen: PlotFilter,
) -> str | None:
    """Show list or sheet; gives the identifier of the plot whose sheet is open."""
    lead = lead_sort(measured.kader)
    links.take_choice("order", SORTS, lead)
    selected = st.query_params.get("plot")
    if selected not in plots.index:
        selected = None
    # A link that tells where to look is followed; one that names a plot alone goes to the plot.
    first = "_seen" not in st.session_state and "view" not in st.query_params
    opened = st.session_state.pop("_opened", None) or first
    st.session_state["_seen"] = True
    count = int(visible.sum())
    links.put("order", st.session_state["order"], lead)
    links.take_choice(_TAB_KEY, _TABS, _TABS[0])
    links.put(_TAB_KEY, st.session_state[_TAB_KEY] if selected else _TABS[0], _TABS[0])
    basket.take_favourites(plots)
    plot_panel(
        key="plot_panel",
        data=panel_data(
            channel=session.channel(),
            lang=language(),
            selected=selected,
            sheet=sheet_data(plots, measured, ranking, selected, language()) if selected else None,
            sheet_at=f"{session.seen_version()} {session.seen_figures()}",
            visible=visible,
            count_words=t("explore.count", count=count, number=number(count))
            if count == len(plots)
            else t("explore.count_filtered", count=number(count), all=number(len(plots))),
            sort=st.session_state["order"],
            chances=_chances(measured, ranking, ranked(plots, chosen)),
            missing=mostly_unknown(measured, ranking.weights),
            ranks_past=chosen.ranks_past,
            shade=shade,
            basket=basket.basket(plots),
            tab=st.session_state[_TAB_KEY],
            tabs=_tab_words(selected),
            opened=bool(selected and opened),
            fly=st.session_state.get("_fly"),
            may_change=selected is not None and _may_change(plots, selected),
            fixed=not ranking.exploration and session.kader(measured.kader.kind)[1] is not None,
            walk=walking.of_plot(plots, selected, language()),
        ),
        on_plot_change=_choose,
        on_basket_change=_fill_basket,
        on_sort_change=_sort,
        on_change_change=_change,
        on_tab_change=_turn,
        on_clear_change=_clear_filters,
        on_star_change=_star,
        on_answer_change=_answer_asked,
        on_walk_change=_walk,
    )
    return selected


_TAB_KEY = "tab"


def _tab_words(selected: str | None) -> list[tuple[str, str]]:
    """Give the tabs of a sheet with their names; that of the photos tells how many there are."""
    if selected is None:
        return []
    kept = len(list_attachments(session.store(), session.actor(), selected))
    return [(tab, t(f"explore.tab.{tab}", count=number(kept))) for tab in _TABS]


def _turn() -> None:
    if _answer("tab") in _TABS:
        st.session_state[_TAB_KEY] = _answer("tab")


def _star() -> None:
    basket.keep_favourites(_answer("star"))


BEST = 5
"""The list tells the chance of being among so many."""

_MOST_PLOTS_DRAWN = 5_000
_DRAWS = 2_000
"""Fewer than on Vergelijken: enough for whole percents, and quick when a weight is let go."""


def _chances(
    measured: Measured, ranking: Ranking, takes_part: npt.NDArray[np.bool_]
) -> list[int] | None:
    """Give the chance of each plot, in percents, to be among the best; None for very many plots."""
    if not 0 < takes_part.sum() <= _MOST_PLOTS_DRAWN:
        return None
    shares = tuple(ranking.weights[key] for key in measured.criteria)
    return _drawn(
        f"{session.view()} {session.version()} {session.figures_key()} {measured.kader.hash}",
        shares,
        takes_part.tobytes(),
        measured,
    )


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _drawn(
    measured_at: str, shares: tuple[float, ...], takes_part: bytes, _measured: Measured
) -> list[int]:
    """Draw for the plots that take part; the others have no chance."""
    weights = dict(zip(_measured.criteria, shares, strict=True))
    kept = np.flatnonzero(np.frombuffer(takes_part, dtype=bool))
    found = robustness_of(_measured.take(kept), weights, draws=_DRAWS)
    chances = np.zeros(len(_measured.plot_ids), dtype=int)
    chances[kept] = np.round(100 * found.among_best(BEST)).astype(int)
    return [int(chance) for chance in chances]


def _answer(name: str) -> Any:
    return _told_by("plot_panel", name)


def _told_by(component: str, name: str) -> Any:
    """Give what a component says; None where the drawing that made it was cut off halfway."""
    return (st.session_state.get(component) or {}).get(name)


def _choose() -> None:
    plot_id = _answer("plot")
    if isinstance(plot_id, str) and plot_id in session.candidate_plots().index:
        st.query_params["plot"] = plot_id
    elif "plot" in st.query_params:
        del st.query_params["plot"]


_READ = "_read"


def _note_read(plots: gpd.GeoDataFrame, plot_id: str) -> None:
    """Write in the audit that a confidential sheet was opened, once in a session and version."""
    if plots.at[plot_id, "confidentiality"] != Confidentiality.VERTROUWELIJK:
        return
    key = (plot_id, session.version())
    read: set[tuple[str, str]] = st.session_state.setdefault(_READ, set())
    if key not in read:
        read.add(key)
        record(session.store(), session.actor(), "read", plot_id)


def _sort() -> None:
    if _answer("sort") in SORTS:
        st.session_state["order"] = _answer("sort")


def _change() -> None:
    st.session_state[_ASKED] = "change"


def _answer_asked() -> None:
    st.session_state[_ASKED] = "answer"


def _walk() -> None:
    walking.ask(_answer("walk") == "on")


def _fill_basket() -> None:
    basket.keep(_answer("basket"))


def _tray(plots: gpd.GeoDataFrame) -> None:
    """Show what was put by for comparing, with the way to it."""
    put_by = basket.basket(plots)
    if not put_by:
        return
    with st.container(key="explore-tray", horizontal=True, vertical_alignment="center"):
        st.caption(t("explore.tray", count=len(put_by)))
        if st.button(t("explore.tray.compare"), key="tray_compare", type="primary",
                     disabled=len(put_by) < 2):  # fmt: skip
            st.session_state["plots"] = put_by
            links.open_page("vergelijken")
        if st.button(t("explore.tray.clear"), key="tray_clear", type="tertiary"):
            basket.keep([])
            st.rerun(scope="fragment")


_TABS = ("why", "facts", "photos", "next", "history")
"""What the sheet of a plot holds, a tab each; the first is drawn by the browser."""


def _tab(plots: gpd.GeoDataFrame, plot_id: str, kind: ReceptionKind) -> None:
    """Show what the tab of the sheet that is open holds, but for the reasons."""
    plot = plots.loc[plot_id]
    match st.session_state.get(_TAB_KEY, _TABS[0]):
        case "facts":
            html.show("facts.html", facts=facts(plot, float(plot.geometry.area)))
        case "photos":
            attachments.show(plot_id, plot["municipality_code"])
        case "next":
            plan.offer(plot, plot_id)
            practice.alike(plot, str(kind))
        case "history":
            plot_history.show(plot_id)
