"""Keep fixed kaders: rules before sites, with date, version, reason and hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from data.vocabulary import Confidentiality
from messages import Message
from store import tables
from store.access import Action, Actor, Resource, may, require
from store.database import Store, note, now, read_only
from store.errors import StoreError


@dataclass(frozen=True)
class FixedKader:
    """A kader as it was fixed; ``text`` is the whole of it, ``known_plots`` were known then."""

    number: int
    kind: str
    version: str
    sha256: str
    text: str
    reason: str
    fixed_at: dt.datetime
    fixed_by: str
    known_plots: list[str]


@dataclass(frozen=True)
class Search:
    """A search begun from a fixed kader; ``area`` holds municipality codes, none for all."""

    number: int
    kind: str
    area: list[str]
    kader: int
    begun_at: dt.datetime
    begun_by: str


def fix_kader(
    store: Store,
    actor: Actor,
    *,
    kind: str,
    version: str,
    sha256: str,
    text: str,
    reason: str,
) -> FixedKader:
    """Fix a kader; it never changes after that.

    Args:
        store: where.
        actor: who fixes it.
        kind: of reception.
        version: its name; another one than before.
        sha256: of its content, as ``scoring.kader.Kader.hash`` gives it.
        text: the whole kader, as ``scoring.kader.kader_to_text`` writes it.
        reason: why, in the words of who fixes it.

    Raises:
        AccessDeniedError: the actor may not.
        StoreError: the reason is missing, or the version was used before.
    """
    require(actor, Action.FIX_KADER, Resource("kader"))
    if not reason.strip():
        raise StoreError(Message("store.error.reason"))
    table = tables.kaders
    with store.transaction() as connection:
        used = connection.scalar(
            sa.select(table.c.number).where(table.c.kind == kind, table.c.version == version)
        )
        if used is not None:
            raise StoreError(Message("store.error.version_used", {"version": version[:60]}))
        # Made-up examples are no sites.
        known = connection.execute(
            sa.select(tables.plots.c.plot_id)
            .where(sa.not_(tables.plots.c.fictional))
            .order_by(tables.plots.c.plot_id)
        ).scalars()
        row = connection.execute(
            sa.insert(table)
            .values(
                kind=kind,
                version=version,
                sha256=sha256,
                text=text,
                reason=reason.strip()[:2000],
                fixed_at=now(),
                fixed_by=actor.name,
                known_plots=list(known),
            )
            .returning(*table.c)
        ).one()
        # by its number: the name is typed, and nothing that was can be erased from the audit
        note(connection, actor.name, "fix_kader", f"kader {kind} {row.number}", {"sha256": sha256})
    return FixedKader(**row._mapping)


def fixed_kaders(store: Store, actor: Actor, kind: str | None = None) -> list[FixedKader]:
    """Give the fixed kaders, latest first, by kind if asked.

    The reason and who fixed it are told to those who may read what is confidential anywhere: the
    reason is typed text without a class. Which plots were known then is told of the place where
    the actor may read all that is confidential.
    """
    require(actor, Action.READ_PLOTS, Resource("kader"))
    question = sa.select(tables.kaders).order_by(tables.kaders.c.number.desc())
    if kind is not None:
        question = question.where(tables.kaders.c.kind == kind)
    plots = tables.plots.c
    at_home = sa.select(plots.plot_id).where(plots.municipality_code == actor.municipality)
    with read_only(store) as connection:
        found = [FixedKader(**row._mapping) for row in connection.execute(question)]
        if not found or sees_all(actor):
            return found
        mine = set(connection.execute(at_home).scalars()) if _sees_all_of(actor) else set()
    return [
        replace(
            kader,
            reason="",
            fixed_by="",
            known_plots=[plot_id for plot_id in kader.known_plots if plot_id in mine],
        )
        for kader in found
    ]


def sees_all(actor: Actor) -> bool:
    """Say whether an actor may read all that is confidential, wherever it lies."""
    return may(actor, Action.READ_PLOTS, Resource("kader", Confidentiality.VERTROUWELIJK, None))


def _sees_all_of(actor: Actor) -> bool:
    home = Resource("kader", Confidentiality.VERTROUWELIJK, actor.municipality)
    return actor.municipality is not None and may(actor, Action.READ_PLOTS, home)


def may_search_in(actor: Actor, code: str | None) -> bool:
    """Say whether an actor may begin a search in a municipality; None: in the whole province."""
    return may(actor, Action.DELIVER, _search(code))


def _places(area: Sequence[str]) -> Sequence[str | None]:
    return area or (None,)


def _search(code: str | None) -> Resource:
    # which places are looked at has no class of its own
    return Resource("search", Confidentiality.VERTROUWELIJK, code)


def begin_search(store: Store, actor: Actor, *, kind: str, area: Sequence[str], kader: int) -> int:
    """Begin a search from a fixed kader; gives its number.

    Raises:
        AccessDeniedError: the actor may not search in all of the area.
        StoreError: there is no such kader for this kind.
    """
    for code in _places(area):
        require(actor, Action.DELIVER, _search(code))
    with store.transaction() as connection:
        found = connection.scalar(
            sa.select(tables.kaders.c.kind).where(tables.kaders.c.number == kader)
        )
        if found != kind:
            raise StoreError(Message("store.error.no_kader"))
        number = connection.execute(
            sa.insert(tables.searches)
            .values(kind=kind, area=list(area), kader=kader, begun_at=now(), begun_by=actor.name)
            .returning(tables.searches.c.number)
        ).scalar_one()
        note(connection, actor.name, "begin_search", f"search {number}", {"kader": kader})
    return int(number)


def list_searches(store: Store, actor: Actor) -> list[Search]:
    """Give the searches that the actor might have begun, by their area, latest first."""
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(tables.searches).order_by(tables.searches.c.number.desc())
        )
        found = [Search(**row._mapping) for row in rows]
    return [one for one in found if all(may_search_in(actor, code) for code in _places(one.area))]
