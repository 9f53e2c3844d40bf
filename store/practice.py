"""Keep practice examples that users write beside the packaged ones."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from messages import Message
from store import tables
from store.access import Action, Actor, Resource, may, require
from store.database import Store, note, now, read_only
from store.errors import StoreError


@dataclass(frozen=True)
class OwnExample:
    """A practice example of users."""

    id: str
    title: str
    kind: str
    municipality_code: str | None
    place: str | None
    size: str | None
    what: str
    lesson: str
    source: str


_COLUMNS = ("id", "title", "kind", "municipality_code", "place", "size", "what", "lesson", "source")


def write_example(store: Store, actor: Actor, example: OwnExample) -> str:
    """Keep an example, a new one when its ``id`` is empty; gives the identifier.

    Raises:
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
    stamp = {"written_at": now(), "written_by": actor.name}
    table = tables.practice_examples
    with store.transaction() as connection:
        connection.execute(sa.delete(table).where(table.c.id == key))
        connection.execute(sa.insert(table).values(id=key, **values, **stamp))
        note(connection, actor.name, "write_example", key, {})
    return key


def own_examples(store: Store, actor: Actor) -> list[OwnExample]:
    """Give the examples of users, by title; none for who may not write one.

    What users wrote has no class: it is for those who work with it.
    """
    if not may(actor, Action.WRITE_PRACTICE, Resource("practice")):
        return []
    columns = [tables.practice_examples.c[name] for name in _COLUMNS]
    with read_only(store) as connection:
        rows = connection.execute(sa.select(*columns).order_by(tables.practice_examples.c.title))
        return [OwnExample(**row._mapping) for row in rows]
