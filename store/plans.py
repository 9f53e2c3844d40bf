"""Keep what comes next for a plot: steps in time, and answers to the questions of a council.

A plan has a class of its own, confidential unless somebody says otherwise; it is read by those who
may read both it and its plot. Only the latest is kept, so that what is taken out is gone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from data.vocabulary import Confidentiality, confidentiality_rank
from messages import Message
from store import tables
from store.access import Action, Actor, Resource, may, readable_rows, require
from store.database import Store, note, now, read_only
from store.errors import ChangedSinceError, NotFoundError, StoreError

QUESTIONS = ("how_many", "how_long", "safety", "costs", "say", "reversible")
"""The questions that a council always asks."""

MOST_STEPS = 8
_WORDS = 160
_ANSWER = 600


@dataclass(frozen=True)
class Step:
    """Something that has to be done for a plot.

    Attributes:
        what: has to be done.
        who: does it; empty where that is not known.
        begins: the first day of the month in which it begins, None where that is not known.
        ends: the first day of the last month, None for the month in which it begins.
        council: whether the council decides here.
    """

    what: str
    who: str = ""
    begins: dt.date | None = None
    ends: dt.date | None = None
    council: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer to one of :data:`QUESTIONS`, or who is to find it out.

    Attributes:
        question: one of QUESTIONS.
        words: the answer; empty while it is not known.
        who: finds it out, or found it.
        source: where it is written.
        date: of the source.
    """

    question: str
    words: str = ""
    who: str = ""
    source: str = ""
    date: dt.date | None = None


@dataclass(frozen=True)
class Plan:
    """What comes next for one plot; ``version`` 0 was never kept."""

    plot_id: str
    steps: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()
    confidentiality: Confidentiality = Confidentiality.VERTROUWELIJK
    version: int = 0

    def answer(self, question: str) -> Answer:
        """Give the answer to a question, an empty one where there is none."""
        found = [one for one in self.answers if one.question == question]
        return found[0] if found else Answer(question)


def plan_record(plan: Plan) -> dict[str, Any]:
    """Give a plan as plain words and lists, for a snapshot."""
    answers = [_answer_row(one) for one in plan.answers if one.question in QUESTIONS]
    return {
        "steps": [_step_row(step) for step in plan.steps],
        "answers": [one for one in answers if _says_anything(one)],
        "confidentiality": str(plan.confidentiality),
    }


def plan_from_record(plot_id: str, record: Mapping[str, Any]) -> Plan:
    """Give the plan of a plot that :func:`plan_record` wrote; erased words are no dates."""
    return _plan({"version": 1, **record, "plot_id": plot_id})


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
            found.update({row.plot_id: _plan(dict(row._mapping)) for row in rows})
    return found


def write_plan(store: Store, actor: Actor, plan: Plan) -> int:
    """Keep a plan in the place of the one with the same version; gives the new version.

    Raises:
        NotFoundError: there is no such plot, or the actor may not see it.
        AccessDeniedError: the actor may not change this plot, or write in this class.
        ChangedSinceError: another changed the plan in between.
        StoreError: a step has no words, ends before it begins, or there are too many.
    """
    steps = [_step_row(step) for step in plan.steps]
    if len(steps) > MOST_STEPS:
        raise StoreError(Message("store.error.many_steps", {"most": MOST_STEPS}))
    answers = [_answer_row(one) for one in plan.answers if one.question in QUESTIONS]
    with store.transaction() as connection:
        present = _for_change(connection, actor, plan.plot_id, plan.confidentiality)
        if plan.version != (present.version if present else 0):
            raise ChangedSinceError(Message("store.error.plan_changed"))
        _drop(connection, plan.plot_id)
        connection.execute(
            sa.insert(tables.plans).values(
                plot_id=plan.plot_id,
                steps=steps,
                answers=[one for one in answers if _says_anything(one)],
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
    present = None if row is None else _plan(dict(row._mapping))
    classes = [_class(plot.confidentiality), wanted]
    classes += [present.confidentiality] if present else []
    highest = max(classes, key=confidentiality_rank)
    require(actor, Action.CHANGE_PLOTS, Resource("plan", highest, plot.municipality_code))
    return present


def may_write_plan(actor: Actor, plot: Mapping[str, object]) -> bool:
    """Say whether an actor may write what comes next for a plot."""
    code = plot.get("municipality_code")
    place = code if isinstance(code, str) else None
    return may(
        actor, Action.CHANGE_PLOTS, Resource("plan", _class(plot.get("confidentiality")), place)
    )


def _class(value: object) -> Confidentiality:
    try:
        return Confidentiality(str(value))
    except ValueError:
        return Confidentiality.VERTROUWELIJK


def _step_row(step: Step) -> dict[str, Any]:
    if not step.what.strip():
        raise StoreError(Message("store.error.step_words"))
    if step.ends and (step.begins is None or step.ends < step.begins):
        raise StoreError(Message("store.error.step_months", {"step": step.what.strip()[:60]}))
    return {
        "what": step.what.strip()[:_WORDS],
        "who": step.who.strip()[:_WORDS],
        "begins": _text(step.begins),
        "ends": _text(step.ends),
        "council": bool(step.council),
    }


def _answer_row(answer: Answer) -> dict[str, Any]:
    row = {name: str(value or "").strip() for name, value in asdict(answer).items()}
    return {
        **{name: row[name][:_WORDS] for name in ("question", "who", "source")},
        "words": row["words"][:_ANSWER],
        "date": _text(answer.date),
    }


def _says_anything(row: Mapping[str, Any]) -> bool:
    return any(value for name, value in row.items() if name != "question")


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        # erased words may have stood in it
        return None


def _plan(row: Mapping[str, Any]) -> Plan:
    return Plan(
        row["plot_id"],
        tuple(
            Step(
                one["what"],
                one["who"],
                _day(one["begins"]),
                _day(one["ends"]),
                bool(one["council"]),
            )
            for one in row["steps"]
        ),
        tuple(
            Answer(one["question"], one["words"], one["who"], one["source"], _day(one["date"]))
            for one in row["answers"]
        ),
        _class(row["confidentiality"]),
        row["version"],
    )
