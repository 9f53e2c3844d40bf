"""Keep what one session works with: the store, who acts, the plots and their measured values.

Frames given here are shared between reruns and sessions with the same view: read them, never
change them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

import geopandas as gpd
import pandas as pd
import sqlalchemy.exc
import streamlit as st

from data.loader import Coverage
from data.vocabulary import PAST_STATES, Confidentiality, ReceptionKind
from geo import layers
from geo.examples import example_plots
from geo.places_layer import from_geojson
from reports.content import KaderStamp
from scoring.indicators import Measured, Surroundings, measure
from scoring.kader import Kader, kader_from_text, load_kaders
from scoring.own_layers import OwnLayer
from scoring.tasks import Exchange, municipal_tasks
from store.access import LOCAL_USER, Actor, view_key
from store.audit import record_refusal
from store.database import Store, open_store
from store.erasure import apply_retention
from store.errors import KeepingFailedError
from store.figures import entered_tasks, figures_version, list_exchanges
from store.kaders import FixedKader, fixed_kaders
from store.layers import StoredLayer, layers_version, list_layers
from store.plans import plans_of
from store.plots import left_on, list_plots, load_examples, plots_version
from store.records import Left, Plan
from store.users import SessionEndedError
from ui import memory, sign_in
from ui.log import OURS

KEPT_VIEWS = 128
"""Of what is kept for those who see the same, so much at once: 26 municipalities with their
officers and their council, the team and visitors are 54, in two languages."""

_CHANNEL_KEY = "_channel"
_REFUSED = "_refused"


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Open the store once for the whole server, and load the fictional examples at first start."""
    opened = open_store()
    logging.getLogger(OURS).log(
        logging.INFO,
        "store opened",
        extra={"mode": str(sign_in.mode()), "database": opened.engine.dialect.name},
    )
    load_examples(opened, LOCAL_USER, example_plots())
    apply_retention(opened, LOCAL_USER)
    memory.tidy_from_now_on()
    return opened


def actor() -> Actor:
    """Give who acts in this session, see :mod:`ui.sign_in`.

    Raises:
        SessionEndedError: the sign-in has ended.
    """
    return _once("actor", lambda: sign_in.actor(store()))


Told = TypeVar("Told")
_asked: ContextVar[dict[object, tuple[int, object]] | None] = ContextVar("asked", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Ask the store once, within this, who acts and which versions there are.

    The instrument of Verkennen needs them a dozen times for one weight, which is a fifth of its
    work. What this process writes meanwhile is seen at once.
    """
    mark = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(mark)


def _once(what: object, ask: Callable[[], Told]) -> Told:
    known = _asked.get()
    if known is None:
        return ask()
    writes = store().writes
    kept = known.get(what)
    if kept is None or kept[0] != writes:
        kept = known[what] = (writes, ask())
    return cast("Told", kept[1])


def note_refusal(what: str, by: Actor | None = None) -> None:
    """Write in the audit that something was refused, once in a session for each thing.

    Args:
        what: the kind of thing.
        by: who asked; by default who acts.
    """
    told: set[str] = st.session_state.setdefault(_REFUSED, set())
    if what in told:
        return
    try:
        record_refusal(store(), by or actor(), what)
    except SessionEndedError:
        # that is written where it is told, see ui.sign_in
        return
    except (KeepingFailedError, sqlalchemy.exc.SQLAlchemyError) as problem:
        # that it is refused is told all the same
        logging.getLogger(OURS).log(logging.ERROR, "refusal not written", exc_info=problem)
    else:
        told.add(what)


def view() -> str:
    """Name what the actor may see: those who see the same share what is kept of it."""
    return view_key(actor())


def version() -> str:
    """Give the version of the plots that the actor may see: it changes with every change."""
    return _once("plots", lambda: plots_version(store(), actor()))


def seen_version() -> str:
    """Give the version of the plots as a page may tell it to a browser.

    It changes with what the actor may see and with nothing else; :func:`version` is for what is
    kept on the server, as it tells that something changed, also out of sight.
    """
    return _seen_version(view(), version())


@st.cache_resource(max_entries=KEPT_VIEWS, show_spinner=False)
def _seen_version(seen_by: str, plots_at: str) -> str:
    plots = candidate_plots()
    seen = hashlib.sha256(
        plots.drop(columns="geometry").to_json(default_handler=str, date_format="iso").encode()
    )
    for shape in plots.geometry.to_wkb():
        seen.update(shape)
    return seen.hexdigest()[:16]


def candidate_plots() -> gpd.GeoDataFrame:
    """Give the candidate plots that the actor may see (EPSG:28992, indexed by ``plot_id``)."""
    return _candidate_plots(view(), version())


@st.cache_resource(max_entries=KEPT_VIEWS, show_spinner=False)
def _candidate_plots(seen_by: str, plots_at: str) -> gpd.GeoDataFrame:
    return list_plots(store(), actor())


def plans() -> dict[str, Plan]:
    """Give what comes next for each plot that the actor may see, as far as it was written."""
    return plans_of(store(), actor(), [str(plot_id) for plot_id in candidate_plots().index])


def left() -> dict[str, Left]:
    """Give since when and why plots are out of the running, as far as the actor may know."""
    plots = candidate_plots()
    past = plots.index[plots["state"].isin([str(state) for state in PAST_STATES])]
    return left_on(store(), actor(), [str(plot_id) for plot_id in past])


def figures(
    highest: Confidentiality = Confidentiality.VERTROUWELIJK,
) -> tuple[pd.DataFrame, list[Exchange]]:
    """Give the tasks and exchanges that users entered, up to the class that readers may see."""
    exchanges = list_exchanges(store(), actor(), highest)
    return (
        entered_tasks(store(), actor(), highest),
        [(e.from_code, e.to_code, e.places) for e in exchanges],
    )


def tasks(
    *,
    cycle: int = 1,
    on: dt.date | None = None,
    highest: Confidentiality = Confidentiality.VERTROUWELIJK,
) -> pd.DataFrame:
    """Give what each municipality has to do, see :func:`scoring.tasks.municipal_tasks`.

    Args:
        cycle: 1 or 2.
        on: the day, today by default.
        highest: the highest class of entered figures that readers may see.
    """
    entered, exchanges = figures(highest)
    return municipal_tasks(
        layers.municipalities().index,
        layers.tasks(),
        layers.reception_locations(),
        cycle=cycle,
        on=on or today(),
        entered=entered,
        exchanges=exchanges,
    )


def figures_key() -> str:
    """Give a text that changes with every figure or layer that is entered, and every day."""

    def ask() -> str:
        layers_at = layers_version(store(), actor())
        return f"{figures_version(store(), actor())} {layers_at} {today().isoformat()}"

    return _once("figures", ask)


def seen_figures() -> str:
    """Give a text for a browser that changes with the figures and layers that the actor may see."""
    return _seen_figures(view(), figures_key())


@st.cache_resource(max_entries=KEPT_VIEWS, show_spinner=False)
def _seen_figures(seen_by: str, figures_at: str) -> str:
    entered, exchanges = figures()
    held = [layer.number for layer in list_layers(store(), actor())]
    table = entered.to_json(default_handler=str, date_format="iso")
    told = f"{table} {exchanges} {held} {today().isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def today() -> dt.date:
    """Give the day for which places are counted."""
    return dt.date.today()


def surroundings(highest: Confidentiality = Confidentiality.VERTROUWELIJK) -> Surroundings:
    """Give the surroundings of today, with figures and layers that readers of a class may see."""
    return _surroundings(view(), figures_key(), str(highest))


@st.cache_resource(max_entries=KEPT_VIEWS, show_spinner=False)
def _surroundings(seen_by: str, figures_at: str, highest: str) -> Surroundings:
    entered, exchanges = figures(Confidentiality(highest))
    around = Surroundings.packaged(on=today(), entered=entered, exchanges=exchanges)
    for layer in list_layers(store(), actor(), Confidentiality(highest)):
        around = around.with_own(own_layer(layer))
    return around


def own_layer(stored: StoredLayer) -> OwnLayer:
    """Give a layer that a user loaded as plots are measured to it."""
    return OwnLayer(
        stored.kind,
        stored.name,
        _shapes(stored.sha256, stored.content),
        Coverage(stored.complete, stored.margin_m),
        stored.source,
        stored.source_date,
        stored.sha256,
        Confidentiality(stored.confidentiality),
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _shapes(sha256: str, _content: bytes) -> gpd.GeoDataFrame:
    """Read a layer once, for all who may see it: a network is large."""
    return from_geojson(_content)


@st.cache_resource(show_spinner=False)
def kaders() -> dict[ReceptionKind, Kader]:
    """Give the packaged kader of each kind of reception."""
    return load_kaders()


def kader(kind: ReceptionKind) -> tuple[Kader, FixedKader | None]:
    """Give the kader in force for a kind: the latest that was fixed, else the packaged one."""
    fixed = _once(("kaders", kind), lambda: fixed_kaders(store(), actor(), str(kind)))
    if fixed:
        return _fixed(fixed[0].text), fixed[0]
    return kaders()[kind], None


def stamp(kind: ReceptionKind) -> KaderStamp:
    """Give what an output says of the kader in force."""
    used, fixed = kader(kind)
    if fixed is None:
        return KaderStamp(used.version, used.hash)
    return KaderStamp(used.version, used.hash, fixed.fixed_at.date(), fixed.reason)


@st.cache_resource(max_entries=12, show_spinner=False)
def _fixed(text: str) -> Kader:
    return kader_from_text(text)


def measured(kader: Kader, highest: Confidentiality = Confidentiality.VERTROUWELIJK) -> Measured:
    """Measure the candidate plots for a kader; weights play no part in it.

    Args:
        kader: for which.
        highest: the highest class of entered figures that may play a part in it.
    """
    return _measured(view(), version(), figures_key(), str(highest), kader.hash, kader)


@st.cache_resource(max_entries=KEPT_VIEWS, show_spinner=False)
def _measured(
    seen_by: str, plots_at: str, figures_at: str, highest: str, kader_hash: str, _kader: Kader
) -> Measured:
    return measure(candidate_plots(), _kader, surroundings(Confidentiality(highest)))


def channel() -> str:
    """Give the name of this session's channel between list and map: no other session knows it."""
    name: str = st.session_state.setdefault(_CHANNEL_KEY, uuid.uuid4().hex)
    return name
