"""Keep layers that users load (supermarkets, flood areas, roads): the latest of a kind holds."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import sqlalchemy as sa

from data.vocabulary import Confidentiality, confidentiality_rank
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

MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class StoredLayer:
    """A layer as a user loaded it; ``content`` is GeoJSON in EPSG:28992.

    ``complete``: whether it holds everything of its kind in the province, and ``margin_m`` metres
    around it.
    """

    number: int
    kind: str
    name: str
    source: str
    source_date: str
    complete: bool
    margin_m: float
    confidentiality: str
    sha256: str
    shapes: int
    content: bytes


def may_enter_layers(actor: Actor) -> bool:
    """Say whether an actor may load a layer: it lies in no municipality, so not an officer."""
    return may(actor, Action.ENTER_FIGURES, _resource(Confidentiality.VERTROUWELIJK))


def enter_layer(
    store: Store,
    actor: Actor,
    *,
    kind: str,
    name: str,
    source: str,
    source_date: str,
    complete: bool,
    content: bytes,
    shapes: int,
    margin_m: float = 0.0,
    confidentiality: Confidentiality = Confidentiality.VERTROUWELIJK,
) -> str:
    """Keep a layer; the latest of a kind holds. Gives the SHA-256 of its content.

    Args:
        store: where.
        actor: who loads it.
        kind: by which kaders name it: small letters, digits and underscores.
        name: in words.
        source: where it comes from.
        source_date: of the source.
        complete: whether it holds everything of its kind in the province.
        content: GeoJSON in EPSG:28992.
        shapes: how many it holds.
        margin_m: how far around the province it holds everything as well.
        confidentiality: which readers it may reach.

    Raises:
        AccessDeniedError: the actor may not.
        StoreError: name, source or date is missing, or it is too large.
    """
    require(actor, Action.ENTER_FIGURES, _resource(confidentiality))
    if not source.strip() or not source_date.strip():
        raise StoreError(Message("store.error.source"))
    if not name.strip() or not re.fullmatch("[a-z][a-z0-9_]{0,34}", kind):
        raise StoreError(Message("store.error.layer_name"))
    if len(content) > MAX_BYTES:
        raise StoreError(Message("store.error.layer_size"))
    sha = hashlib.sha256(content).hexdigest()
    with store.transaction() as connection:
        connection.execute(
            sa.insert(tables.layers).values(
                kind=kind,
                name=name.strip()[:80],
                source=source.strip()[:500],
                source_date=source_date.strip()[:20],
                complete=complete,
                margin_m=margin_m if complete else 0.0,
                confidentiality=str(confidentiality),
                sha256=sha,
                shapes=shapes,
                content=content,
                entered_at=now(),
                entered_by=actor.name,
            )
        )
        note(connection, actor.name, "enter_layer", f"layer {kind}", {"sha256": sha})
    return sha


def withdraw_layer(store: Store, actor: Actor, number: int) -> None:
    """Take a layer back; an earlier one of its kind holds again. What was kept of it stays.

    Raises:
        AccessDeniedError: the actor may not.
        NotFoundError: there is no such layer that the actor may see.
    """
    require(actor, Action.ENTER_FIGURES, _resource(Confidentiality.VERTROUWELIJK))
    table = tables.layers
    with store.transaction() as connection:
        kind = connection.execute(
            sa.update(table)
            .where(
                table.c.number == number,
                table.c.withdrawn_at.is_(None),
                table.c.confidentiality.in_(readable(actor, Confidentiality.VERTROUWELIJK)),
            )
            .values(withdrawn_at=now())
            .returning(table.c.kind)
        ).scalar_one_or_none()
        if kind is None:
            raise NotFoundError(Message("store.error.no_layer"))
        note(connection, actor.name, "withdraw_layer", f"layer {kind}", {"number": number})


def list_layers(
    store: Store, actor: Actor, highest: Confidentiality = Confidentiality.VERTROUWELIJK
) -> list[StoredLayer]:
    """Give the layers that hold, by kind: of each the latest that the readers may see.

    Args:
        store: where.
        actor: who reads.
        highest: the highest class that the readers may see.
    """
    require(actor, Action.READ_PLOTS, Resource("layers"))
    table = tables.layers
    columns = [table.c[name] for name in StoredLayer.__dataclass_fields__]
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(*columns)
            .where(
                table.c.withdrawn_at.is_(None),
                table.c.confidentiality.in_(readable(actor, highest)),
            )
            .order_by(table.c.number)
        )
        latest = {row.kind: StoredLayer(**row._mapping) for row in rows}
    return [latest[kind] for kind in sorted(latest)]


def layers_version(store: Store, actor: Actor) -> str:
    """Give a text that changes whenever a layer is loaded or taken back."""
    require(actor, Action.READ_PLOTS, Resource("layers"))
    table = tables.layers.c
    with read_only(store) as connection:
        last, withdrawn = connection.execute(
            sa.select(sa.func.max(table.number), sa.func.count(table.withdrawn_at))
        ).one()
    return f"{last or 0}-{withdrawn}"


def _resource(confidentiality: Confidentiality) -> Resource:
    return Resource("layer", confidentiality, None)


def readable(actor: Actor, highest: Confidentiality) -> list[str]:
    """Give the classes that an actor may read of what lies in no one municipality."""
    own = classes_up_to(highest_class(actor, Action.READ_PLOTS, None))
    most = confidentiality_rank(highest)
    return [name for name in own if confidentiality_rank(Confidentiality(name)) <= most]
