"""Keep figures that users enter: tasks that were not public, and exchanges by agreement."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from data.vocabulary import Confidentiality
from messages import Message
from store import tables
from store.access import Action, Actor, Resource, classes_up_to, readable_rows, require
from store.database import Store, note, now, read_only, version_of
from store.errors import StoreError

STATUSES = ("decided", "objected", "indicative")
TASK_COLUMNS = (
    *("municipality_code", "cycle", "status", "places", "realised_places"),
    *("source", "source_date"),
)


def enter_task(
    store: Store,
    actor: Actor,
    *,
    municipality_code: str,
    cycle: int,
    status: str,
    places: int | None,
    realised_places: int | None,
    source: str,
    source_date: str,
    confidentiality: Confidentiality = Confidentiality.VERTROUWELIJK,
) -> None:
    """Keep a task (or realised places) of a municipality; the latest entry holds.

    The class says which readers the figure and its source may reach.

    Raises:
        StoreError: source or date is missing, or a number is negative.
    """
    require(actor, Action.ENTER_FIGURES, Resource("tasks", municipality=municipality_code))
    if not source.strip() or not source_date.strip():
        raise StoreError(Message("store.error.source"))
    if status not in STATUSES or cycle not in (1, 2):
        raise StoreError(Message("store.error.figure"))
    if any(value is not None and value < 0 for value in (places, realised_places)):
        raise StoreError(Message("store.error.figure"))
    with store.transaction() as connection:
        connection.execute(
            sa.insert(tables.entered_tasks).values(
                municipality_code=municipality_code,
                cycle=cycle,
                status=status,
                places=places,
                realised_places=realised_places,
                source=source.strip()[:500],
                source_date=source_date.strip()[:20],
                entered_at=now(),
                entered_by=actor.name,
                confidentiality=str(confidentiality),
            )
        )
        note(connection, actor.name, "enter_task", municipality_code, {"cycle": cycle})


def entered_tasks(
    store: Store, actor: Actor, highest: Confidentiality = Confidentiality.VERTROUWELIJK
) -> pd.DataFrame:
    """Give the tasks that users entered, the latest first, up to a class and of what may be read.

    Args:
        store: where.
        actor: who reads.
        highest: the highest class that the readers may see.
    """
    require(actor, Action.READ_PLOTS, Resource("tasks"))
    table = tables.entered_tasks.c
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(tables.entered_tasks)
            .where(readable(actor, highest, tables.entered_tasks))
            .order_by(table.id.desc())
        ).all()
    found = pd.DataFrame(
        [{name: row._mapping[name] for name in TASK_COLUMNS} for row in rows],
        columns=list(TASK_COLUMNS),
    )
    return found.astype({"places": "Int64", "realised_places": "Int64"})


def figures_version(store: Store, actor: Actor) -> str:
    """Give a text that changes whenever a figure or an exchange is entered or erased."""
    require(actor, Action.READ_PLOTS, Resource("tasks"))
    with read_only(store) as connection:
        last = [
            connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one()
            for table in (tables.entered_tasks, tables.exchanges)
        ]
        last.append(version_of(connection, "erasures"))
    return "-".join(str(number or 0) for number in last)


def readable(actor: Actor, highest: Confidentiality, table: sa.Table) -> sa.ColumnElement[bool]:
    """Give the condition by which a question finds only figures that an actor may read.

    Each by its own class and municipality; an exchange is for both of its sides.

    Args:
        actor: who reads.
        highest: the highest class that the readers may see.
        table: of tasks or of exchanges.
    """
    own = table.c
    sides = (own.from_code, own.to_code) if table is tables.exchanges else (own.municipality_code,)
    return sa.and_(
        own.confidentiality.in_(classes_up_to(highest)),
        sa.or_(*(readable_rows(actor, own.confidentiality, side) for side in sides)),
    )


@dataclass(frozen=True)
class Exchange:
    """Places that a municipality takes over from another, or from all, by agreement."""

    id: int
    from_code: str
    to_code: str | None
    places: int
    in_return: str
    source: str


def enter_exchange(
    store: Store,
    actor: Actor,
    *,
    from_code: str,
    to_code: str | None,
    places: int,
    in_return: str,
    source: str,
    confidentiality: Confidentiality = Confidentiality.VERTROUWELIJK,
) -> None:
    """Keep an exchange.

    Args:
        store: where.
        actor: who enters it.
        from_code: the municipality whose task becomes smaller; the one that gives in return.
        to_code: the municipality that takes the places; None for the province as a whole.
        places: how many.
        in_return: what stands against it, in words.
        source: where it is agreed.
        confidentiality: which readers it may reach.

    Raises:
        StoreError: the source is missing or the number is not above zero.
    """
    require(actor, Action.ENTER_FIGURES, Resource("exchanges", municipality=from_code))
    if not source.strip():
        raise StoreError(Message("store.error.source"))
    if places <= 0 or from_code == to_code:
        raise StoreError(Message("store.error.figure"))
    with store.transaction() as connection:
        connection.execute(
            sa.insert(tables.exchanges).values(
                from_code=from_code,
                to_code=to_code,
                places=places,
                in_return=in_return.strip()[:500],
                source=source.strip()[:500],
                entered_at=now(),
                entered_by=actor.name,
                confidentiality=str(confidentiality),
            )
        )
        note(connection, actor.name, "enter_exchange", from_code, {"places": places})


def list_exchanges(
    store: Store, actor: Actor, highest: Confidentiality = Confidentiality.VERTROUWELIJK
) -> list[Exchange]:
    """Give the exchanges in the order in which they were entered, up to a class."""
    require(actor, Action.READ_PLOTS, Resource("exchanges"))
    table = tables.exchanges.c
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(
                table.id,
                table.from_code,
                table.to_code,
                table.places,
                table.in_return,
                table.source,
            )
            .where(readable(actor, highest, tables.exchanges))
            .order_by(table.id)
        )
        return [Exchange(**row._mapping) for row in rows]
