"""Keep snapshots: a view with all that made it, so that it can be made again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from data.vocabulary import Confidentiality
from messages import Message
from store import tables
from store.access import Action, Actor, Resource, highest_class, require, view_key
from store.database import Store, note, now, read_only
from store.errors import NotFoundError, StoreError


@dataclass(frozen=True)
class KeptSnapshot:
    """A snapshot as it was kept; ``content`` is the file, ``sha256`` names it."""

    number: str
    at: dt.datetime
    actor: str
    kind: str
    sha256: str
    content: bytes


def keep_snapshot(
    store: Store, actor: Actor, *, number: str, kind: str, sha256: str, content: bytes
) -> None:
    """Keep a snapshot; keeping the same one again changes nothing.

    Raises:
        AccessDeniedError: the actor may not.
        StoreError: another one was kept under that number.
    """
    require(actor, Action.KEEP_SNAPSHOT, Resource("snapshot"))
    _keep(store, actor, "keep_snapshot", number, kind, sha256, content)


def hand_out_snapshot(
    store: Store,
    actor: Actor,
    *,
    number: str,
    kind: str,
    sha256: str,
    content: bytes,
    confidentiality: Confidentiality,
) -> None:
    """Keep the snapshot of an output that leaves the app, so that its number can be had again.

    Args:
        store: where.
        actor: who made the output.
        number: of the snapshot, as it is printed.
        kind: of reception.
        sha256: of the content.
        content: the snapshot.
        confidentiality: the class of the output.

    Raises:
        AccessDeniedError: the actor may not make such an output.
        StoreError: another one was kept under that number.
    """
    require(actor, Action.MAKE_OUTPUT, Resource("snapshot", confidentiality))
    _keep(store, actor, "hand_out_snapshot", number, kind, sha256, content)


def _keep(
    store: Store, actor: Actor, deed: str, number: str, kind: str, sha256: str, content: bytes
) -> None:
    table, keepers = tables.snapshots, tables.snapshot_keepers
    own = {"number": number, "actor": actor.name, "seen_by": view_key(actor)}
    with store.transaction() as connection:
        known = connection.execute(sa.select(table).where(table.c.number == number)).one_or_none()
        if known is None:
            connection.execute(
                sa.insert(table).values(**own, at=now(), kind=kind, sha256=sha256, content=content)
            )
        elif (known.actor, known.seen_by) == (own["actor"], own["seen_by"]) or connection.scalar(
            sa.select(sa.exists(sa.select(keepers).filter_by(**own)))
        ):
            return
        elif known.content == content:
            # who made the very same may find it too
            connection.execute(sa.insert(keepers).values(**own, at=now()))
        else:
            raise StoreError(Message("store.error.snapshot_differs", {"number": number[:40]}))
        note(connection, actor.name, deed, number, {"sha256": sha256})


def list_snapshots(store: Store, actor: Actor) -> list[KeptSnapshot]:
    """Give the snapshots, latest first: all, or one's own where one sees a part of the plots."""
    require(actor, Action.KEEP_SNAPSHOT, Resource("snapshot"))
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(*_told()).where(_in_reach(actor)).order_by(tables.snapshots.c.at.desc())
        )
        return [KeptSnapshot(**row._mapping) for row in rows]


def find_snapshot(store: Store, actor: Actor, number: str) -> KeptSnapshot:
    """Give a snapshot by its number.

    Raises:
        NotFoundError: there is none.
    """
    require(actor, Action.KEEP_SNAPSHOT, Resource("snapshot"))
    with read_only(store) as connection:
        row = connection.execute(
            sa.select(*_told()).where(tables.snapshots.c.number == number, _in_reach(actor))
        ).one_or_none()
    if row is None:
        raise NotFoundError(Message("store.error.no_snapshot", {"number": number[:40]}))
    return KeptSnapshot(**row._mapping)


def _in_reach(actor: Actor) -> sa.ColumnElement[bool]:
    # A snapshot holds all plots that its maker saw: who works elsewhere since may see other ones.
    if highest_class(actor, Action.KEEP_SNAPSHOT, None) is not None:
        return sa.true()
    table = tables.snapshots.c
    own = {"actor": actor.name, "seen_by": view_key(actor)}
    again = sa.select(tables.snapshot_keepers.c.number).filter_by(**own)
    return sa.or_(
        sa.and_(table.actor == own["actor"], table.seen_by == own["seen_by"]),
        table.number.in_(again),
    )


def _told() -> list[sa.Column[Any]]:
    return [tables.snapshots.c[name] for name in KeptSnapshot.__dataclass_fields__]
