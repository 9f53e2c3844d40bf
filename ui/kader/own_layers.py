"""Part of the page Kader: load a layer, and use it as a criterion or a limit without code."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import geopandas as gpd
import streamlit as st

from data.vocabulary import CriterionGroup, LimitOutcome
from geo.errors import GeoError
from geo.places_layer import LAYER_OPTIONS, count_of, is_line, shapes_of, to_geojson
from messages import Message
from presentation.measured import with_unit
from scoring.kader import NEAREST, OVERLAP, WHO, Criterion, Kader, Limit
from scoring.own_layers import NETWORK
from scoring.value_functions import ValueFunction
from store.errors import StoreError
from store.layers import StoredLayer, enter_layer, list_layers, may_enter_layers, withdraw_layer
from ui import session
from ui.classes import choose_class
from ui.deliver.files import grouped, read
from ui.tables import show_table
from ui.text import escaped, language, named, number, t
from ui.told import tell

_WHAT = (
    *("supermarket", "gp_practice", "stop", "flood", "noise", "external_safety", "soil"),
    *(NETWORK, "other"),
)
_OF_LINES = (NETWORK, "other")
"""What may be lines; the rest is points or areas."""
_OWN = "own_"
_WAYS = ("near", "within", "limit_near", "limit_within")
_WAYS_OF_LINES = ("near", "limit_near")
_COVERAGES = {"part": None, "complete": 0.0, "beyond": 1_500.0}
"""How far around the province a layer holds everything, metres; None where it does not at all. The
last is enough to walk a quarter of an hour from any plot; a choice of the team."""


def with_layers(used: Kader) -> Kader:
    """Show the layers that were loaded, and give the kader with what was added of them."""
    with st.expander(t("layers.title"), expanded=bool(_added(used))):
        st.caption(t("layers.help"))
        layers = list_layers(session.store(), session.actor())
        _shown(layers)
        if may_enter_layers(session.actor()):
            _load()
            _withdraw(layers)
        if used.method == 1:
            st.info(t("layers.old_way"))
            return used
        if layers:
            _use(used, layers)
        return _with_added(used)


def _shown(layers: list[StoredLayer]) -> None:
    if not layers:
        st.info(t("layers.none"))
        return
    show_table(
        {
            t("layers.layer"): [layer.name for layer in layers],
            t("layers.count"): [layer.shapes for layer in layers],
            t("layers.source"): [layer.source for layer in layers],
            t("layers.date"): [layer.source_date for layer in layers],
            t("layers.coverage"): [t(f"layers.coverage.{_coverage(layer)}") for layer in layers],
            t("layers.class"): [
                named("Confidentiality", layer.confidentiality) for layer in layers
            ],
        },
        label=t("layers.layer"),
    )


def _coverage(layer: StoredLayer) -> str:
    if not layer.complete:
        return "part"
    return "beyond" if layer.margin_m else "complete"


def _load() -> None:
    kept = st.session_state.pop("layer_kept", None)
    if kept:
        use, name, count, left = kept
        st.success(t("layers.kept", name=escaped(name), count=number(count)) + " " + t(use))
        if left:
            st.info(t("layers.left_out", count=number(left)))
    with st.form("load_layer", border=True):
        files = st.file_uploader(t("layers.file"), accept_multiple_files=True, key="layer_file")
        left, right = st.columns(2)
        what = left.selectbox(
            t("layers.what"), _WHAT, key="layer_what", format_func=lambda w: t(f"layers.what.{w}")
        )
        name = right.text_input(t("layers.name"), max_chars=80, key="layer_name")
        source = left.text_input(t("layers.source"), max_chars=500, key="layer_source")
        day = right.text_input(t("layers.date"), max_chars=20, key="layer_date")
        complete = left.selectbox(
            t("layers.coverage"),
            list(_COVERAGES),
            key="layer_coverage",
            format_func=lambda one: t(f"layers.coverage.{one}"),
        )
        shown_to = choose_class(t("layers.class"), place=right, key="layer_class")
        pressed = st.form_submit_button(t("layers.keep"), key="layer_keep")
    if not pressed or not files:
        return
    own = name.strip() if what in _OF_LINES else ""
    title = own if what == "other" else own or t(f"layers.what.{what}")
    try:
        file = grouped([(one.name, one.getvalue()) for one in files])[0]
        whole = shapes_of(read(file, LAYER_OPTIONS))
        shapes = _fitting(whole, what)
        margin_m = _COVERAGES[complete]
        enter_layer(
            session.store(),
            session.actor(),
            kind=_kind_of(title) if what == "other" else what,
            name=title,
            source=source,
            source_date=day,
            complete=margin_m is not None,
            margin_m=margin_m or 0.0,
            content=to_geojson(shapes),
            shapes=count_of(shapes),
            confidentiality=shown_to,
        )
    except (GeoError, StoreError) as problem:
        tell(problem)
        return
    count = count_of(shapes)
    use = (
        "use_below"
        if what != NETWORK
        else "use_network_part"
        if margin_m is None
        else "use_network"
    )
    st.session_state["layer_kept"] = (f"layers.{use}", title, count, count_of(whole) - count)
    st.rerun()


def _fitting(shapes: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Give of a layer what can be what it is said to be.

    Raises:
        GeoError: that is nothing; the message says what would do.
    """
    line = is_line(shapes)
    if what == NETWORK and not line.any():
        raise GeoError(Message("layers.error.no_lines"))
    if what not in _OF_LINES and line.all():
        raise GeoError(Message("layers.error.lines", {"what": Message(f"layers.what.{what}")}))
    if what == NETWORK:
        return shapes[line]
    return shapes if what in _OF_LINES else shapes[~line]


def _kind_of(title: str) -> str:
    """Give the name by which kaders know a layer of another kind: that of its former version, or a
    new one that says nothing.

    What users typed is not in it: kaders, their hashes and the audit hold it for good.
    """
    folded = title.casefold()
    layers = list_layers(session.store(), session.actor())
    same = [
        one.kind for one in layers if one.kind.startswith(_OWN) and one.name.casefold() == folded
    ]
    # with a prefix, so that it is never taken for a packaged layer
    return same[-1] if same else _OWN + secrets.token_hex(5)


def _withdraw(layers: list[StoredLayer]) -> None:
    if not layers:
        return
    with st.popover(t("layers.withdraw")):
        names = {layer.number: layer.name for layer in layers}
        chosen = st.selectbox(
            t("layers.layer"), list(names), key="layer_away", format_func=names.__getitem__
        )
        if st.button(t("layers.withdraw_button"), key="layer_withdraw"):
            try:
                withdraw_layer(session.store(), session.actor(), int(chosen))
            except StoreError as problem:
                tell(problem)
                return
            st.rerun()


def _use(used: Kader, layers: list[StoredLayer]) -> None:
    by_kind = {layer.kind: layer for layer in layers}
    st.markdown(f"**{t('layers.use')}**")
    left, right = st.columns(2)
    kind = left.selectbox(
        t("layers.layer"),
        list(by_kind),
        key="layer_used",
        format_func=lambda one: by_kind[one].name,
    )
    # in lines no plot can lie
    lines = session.own_layer(by_kind[kind]).only_lines
    way = right.selectbox(
        t("layers.way"),
        _WAYS_OF_LINES if lines else _WAYS,
        key="layer_way_of_lines" if lines else "layer_way",
        format_func=lambda one: t(f"layers.way.{one}"),
        help=t("layers.lines_help") if lines else None,
    )
    one = _limit(by_kind[kind], way) if way.startswith("limit") else _criterion(by_kind[kind], way)
    columns = st.columns(2)
    added = _added(used)
    if columns[0].button(t("layers.add"), key="layer_add", type="primary"):
        if one is None:
            st.error(t("layers.same_ends"))
            return
        added[one.key] = one
    if added and columns[1].button(t("layers.clear"), key="layer_clear"):
        added.clear()
    if added:
        names = ", ".join(by_kind[k].name for k in by_kind if any(_is_of(a, k) for a in added))
        st.info(t("layers.added", names=escaped(names)))


def _is_of(key: str, kind: str) -> bool:
    return key.partition("_")[2] == kind


def _criterion(layer: StoredLayer, way: str) -> Criterion | None:
    """Ask for a criterion; None when its two ends are the same."""
    near = way == "near"
    unit = "m" if near else "percent"
    left, right = st.columns(2)
    top = 100_000.0 if near else 100.0
    best = left.number_input(
        f"{t('layers.best')} ({with_unit('', unit, language()).strip()})",
        0.0, top, 500.0 if near else 0.0, key=f"layer_best_{way}",
    )  # fmt: skip
    worst = right.number_input(
        f"{t('layers.worst')} ({with_unit('', unit, language()).strip()})",
        0.0, top, 3000.0 if near else 100.0, key=f"layer_worst_{way}",
    )  # fmt: skip
    weight = left.number_input(
        t("layers.weight"), 0.0, 100.0, 10.0, format="%g", key="layer_weight"
    )
    group = right.selectbox(
        t("layers.group"),
        list(CriterionGroup),
        index=list(CriterionGroup).index(CriterionGroup.VOORZIENINGEN),
        key="layer_group",
        format_func=lambda value: named("CriterionGroup", value),
    )
    if best == worst:
        return None
    points = tuple(sorted([(float(best), 1.0), (float(worst), 0.0)]))
    prefix = NEAREST if near else OVERLAP
    return Criterion(
        f"{way}_{layer.kind}",
        group or CriterionGroup.VOORZIENINGEN,
        prefix + layer.kind,
        unit,
        ValueFunction(points),
        float(weight),
        t("layers.rule"),
    )


def _limit(layer: StoredLayer, way: str) -> Limit:
    left, right = st.columns(2)
    near = way == "limit_near"
    start = left.number_input(
        t("layers.from"), 0.1, 100_000.0 if near else 100.0, 100.0 if near else 1.0,
        key=f"layer_from_{way}",
    )  # fmt: skip
    outcome = right.selectbox(
        t("layers.outcome"),
        list(LimitOutcome),
        index=len(LimitOutcome) - 1,
        key="layer_outcome",
        format_func=lambda value: named("LimitOutcome", value),
    )
    who = left.selectbox(
        t("layers.who"), WHO, index=WHO.index("municipality"), key="layer_who",
        format_func=lambda value: t(f"scoring.who.{value}"),
    )  # fmt: skip
    months = right.number_input(
        t("layers.months"), 0.0, 240.0, 0.0, format="%g", key="layer_months"
    )
    return Limit(
        f"layer_{layer.kind}",
        outcome or LimitOutcome.PROCEDURE_NODIG,
        t("layers.rule"),
        who,
        float(months) or None,
        (NEAREST if near else OVERLAP) + layer.kind,
        None if near else float(start) / 100,
        float(start) if near else None,
    )


def _added(used: Kader) -> dict[str, Any]:
    """Give what was added to a kader in this session, by key."""
    kept: dict[str, Any] = st.session_state.setdefault(f"layers_added.{used.hash}", {})
    return kept


def _with_added(used: Kader) -> Kader:
    """Give the kader with the criteria and limits that were added to it.

    Points of the kader become shares of 100 first, so that a weight is a share beside them.
    """
    added = list(_added(used).values())
    if not added:
        return used
    criteria = [one for one in added if isinstance(one, Criterion)]
    limits = [one for one in added if isinstance(one, Limit)]
    keys = {one.key for one in added}
    shares = used.weights
    rest = max(0.0, 100.0 - sum(c.weight for c in criteria))
    before = [
        replace(c, weight=round(rest * shares[c.key], 6)) if criteria else c
        for c in used.criteria
        if c.key not in keys
    ]
    return replace(
        used,
        criteria=(*before, *criteria),
        limits=(*(limit for limit in used.limits if limit.key not in keys), *limits),
    )
