"""What the store gives of a plot beside its row, without the database.

For whoever makes or reads a file and asks no database (a snapshot is verified in a process of its
own): plain classes, and a plan as words and lists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from data.vocabulary import Confidentiality
from messages import Message
from store.errors import StoreError

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"


@dataclass(frozen=True)
class Attachment:
    """What is kept of a photo or document, without its content.

    Attributes:
        id: by which it is asked for.
        plot_id: of which plot.
        name: how the user calls it.
        media_type: by its content: a PDF or a JPEG.
        size_bytes: of what is kept.
        credit: who made it.
        made_on: the day of the photo or document, where that was told.
        confidentiality: the higher of its own class and that of the plot.
        added_at: when it was added.
        added_by: by whom.
    """

    id: str
    plot_id: str
    name: str
    media_type: str
    size_bytes: int
    credit: str | None
    made_on: dt.date | None
    confidentiality: Confidentiality
    added_at: dt.datetime
    added_by: str


@dataclass(frozen=True)
class Left:
    """Since when a plot is out of the running, and the reason that was given."""

    on: dt.date
    reason: str = ""


QUESTIONS = ("how_many", "how_long", "safety", "costs", "say", "reversible")
"""The questions that a council always asks."""

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
    answers = [answer_row(one) for one in plan.answers if one.question in QUESTIONS]
    return {
        "steps": [step_row(step) for step in plan.steps],
        "answers": [one for one in answers if says_anything(one)],
        "confidentiality": str(plan.confidentiality),
    }


def plan_from_record(plot_id: str, record: Mapping[str, Any]) -> Plan:
    """Give the plan of a plot that :func:`plan_record` wrote; erased words are no dates."""
    return plan_of({"version": 1, **record, "plot_id": plot_id})


def class_of(value: object) -> Confidentiality:
    """Give a class as it was written; what is none is confidential."""
    try:
        return Confidentiality(str(value))
    except ValueError:
        return Confidentiality.VERTROUWELIJK


def step_row(step: Step) -> dict[str, Any]:
    """Give a step as plain words.

    Raises:
        StoreError: it has no words, or ends before it begins.
    """
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


def answer_row(answer: Answer) -> dict[str, Any]:
    """Give an answer as plain words, as long as they may be."""
    row = {name: str(value or "").strip() for name, value in asdict(answer).items()}
    return {
        **{name: row[name][:_WORDS] for name in ("question", "who", "source")},
        "words": row["words"][:_ANSWER],
        "date": _text(answer.date),
    }


def says_anything(row: Mapping[str, Any]) -> bool:
    """Say whether an answer (:func:`answer_row`) holds more than its question."""
    return any(value for name, value in row.items() if name != "question")


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        # erased words may have stood in it
        return None


def plan_of(row: Mapping[str, Any]) -> Plan:
    """Give the plan of a row; words that were erased are no dates."""
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
        class_of(row["confidentiality"]),
        row["version"],
    )
