"""Keep fixed kaders: rules before sites, with date, version, reason and hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

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
        note(connection, actor.name, "fix_kader", f"kader {kind} {version}", {"sha256": sha256})
    return FixedKader(**row._mapping)


def fixed_kaders(store: Store, actor: Actor, kind: str | None = None) -> list[FixedKader]:
    """Give the fixed kaders, latest first, by kind if asked.

    The reason, who fixed it and which plots were known then are told to those who may keep a
    snapshot: the reason is what somebody typed, and the plots may be hidden.
    """
    require(actor, Action.READ_PLOTS, Resource("kader"))
    inside = may(actor, Action.KEEP_SNAPSHOT, Resource("kader"))
    question = sa.select(tables.kaders).order_by(tables.kaders.c.number.desc())
    if kind is not None:
        question = question.where(tables.kaders.c.kind == kind)
    with read_only(store) as connection:
        found = [FixedKader(**row._mapping) for row in connection.execute(question)]
    if inside:
        return found
    return [replace(kader, reason="", fixed_by="", known_plots=[]) for kader in found]


def begin_search(store: Store, actor: Actor, *, kind: str, area: Sequence[str], kader: int) -> int:
    """Begin a search from a fixed kader; gives its number.

    Raises:
        StoreError: there is no such kader for this kind.
    """
    require(actor, Action.DELIVER, Resource("search"))
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
    """Give the searches, latest first; none for who may not begin one."""
    if not may(actor, Action.DELIVER, Resource("search")):
        return []
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(tables.searches).order_by(tables.searches.c.number.desc())
        )
        return [Search(**row._mapping) for row in rows]
