"""Load at the start of the server what the first visit would else wait for.

Modules that declare a component of Streamlit are left to the first visit: Streamlit registers a
component only from a running page.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import inspect
import logging
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import sqlalchemy.exc

from data.vocabulary import ReceptionKind
from geo import ground, layers
from geo.examples import example_plots
from messages import LANGUAGES
from scoring.indicators import Surroundings, measure
from scoring.kader import load_kaders
from ui import session, sign_in
from ui.log import OURS
from ui.text import own_words

_PACKAGES: Final = ("data", "geo", "scoring", "store", "presentation", "reports")
_HEAVY: Final = ("altair", "folium", "folium.plugins")
"""Libraries that pages import, the slowest first."""
_COMMANDS: Final = ("__main__", "migrations", "everything")


@asynccontextmanager
async def warmed(_app: object) -> AsyncIterator[None]:
    """Warm up before the server says that it is there; for the lifespan of the app."""
    await asyncio.to_thread(warm_up)
    yield


def warm_up() -> None:
    """Import what pages need, read the packaged data, and measure the examples once."""
    for name in (*_HEAVY, *modules()):
        importlib.import_module(name)
    for language in LANGUAGES:
        own_words(language)
    for read in (layers.facilities, layers.tasks, layers.practice, layers.reception_locations):
        read()
    for drawn in (ground.waterways, ground.railways, ground.built_up, ground.nature_areas):
        drawn()
    _open()
    # a component asks from which module it is declared: the first to ask looks through all of them
    inspect.getmodule(inspect.currentframe())


def _open() -> None:
    """Open the database and measure what the first visit shows; without sign-in all see the same.

    What is wrong with the database is told on the page, that tries again.
    """
    try:
        session.store()
        if sign_in.mode() is sign_in.Mode.LOCAL:
            session.measured(session.kader(ReceptionKind.AZC)[0])
            return
    except (RuntimeError, sqlalchemy.exc.SQLAlchemyError, OSError) as problem:
        logging.getLogger(OURS).log(logging.WARNING, "store not opened", exc_info=problem)
    kader = load_kaders()[ReceptionKind.AZC]
    measure(example_plots(), kader, Surroundings.packaged(on=dt.date.today()))


def modules() -> list[str]:
    """Name the modules below the pages.

    >>> "scoring.ranking" in modules(), "reports.__main__" in modules()
    (True, False)
    """
    found = []
    for package in _PACKAGES:
        path = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(path, package + "."):
            if not any(part in module.name for part in _COMMANDS):
                found.append(module.name)
    return found
