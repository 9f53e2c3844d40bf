"""Keep deliveries: each is one transaction, a version that can be taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import sqlalchemy as sa

from data.plot_record import in_present_form
from data.plot_schema import PLOT_COLUMNS
from data.vocabulary import Confidentiality
from messages import Message
from store import tables
from store.access import (
    Action,
    Actor,
    Resource,
    highest_class,
    readable_rows,
    require,
    resource_of,
)
from store.database import Store, note, now, read_only
from store.errors import AccessDeniedError, NotFoundError, UndoBlockedError
from store.plots import plain_shape, remove_plots, write_plots, write_records


@dataclass(frozen=True)
class Delivery:
    """One delivery: who brought what, when, from which file, and whether it was taken back."""

    number: int
    at: dt.datetime
    actor: str
    file_name: str
    file_sha256: str
    municipality_code: str | None
    plot_count: int
    report: list[dict[str, Any]]
    undone_at: dt.datetime | None
    undone_by: str | None
    undone_reason: str | None


def new_plot_id() -> str:
    """Give an identifier that no plot has: it says nothing of place, order or number of plots."""
    return uuid.uuid4().hex[:12]


def confirm_delivery(
    store: Store,
    actor: Actor,
    plots: gpd.GeoDataFrame,
    *,
    file_name: str,
    file_sha256: str,
    report: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    municipality_code: str | None = None,
    confirmation: str | None = None,
) -> int:
    """Keep the plots of a delivery, all or none, and give the number of the delivery.

    Args:
        store: where.
        actor: who brings them.
        plots: EPSG:28992, indexed by ``plot_id``; a plot that is known already is changed.
        file_name: what they came in.
        file_sha256: SHA-256 of that file, hexadecimal.
        report: what was said of each row, kept with the delivery.
        columns: which header of the file was taken for which column ("" for none), remembered
            for the municipality.
        municipality_code: for which municipality it was delivered; None for none in particular.
        confirmation: names the reading that is confirmed. The same one again writes nothing and
            gives the number of the delivery that it made.

    Raises:
        AccessDeniedError: the actor may not deliver, or not for this municipality.
    """
    _require_for(actor, municipality_code)
    with store.transaction() as connection:
        if confirmation is not None:
            kept = connection.scalar(
                sa.select(tables.deliveries.c.number).where(
                    tables.deliveries.c.confirmation == confirmation
                )
            )
            if kept is not None:
                return int(kept)
        number = connection.execute(
            sa.insert(tables.deliveries)
            .values(
                at=now(),
                actor=actor.name,
                file_name=file_name[:300],
                file_sha256=file_sha256,
                municipality_code=municipality_code,
                plot_count=len(plots),
                report=list(report),
                confirmation=confirmation,
            )
            .returning(tables.deliveries.c.number)
        ).scalar_one()
        write_plots(connection, actor, plots, reason=file_name[:300], delivery=number)
        if municipality_code:
            _remember(connection, municipality_code, columns)
        note(connection, actor.name, "deliver", f"delivery {number}", {"count": len(plots)})
    return int(number)


def list_deliveries(
    store: Store, actor: Actor, *, confirmation: str | None = None
) -> list[Delivery]:
    """Give the deliveries that the actor may read, latest first.

    Of another municipality neither file name nor report is told: both may name a place. Nor are
    they of a delivery of one's own municipality that holds a plot which the actor may not read.

    Args:
        store: where.
        actor: who asks.
        confirmation: only the one that this confirmation made, as :func:`confirm_delivery` has it.
    """
    require(actor, Action.READ_DELIVERIES, Resource("deliveries"))
    with read_only(store) as connection:
        shown = [tables.deliveries.c[field.name] for field in dataclasses.fields(Delivery)]
        asked = sa.select(*shown).where(_in_reach(actor))
        if confirmation is not None:
            asked = asked.where(tables.deliveries.c.confirmation == confirmation)
        rows = connection.execute(asked.order_by(tables.deliveries.c.number.desc())).all()
    return [Delivery(**row._mapping) for row in rows]


def _in_reach(actor: Actor) -> sa.ColumnElement[bool]:
    if highest_class(actor, Action.READ_DELIVERIES, None) is not None:
        return sa.true()
    table, versions = tables.deliveries.c, tables.plot_versions.c
    readable = readable_rows(
        actor,
        versions.record["confidentiality"].as_string(),
        versions.record["municipality_code"].as_string(),
    )
    hidden = sa.exists().where(
        versions.delivery == table.number, sa.case((readable, 1), else_=0) == 0
    )
    at_home = table.municipality_code == actor.municipality
    own = sa.and_(table.municipality_code.is_(None), table.actor == actor.name)
    return sa.and_(sa.or_(at_home, own), ~hidden)


def may_deliver_for(actor: Actor, municipality_code: str | None) -> bool:
    """Say whether an actor may deliver plots of any class for a municipality; None: for none."""
    try:
        _require_for(actor, municipality_code)
    except AccessDeniedError:
        return False
    return True


def _require_for(actor: Actor, municipality_code: str | None) -> None:
    require(actor, Action.DELIVER, Resource("plots"))
    if municipality_code is not None:
        whole = Resource("deliveries", Confidentiality.VERTROUWELIJK, municipality_code)
        require(actor, Action.DELIVER, whole)


def undo_delivery(store: Store, actor: Actor, number: int, *, reason: str) -> int:
    """Take a delivery back: its new plots go, its changed plots get their former state.

    What was taken back or restored before stands no longer in the way: a delivery and its undo
    cancel out, and so does a change by hand when a former state is restored.

    Returns:
        How many plots were restored or removed.

    Raises:
        NotFoundError: there is no such delivery, or it was taken back already.
        UndoBlockedError: a plot of it has been changed since, and that still holds.
    """
    require(actor, Action.DELIVER, Resource("plots"))
    with store.transaction() as connection:
        changed = connection.execute(
            sa.update(tables.deliveries)
            .where(
                tables.deliveries.c.number == number,
                tables.deliveries.c.undone_at.is_(None),
                _in_reach(actor),
            )
            .values(undone_at=now(), undone_by=actor.name, undone_reason=reason[:2000])
        )
        if changed.rowcount == 0:
            raise NotFoundError(Message("store.error.no_delivery"))
        stacks = {
            plot_id: stack
            for plot_id, stack in _standing(connection, number).items()
            if any(one.delivery == number for one in stack)
        }
        for stack in stacks.values():
            for one in stack[-2:]:
                if one.record:
                    require(actor, Action.DELIVER, resource_of(one.record))
        _refuse_later(connection, actor, number, stacks)
        before = {plot_id: stack[-2].record for plot_id, stack in stacks.items() if len(stack) > 1}
        restored = {plot_id: record for plot_id, record in before.items() if record is not None}
        words = f"aanlevering teruggedraaid: {reason}"[:2000]
        write_records(connection, actor, restored, reason=words, delivery=None, undoes=number)
        gone = [plot_id for plot_id in stacks if plot_id not in restored]
        remove_plots(connection, actor, gone, reason=words, delivery=None, undoes=number)
        note(connection, actor.name, "undo_delivery", f"delivery {number}", {"count": len(stacks)})
    return len(stacks)


@dataclass(frozen=True)
class _Standing:
    """A version that still holds; ``delivery`` None: by hand; ``record`` None: the plot is gone."""

    version: int
    delivery: int | None
    record: dict[str, Any] | None

    @property
    def state(self) -> Mapping[str, Any] | None:
        """What it says of the plot, without where that came from."""
        if self.record is None:
            return None
        whole = in_present_form(self.record)
        state = {k: v for k, v in whole.items() if k != "provenance" and v is not None}
        return {**state, "geometry": plain_shape(state["geometry"])}


def _standing(connection: sa.Connection, number: int) -> dict[str, list[_Standing]]:
    """Give for each plot of a delivery the versions that still hold, oldest first.

    A version that takes a delivery back cancels that delivery's version before it. A version by
    hand that gives a plot a state that still holds cancels what came after that state.
    """
    versions = tables.plot_versions.c
    mine = sa.select(versions.plot_id).where(versions.delivery == number).distinct()
    rows = connection.execute(
        sa.select(
            versions.plot_id,
            versions.version,
            versions.delivery,
            versions.undoes,
            versions.record,
        )
        .where(versions.plot_id.in_(mine))
        .order_by(versions.plot_id, versions.version)
    )
    stacks: dict[str, list[_Standing]] = {}
    for plot_id, version, delivery, undoes, record in rows:
        stack = stacks.setdefault(plot_id, [])
        new = _Standing(version, delivery, record)
        if undoes is not None and stack and stack[-1].delivery == undoes:
            stack.pop()
        elif delivery is None and undoes is None:
            same = [place for place, one in enumerate(stack) if one.state == new.state]
            if same:
                del stack[same[-1] + 1 :]
            else:
                stack.append(new)
        else:
            stack.append(new)
    return stacks


def _refuse_later(
    connection: sa.Connection, actor: Actor, number: int, stacks: Mapping[str, list[_Standing]]
) -> None:
    """Refuse the undo of a delivery over which something else lies, and say what.

    Deliveries are called by moment and file: their numbers run over all municipalities, and would
    tell how many the others made. Of one out of reach is said that it is there.

    Raises:
        UndoBlockedError: something does.
    """
    later: set[int] = set()
    by_hand: dict[str, int] = {}
    blocked = 0
    for plot_id, stack in stacks.items():
        place = max(i for i, one in enumerate(stack) if one.delivery == number)
        above = stack[place + 1 :]
        blocked += bool(above)
        later |= {one.delivery for one in above if one.delivery is not None}
        if any(one.delivery is None for one in above):
            by_hand[plot_id] = stack[place].version
    if not blocked:
        return
    called = _called(connection, actor, [number, *later])
    order = tuple(sorted(later & called.keys(), reverse=True))
    kind = "both" if later and by_hand else "delivery" if later else "hand"
    if len(order) < len(later):
        kind = "others"
    said = {
        "delivery": called[number],
        "count": blocked,
        "deliveries": tuple(called[one] for one in order),
        "by_hand": len(by_hand),
    }
    raise UndoBlockedError(Message(f"store.error.changed_by_{kind}", said), order, by_hand)


def _called(connection: sa.Connection, actor: Actor, numbers: Sequence[int]) -> dict[int, Message]:
    """Say how deliveries are called, as their list does, of those that the actor may read."""
    table = tables.deliveries.c
    rows = connection.execute(
        sa.select(table.number, table.at, table.file_name).where(
            table.number.in_(numbers), _in_reach(actor)
        )
    )
    return {
        row.number: Message("store.delivery_called", {"at": row.at, "file": row.file_name})
        for row in rows
    }


def remembered_columns(store: Store, actor: Actor, municipality_code: str | None) -> dict[str, str]:
    """Give which header meant which column in earlier deliveries of a municipality.

    Raises:
        AccessDeniedError: the actor may not deliver, or not for this municipality.
    """
    _require_for(actor, municipality_code)
    if not municipality_code:
        return {}
    matches = tables.column_matches.c
    with read_only(store) as connection:
        rows = connection.execute(
            sa.select(matches.header, matches.plot_column).where(
                matches.municipality_code == municipality_code
            )
        ).all()
    return {row.header: row.plot_column for row in rows}


def _remember(
    connection: sa.Connection, municipality_code: str, columns: Mapping[str, str]
) -> None:
    known = {h[:200]: c for h, c in columns.items() if c == "" or c in PLOT_COLUMNS}
    if not known:
        return
    matches = tables.column_matches
    connection.execute(
        sa.delete(matches).where(
            matches.c.municipality_code == municipality_code, matches.c.header.in_(list(known))
        )
    )
    connection.execute(
        sa.insert(matches),
        [
            {"municipality_code": municipality_code, "header": header, "plot_column": column}
            for header, column in known.items()
        ],
    )
