"""Keep practice examples that users write beside the packaged ones."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from data.vocabulary import Confidentiality
from messages import Message
from store import tables
from store.access import (
    Action,
    Actor,
    Resource,
    classes_up_to,
    highest_class,
    may,
    require,
)
from store.database import Store, note, now, read_only
from store.errors import NotFoundError, StoreError
from store.records import class_of


@dataclass(frozen=True)
class OwnExample:
    """A practice example of users; its class says which readers it may reach."""

    id: str
    title: str
    kind: str
    municipality_code: str | None
    place: str | None
    size: str | None
    what: str
    lesson: str
    source: str
    confidentiality: Confidentiality = Confidentiality.VERTROUWELIJK


_COLUMNS = (
    *("id", "title", "kind", "municipality_code", "place", "size", "what", "lesson", "source"),
    "confidentiality",
)


def write_example(store: Store, actor: Actor, example: OwnExample) -> str:
    """Keep an example, a new one when its ``id`` is empty; gives the identifier.

    Raises:
        AccessDeniedError: the actor may not write examples, or not over one of somebody else.
        NotFoundError: there is no such example, or the actor may not see it.
        StoreError: title, what, lesson or source is missing.
    """
    require(actor, Action.WRITE_PRACTICE, Resource("practice"))
    if not all(
        text.strip() for text in (example.title, example.what, example.lesson, example.source)
    ):
        raise StoreError(Message("store.error.example"))
    key = example.id or uuid.uuid4().hex[:12]
    values = {name: getattr(example, name) for name in _COLUMNS if name != "id"}
    values = {k: v[:3000] if isinstance(v, str) else v for k, v in values.items()}
    values["confidentiality"] = str(class_of(example.confidentiality))
    stamp = {"written_at": now(), "written_by": actor.name}
    table = tables.practice_examples
    with store.transaction() as connection:
        if example.id:
            _require_change(connection, actor, example.id)
        connection.execute(sa.delete(table).where(table.c.id == key))
        connection.execute(sa.insert(table).values(id=key, **values, **stamp))
        note(connection, actor.name, "write_example", key, {})
    return key


def own_examples(store: Store, actor: Actor) -> list[OwnExample]:
    """Give the examples of users that the actor may read, by their class or as theirs, by title."""
    columns = [tables.practice_examples.c[name] for name in _COLUMNS]
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(*columns)
            .where(_readable(actor))
            .order_by(tables.practice_examples.c.title, tables.practice_examples.c.id)
        )
        return [
            OwnExample(**{**row._mapping, "confidentiality": class_of(row.confidentiality)})
            for row in rows
        ]


def changeable_examples(store: Store, actor: Actor) -> list[str]:
    """Give the identifiers of the examples that the actor may change: one's own, all for a team."""
    if not may(actor, Action.WRITE_PRACTICE, Resource("practice")):
        return []
    table = tables.practice_examples.c
    with read_only(store) as connection:
        question = sa.select(table.id).where(_readable(actor), _mine(actor)).order_by(table.id)
        return list(connection.execute(question).scalars())


def _readable(actor: Actor) -> sa.ColumnElement[bool]:
    # the place of an example is where the reception is, which is seldom that of who wrote it
    table = tables.practice_examples.c
    classes = classes_up_to(highest_class(actor, Action.READ_PLOTS, None))
    return sa.or_(table.confidentiality.in_(classes), _written_by(actor))


def _written_by(actor: Actor) -> sa.ColumnElement[bool]:
    # only who may write is somebody by name: a name of a visitor says nothing
    if not may(actor, Action.WRITE_PRACTICE, Resource("practice")):
        return sa.false()
    return tables.practice_examples.c.written_by == actor.name


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    secret = Resource("practice", Confidentiality.VERTROUWELIJK, None)
    return sa.true() if may(actor, Action.WRITE_PRACTICE, secret) else _written_by(actor)


def _require_change(connection: sa.Connection, actor: Actor, key: str) -> None:
    table = tables.practice_examples.c
    rows = connection.execute(
        sa.select(_mine(actor).label("mine")).where(table.id == key, _readable(actor))
    ).one_or_none()
    if rows is None:
        raise NotFoundError(Message("store.error.no_example"))
    if not rows.mine:
        require(
            actor, Action.WRITE_PRACTICE, Resource("practice", Confidentiality.VERTROUWELIJK, None)
        )
