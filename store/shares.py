"""Share a few plots by a link: for a class of readers, read only, until a day, revocable."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from data.plot_schema import hidden_from
from data.vocabulary import Confidentiality, confidentiality_rank
from messages import Message
from store import tables
from store.access import Action, Actor, Resource, Role, may, require
from store.database import Store, note, now, read_only
from store.errors import NotFoundError, StoreError
from store.plots import list_plots

MOST_PLOTS = 10
MOST_DAYS = 180
SHAREABLE = (Confidentiality.OPENBAAR, Confidentiality.GEDEELD)
"""What is confidential is never shared by a link: whoever has the link has what is behind it."""

READER = Actor("link", Role.KANSENMAKER)
"""Who reads by a link, for the store: each link says itself what of it is shown."""


@dataclass(frozen=True)
class Share:
    """A shared view."""

    key: str
    name: str
    kind: str
    confidentiality: Confidentiality
    plot_ids: list[str]
    made_at: dt.datetime
    made_by: str
    expires_at: dt.datetime
    ended_at: dt.datetime | None
    ended_by: str | None


def make_share(
    store: Store,
    actor: Actor,
    *,
    name: str,
    kind: str,
    plot_ids: Sequence[str],
    confidentiality: Confidentiality,
    days: int,
) -> str:
    """Make a link; gives its secret, which is kept nowhere else.

    Args:
        store: where.
        actor: who shares.
        name: for whom, in words.
        kind: of reception that the plots are scored for.
        plot_ids: at most ten.
        confidentiality: the highest class that the readers see.
        days: until the link ends, at most 180.

    Raises:
        AccessDeniedError: the actor may not make outputs.
        StoreError: a plot is not there, is not the actor's to see, or is of a higher class.
    """
    require(actor, Action.MAKE_OUTPUT, Resource("share", confidentiality))
    if confidentiality not in SHAREABLE or not 1 <= days <= MOST_DAYS or not name.strip():
        raise StoreError(Message("store.error.share", {"days": MOST_DAYS}))
    if not 1 <= len(plot_ids) <= MOST_PLOTS:
        raise StoreError(Message("store.error.share_plots", {"most": MOST_PLOTS}))
    seen = list_plots(store, actor)
    known = seen[seen.index.isin(list(plot_ids))]
    most = confidentiality_rank(confidentiality)
    too_high = [c for c in known["confidentiality"] if confidentiality_rank(c) > most]
    if len(known) < len(set(plot_ids)) or too_high:
        raise StoreError(Message("store.error.share_class"))
    secret = secrets.token_urlsafe(24)
    with store.transaction() as connection:
        connection.execute(
            sa.insert(tables.shares).values(
                key=_key(secret),
                name=name.strip()[:120],
                kind=kind,
                confidentiality=str(confidentiality),
                plot_ids=list(plot_ids),
                made_at=now(),
                made_by=actor.name,
                expires_at=now() + dt.timedelta(days=days),
            )
        )
        note(connection, actor.name, "share", f"share {_key(secret)[:8]}", {"count": len(plot_ids)})
    return secret


def shared_plots(store: Store, secret: str) -> tuple[Share, gpd.GeoDataFrame]:
    """Give what a link shows today: of its plots those that still have no higher class.

    Raises:
        NotFoundError: there is no such link, it has ended, or nothing of it may be shown.
    """
    with read_only(store) as connection:
        row = connection.execute(
            sa.select(tables.shares).where(tables.shares.c.key == _key(secret))
        ).one_or_none()
    if row is None or row.ended_at is not None or row.expires_at <= now():
        raise NotFoundError(Message("store.error.no_share"))
    share = _share(dict(row._mapping))
    plots = list_plots(store, READER)
    most = confidentiality_rank(share.confidentiality)
    shown = plots[
        plots.index.isin(share.plot_ids)
        & plots["confidentiality"].map(lambda c: confidentiality_rank(c) <= most).astype(bool)
    ].copy()
    if shown.empty:
        raise NotFoundError(Message("store.error.no_share"))
    for column in hidden_from(share.confidentiality):
        nothing: object = {} if column == "provenance" else None
        shown[column] = pd.Series(
            [nothing] * len(shown), index=shown.index, dtype=shown[column].dtype
        )
    return share, shown


def list_shares(store: Store, actor: Actor) -> list[Share]:
    """Give the links that still work: all for an administrator, else one's own, latest first."""
    table = tables.shares.c
    question = sa.select(tables.shares).where(table.ended_at.is_(None), table.expires_at > now())
    if not may(actor, Action.MANAGE_USERS, Resource("users")):
        question = question.where(table.made_by == actor.name)
    with read_only(store) as connection:
        rows = connection.execute(question.order_by(table.made_at.desc()))
        return [_share(dict(row._mapping)) for row in rows]


def end_share(store: Store, actor: Actor, key: str) -> None:
    """Revoke a link: one's own, or any by an administrator.

    Raises:
        NotFoundError: there is none of the actor's.
    """
    table = tables.shares.c
    mine = [table.key == key, table.ended_at.is_(None)]
    if not may(actor, Action.MANAGE_USERS, Resource("users")):
        mine.append(table.made_by == actor.name)
    with store.transaction() as connection:
        changed = connection.execute(
            sa.update(tables.shares).where(*mine).values(ended_at=now(), ended_by=actor.name)
        )
        if changed.rowcount == 0:
            raise NotFoundError(Message("store.error.no_share"))
        note(connection, actor.name, "end_share", f"share {key[:8]}", {})


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def _share(values: dict[str, object]) -> Share:
    values["confidentiality"] = Confidentiality(str(values["confidentiality"]))
    return Share(**values)  # type: ignore[arg-type]
