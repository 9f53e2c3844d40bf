"""Keep what comes next for a plot: steps in time, and answers to the questions of a council.

A plan has a class of its own, confidential unless somebody says otherwise; it is read by those who
may read both it and its plot. Only the latest is kept, so that what is taken out is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from data.vocabulary import Confidentiality, confidentiality_rank
from messages import Message
from store import tables
from store.access import Action, Actor, Resource, may, readable_rows, require
from store.database import Store, note, now, read_only
from store.errors import ChangedSinceError, NotFoundError, StoreError
from store.records import QUESTIONS, Plan, answer_row, class_of, plan_of, says_anything, step_row

MOST_STEPS = 8


def plans_of(store: Store, actor: Actor, plot_ids: Iterable[str]) -> dict[str, Plan]:
    """Give the plans of these plots that the actor may read, by plot."""
    wanted = list(plot_ids)
    plans, plots = tables.plans, tables.plots.c
    found: dict[str, Plan] = {}
    with read_only(store) as connection:
        for begin in range(0, len(wanted), 500):
            rows = connection.execute(
                sa.select(plans, plots.municipality_code)
                .join(tables.plots, plots.plot_id == plans.c.plot_id)
                .where(plans.c.plot_id.in_(wanted[begin : begin + 500]))
                .where(readable_rows(actor, plots.confidentiality, plots.municipality_code))
                .where(readable_rows(actor, plans.c.confidentiality, plots.municipality_code))
            )
            found.update({row.plot_id: plan_of(dict(row._mapping)) for row in rows})
    return found


def write_plan(store: Store, actor: Actor, plan: Plan) -> int:
    """Keep a plan in the place of the one with the same version; gives the new version.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
        AccessDeniedError: the actor may not change this plot, or write in this class.
        ChangedSinceError: another changed the plan in between.
        StoreError: a step has no words, ends before it begins, or there are too many.
    """
    steps = [step_row(step) for step in plan.steps]
    if len(steps) > MOST_STEPS:
        raise StoreError(Message("store.error.many_steps", {"most": MOST_STEPS}))
    answers = [answer_row(one) for one in plan.answers if one.question in QUESTIONS]
    with store.transaction() as connection:
        present = _for_change(connection, actor, plan.plot_id, plan.confidentiality)
        if plan.version != (present.version if present else 0):
            raise ChangedSinceError(Message("store.error.plan_changed"))
        _drop(connection, plan.plot_id)
        connection.execute(
            sa.insert(tables.plans).values(
                plot_id=plan.plot_id,
                steps=steps,
                answers=[one for one in answers if says_anything(one)],
                confidentiality=str(plan.confidentiality),
                version=plan.version + 1,
                written_at=now(),
                written_by=actor.name,
            )
        )
        note(connection, actor.name, "write_plan", plan.plot_id, {"steps": len(steps)})
    return plan.version + 1


def erase_plan(store: Store, actor: Actor, plot_id: str) -> None:
    """Take out all that was written of what comes next for a plot; nothing of it is kept.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
        AccessDeniedError: the actor may not change this plot.
    """
    with store.transaction() as connection:
        _for_change(connection, actor, plot_id, Confidentiality.OPENBAAR)
        _drop(connection, plot_id)
        note(connection, actor.name, "erase_plan", plot_id, {})


def _drop(connection: sa.Connection, plot_id: str) -> None:
    connection.execute(sa.delete(tables.plans).where(tables.plans.c.plot_id == plot_id))


def _for_change(
    connection: sa.Connection, actor: Actor, plot_id: str, wanted: Confidentiality
) -> Plan | None:
    """Check that the actor may change the plan of a plot, and give the plan that is there."""
    plots = tables.plots.c
    plot = connection.execute(
        sa.select(plots.confidentiality, plots.municipality_code)
        .where(plots.plot_id == plot_id)
        .where(readable_rows(actor, plots.confidentiality, plots.municipality_code))
    ).one_or_none()
    if plot is None:
        raise NotFoundError(Message("store.error.no_plot", {"plot": plot_id[:60]}))
    row = connection.execute(
        sa.select(tables.plans).where(tables.plans.c.plot_id == plot_id)
    ).one_or_none()
    present = None if row is None else plan_of(dict(row._mapping))
    classes = [class_of(plot.confidentiality), wanted]
    classes += [present.confidentiality] if present else []
    highest = max(classes, key=confidentiality_rank)
    require(actor, Action.CHANGE_PLOTS, Resource("plan", highest, plot.municipality_code))
    return present


def may_write_plan(actor: Actor, plot: Mapping[str, object]) -> bool:
    """Say whether an actor may write what comes next for a plot."""
    code = plot.get("municipality_code")
    place = code if isinstance(code, str) else None
    return may(
        actor, Action.CHANGE_PLOTS, Resource("plan", class_of(plot.get("confidentiality")), place)
    )
