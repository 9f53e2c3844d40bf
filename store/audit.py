"""Read, write and verify the audit: who read, took out, changed and granted what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store import tables
from store.access import Action, Actor, Resource, require
from store.chain import link
from store.database import Store, note, read_only


@dataclass(frozen=True)
class Entry:
    """One deed."""

    id: int
    at: dt.datetime
    actor: str
    action: str
    resource: str
    detail: Mapping[str, Any]


def record(
    store: Store, actor: Actor, action: str, resource: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Write that somebody read something confidential, made an output or signed in or out.

    Nobody needs leave to be written down.
    """
    with store.transaction() as connection:
        note(connection, actor.name, action, resource, dict(detail or {}))


def entries(store: Store, actor: Actor, *, most: int | None = None) -> list[Entry]:
    """Give what is in the audit, latest first.

    Raises:
        AccessDeniedError: the actor may not read it.
    """
    require(actor, Action.READ_AUDIT, Resource("audit"))
    columns = [tables.audit.c[name] for name in Entry.__dataclass_fields__]
    question = sa.select(*columns).order_by(tables.audit.c.id.desc())
    if most is not None:
        question = question.limit(most)
    with read_only(store) as connection:
        return [Entry(**row._mapping) for row in connection.execute(question)]


def broken_at(store: Store, actor: Actor) -> int | None:
    """Give the number of the first entry that is not as it was written; None when all are.

    Raises:
        AccessDeniedError: the actor may not read the audit.
    """
    require(actor, Action.READ_AUDIT, Resource("audit"))
    before = ""
    with read_only(store) as connection:
        for row in connection.execute(sa.select(tables.audit).order_by(tables.audit.c.id)):
            before = link(before, row.at, row.actor, row.action, row.resource, row.detail)
            if row.link != before:
                return int(row.id)
    return None
