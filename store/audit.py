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
from store.database import Store, note, now, read_only


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


EXPORTED = "export"
REFUSED = "refused"
MOST_REFUSALS = 20
"""So many of one user are written within an hour: who asks on and on cannot fill the disk with it.
A choice of the team."""


def record_refusal(store: Store, actor: Actor, resource: str) -> None:
    """Write that somebody asked what was not for them, as long as it is not too often.

    Of all who are not signed in, and of all who open links, there is one count. The last one that
    is written tells that what follows within the hour is not.

    Args:
        store: where.
        actor: who asked.
        resource: what kind of thing it was: never its name, which may be somebody's.
    """
    table = tables.audit.c
    lately = (
        sa.select(sa.func.count())
        .where(table.actor == actor.name, table.action == REFUSED)
        .where(table.at > now() - dt.timedelta(hours=1))
    )
    with read_only(store) as connection:
        if int(connection.scalar(lately) or 0) >= MOST_REFUSALS:
            return
    with store.transaction() as connection:
        # asked again, now that all others wait
        count = int(connection.scalar(lately) or 0)
        if count < MOST_REFUSALS:
            detail = {"role": str(actor.role), "last_of_hour": count == MOST_REFUSALS - 1}
            note(connection, actor.name, REFUSED, resource, detail)


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
