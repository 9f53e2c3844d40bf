"""Keep photos and documents of a plot, and give them to who may see them.

A photo is encoded anew, in a process that is locked in, before it is kept: where and when it was
taken, and by which device, is gone with everything else that its file said beside the picture.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from data.vocabulary import Confidentiality, confidentiality_rank
from messages import Message
from sandbox.errors import SandboxError
from sandbox.run import run_sandboxed
from store import photo, tables
from store.access import Action, Actor, Resource, may, readable_rows, require
from store.database import Store, note, now, read_only
from store.errors import NotFoundError, StoreError
from store.records import JPEG, PDF, Attachment, class_of

MAX_BYTES: Final = 15_000_000
MAX_OF_PLOT: Final = 40
"""Limits of one attachment and of one plot; choices of the team."""


def add_attachment(
    store: Store,
    actor: Actor,
    plot_id: str,
    content: bytes,
    *,
    name: str,
    credit: str | None = None,
    made_on: dt.date | None = None,
    confidentiality: Confidentiality = Confidentiality.VERTROUWELIJK,
    waiting: Callable[[], None] | None = None,
) -> str:
    """Keep a photo (JPEG, PNG, WebP) or a PDF with a plot; gives its identifier.

    Args:
        store: where.
        actor: who adds it.
        plot_id: to which plot.
        content: the file; what it is shows from this, not from its name.
        name: how the user calls it.
        credit: who made it.
        made_on: the day it was made.
        confidentiality: its own class.
        waiting: told again and again while other files are opened and this one waits for its turn.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
        AccessDeniedError: the actor may not change the plot, or what is of this class there.
        StoreError: it is too large, neither photo nor PDF, or the plot has too many.
    """
    require(actor, Action.CHANGE_PLOTS, Resource("plots"))
    media_type, kept = _as_kept(content, waiting)
    key = uuid.uuid4().hex
    with store.transaction() as connection:
        plot = _plot(connection, actor, plot_id)
        for value in (plot.confidentiality, confidentiality):
            require(actor, Action.CHANGE_PLOTS, _resource(value, plot.municipality_code))
        there = sa.select(sa.func.count()).where(tables.attachments.c.plot_id == plot_id)
        if int(connection.scalar(there) or 0) >= MAX_OF_PLOT:
            raise StoreError(Message("store.error.attachments_full", {"most": MAX_OF_PLOT}))
        connection.execute(
            sa.insert(tables.attachments).values(
                id=key,
                plot_id=plot_id,
                name=(name.strip() or "-")[:200],
                media_type=media_type,
                size_bytes=len(kept),
                credit=(credit or "").strip()[:200] or None,
                made_on=made_on,
                confidentiality=str(confidentiality),
                sha256=hashlib.sha256(kept).hexdigest(),
                content=kept,
                added_at=now(),
                added_by=actor.name,
            )
        )
        note(connection, actor.name, "add_attachment", plot_id, {"attachment": key})
    return key


def list_attachments(store: Store, actor: Actor, plot_id: str) -> list[Attachment]:
    """Give what the actor may see of the photos and documents of a plot, oldest first.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
    """
    shown = [c for c in tables.attachments.c if c.name not in ("content", "sha256")]
    with read_only(store) as connection:
        plot = _plot(connection, actor, plot_id)
        rows = connection.execute(
            sa.select(*shown)
            .where(tables.attachments.c.plot_id == plot_id)
            .order_by(tables.attachments.c.added_at, tables.attachments.c.id)
        ).all()
    found = [_attachment(row._mapping, plot.confidentiality) for row in rows]
    return [one for one in found if _may_read(actor, one, plot)]


def read_attachment(store: Store, actor: Actor, attachment_id: str) -> tuple[Attachment, bytes]:
    """Give a photo or document with its content; who opens it is noted.

    Raises:
        NotFoundError: there is none, or the actor may not see it or its plot.
    """
    with store.transaction() as connection:
        found, content, _ = _one(connection, actor, attachment_id)
        if found.confidentiality == Confidentiality.VERTROUWELIJK:
            detail = {"attachment": found.id}
            note(connection, actor.name, "read_attachment", found.plot_id, detail)
    return found, content


def photos_of(
    store: Store, actor: Actor, plot_ids: Iterable[str], highest: Confidentiality
) -> dict[str, Attachment]:
    """Give the latest photo of each of these plots, by plot, for a paper with these readers.

    Args:
        store: where.
        actor: who makes the paper.
        plot_ids: of which plots; those that the actor may not see are passed over.
        highest: the highest class that the readers of the paper may see.
    """
    most = confidentiality_rank(highest)
    wanted = list(plot_ids)
    attachments, plots = tables.attachments, tables.plots.c
    latest: dict[str, Attachment] = {}
    shown = [c for c in attachments.c if c.name not in ("content", "sha256")]
    with read_only(store) as connection:
        for begin in range(0, len(wanted), 500):
            rows = connection.execute(
                sa.select(*shown, plots.confidentiality.label("of_plot"), plots.municipality_code)
                .join(tables.plots, plots.plot_id == attachments.c.plot_id)
                .where(attachments.c.plot_id.in_(wanted[begin : begin + 500]))
                .where(attachments.c.media_type == JPEG)
                .where(readable_rows(actor, plots.confidentiality, plots.municipality_code))
            )
            for row in rows:
                found = _attachment(row._mapping, row.of_plot)
                resource = _resource(found.confidentiality, row.municipality_code)
                if confidentiality_rank(found.confidentiality) > most or not may(
                    actor, Action.READ_PLOTS, resource
                ):
                    continue
                if row.plot_id not in latest or _moment(latest[row.plot_id]) < _moment(found):
                    latest[row.plot_id] = found
    return latest


def _moment(one: Attachment) -> tuple[str, str, str]:
    return str(one.made_on or one.added_at.date()), one.added_at.isoformat(), one.id


def withdraw_attachment(store: Store, actor: Actor, attachment_id: str) -> None:
    """Take a photo or document away for good; that it was there stands in the audit.

    Raises:
        NotFoundError: there is none, or the actor may not see it or its plot.
        AccessDeniedError: the actor may not change it.
    """
    require(actor, Action.CHANGE_PLOTS, Resource("plots"))
    with store.transaction() as connection:
        found, _, plot = _one(connection, actor, attachment_id)
        resource = _resource(found.confidentiality, plot.municipality_code)
        require(actor, Action.CHANGE_PLOTS, resource)
        connection.execute(
            sa.delete(tables.attachments).where(tables.attachments.c.id == attachment_id)
        )
        detail = {"attachment": attachment_id}
        note(connection, actor.name, "withdraw_attachment", found.plot_id, detail)


def _plot(connection: sa.Connection, actor: Actor, plot_id: str) -> sa.Row[Any, Any]:
    plots = tables.plots.c
    found = connection.execute(
        sa.select(plots.confidentiality, plots.municipality_code).where(
            plots.plot_id == plot_id,
            readable_rows(actor, plots.confidentiality, plots.municipality_code),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
    return found


def _one(
    connection: sa.Connection, actor: Actor, attachment_id: str
) -> tuple[Attachment, bytes, sa.Row[Any, Any]]:
    row = connection.execute(
        sa.select(tables.attachments).where(tables.attachments.c.id == attachment_id)
    ).one_or_none()
    if row is not None:
        plot = _plot(connection, actor, row.plot_id)
        found = _attachment(row._mapping, plot.confidentiality)
        if _may_read(actor, found, plot):
            return found, bytes(row.content), plot
    raise NotFoundError(Message("store.error.no_attachment"))


def _attachment(row: Mapping[Any, Any], of_plot: object) -> Attachment:
    known = {n: row[n] for n in Attachment.__dataclass_fields__ if n != "confidentiality"}
    classes = [class_of(row["confidentiality"]), class_of(of_plot)]
    return Attachment(**known, confidentiality=max(classes, key=confidentiality_rank))


def _resource(confidentiality: object, municipality: str | None) -> Resource:
    return Resource("attachment", class_of(confidentiality), municipality)


def _may_read(actor: Actor, one: Attachment, plot: sa.Row[Any, Any]) -> bool:
    return may(actor, Action.READ_PLOTS, _resource(one.confidentiality, plot.municipality_code))


def _as_kept(content: bytes, waiting: Callable[[], None] | None) -> tuple[str, bytes]:
    """Give the media type of a file by its content, and the bytes that are kept of it."""
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise StoreError(Message("store.error.attachment_large", {"limit": limit}))
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return PDF, content
    return JPEG, _photo(content, waiting)


def _photo(content: bytes, waiting: Callable[[], None] | None) -> bytes:
    """Encode a photo anew (:mod:`store.photo`) in a process that is locked in."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / photo.GIVEN
        given.write_bytes(content)
        try:
            made = run_sandboxed(photo.__name__, {}, files=[given], waiting=waiting)
        except SandboxError as problem:
            raise StoreError(Message("store.error.attachment_kind")) from problem
    if made == photo.TOO_MANY_PIXELS:
        raise StoreError(Message("store.error.attachment_pixels"))
    if not made.startswith(photo.JPEG_BEGINS):
        raise StoreError(Message("store.error.attachment_kind"))
    return made
