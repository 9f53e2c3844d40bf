"""Say who may do what with what: the one table by which access is decided.

What a user may do depends on the action, on the class of the thing, and on where it lies: in the
user's own municipality or elsewhere. The store filters by it in its questions, checks it for the
thing itself at every write, and outputs ask the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

import sqlalchemy as sa

from data.vocabulary import Confidentiality, confidentiality_rank
from messages import Message
from store.errors import AccessDeniedError


class Action(StrEnum):
    """What a user can want to do."""

    READ_PLOTS = "read_plots"
    CHANGE_PLOTS = "change_plots"
    DELIVER = "deliver"
    READ_DELIVERIES = "read_deliveries"
    FIX_KADER = "fix_kader"
    ENTER_FIGURES = "enter_figures"
    KEEP_SNAPSHOT = "keep_snapshot"
    MAKE_OUTPUT = "make_output"
    WRITE_PRACTICE = "write_practice"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"
    ERASE = "erase"


class Role(StrEnum):
    """What a user is in the app."""

    BEHEERDER = "beheerder"
    KANSENMAKER = "kansenmaker"
    GEMEENTE = "gemeente"
    RAADSLID = "raadslid"
    BEZOEKER = "bezoeker"


@dataclass(frozen=True)
class Grant:
    """Up to which class an action is allowed; None: not at all.

    Attributes:
        own: for what lies in the user's own municipality.
        elsewhere: for what lies elsewhere, or nowhere in particular.
    """

    own: Confidentiality | None = None
    elsewhere: Confidentiality | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts; ``name`` is written in history and audit.

    ``municipality`` is the code of the municipality that the user works for or sits in; None for
    none in particular, whose ``own`` is then empty.
    """

    name: str
    role: Role = Role.BEZOEKER
    municipality: str | None = None


class Anywhere(Enum):
    """A place that no text can name."""

    ANYWHERE = "anywhere"


ANYWHERE: Final = Anywhere.ANYWHERE
"""The place of a thing that lies in no municipality: a kader, the list of plots as a whole. What
users give as a place is text, so that nobody can claim it for a thing."""


@dataclass(frozen=True)
class Resource:
    """What is acted upon.

    Attributes:
        kind: what it is, in words.
        confidentiality: of the thing; that of a thing without a class is public.
        municipality: code of where it lies; None where that is not known, which counts as
            elsewhere; ANYWHERE for what lies in none.
    """

    kind: str
    confidentiality: Confidentiality = Confidentiality.OPENBAAR
    municipality: str | Anywhere | None = ANYWHERE


LOCAL_USER = Actor("lokaal", Role.BEHEERDER)
"""The one user where the app runs on one machine for itself (see ``ui/sign_in.py``)."""

_SECRET, _SHARED, _PUBLIC = (
    Confidentiality.VERTROUWELIJK,
    Confidentiality.GEDEELD,
    Confidentiality.OPENBAAR,
)
_ALL = dict.fromkeys(Action, Grant(_SECRET, _SECRET))
_OWN = Grant(_SECRET, None)
POLICY: Mapping[Role, Mapping[Action, Grant]] = {
    Role.BEHEERDER: _ALL,
    Role.KANSENMAKER: {
        action: grant
        for action, grant in _ALL.items()
        if action not in (Action.FIX_KADER, Action.READ_AUDIT, Action.MANAGE_USERS, Action.ERASE)
    },
    Role.GEMEENTE: {
        Action.READ_PLOTS: Grant(_SECRET, _SHARED),
        Action.CHANGE_PLOTS: _OWN,
        Action.DELIVER: _OWN,
        Action.READ_DELIVERIES: _OWN,
        Action.ENTER_FIGURES: _OWN,
        Action.KEEP_SNAPSHOT: _OWN,
        Action.MAKE_OUTPUT: Grant(_SECRET, _SHARED),
        Action.WRITE_PRACTICE: _OWN,
    },
    Role.RAADSLID: {
        Action.READ_PLOTS: Grant(_SHARED, _PUBLIC),
        Action.MAKE_OUTPUT: Grant(_SHARED, _PUBLIC),
    },
    Role.BEZOEKER: {Action.READ_PLOTS: Grant(_PUBLIC, _PUBLIC)},
}
"""For each role what it may do, and up to which class, at home and elsewhere. What is shared is
shared with councils: that of one municipality sees what lies there, not what lies elsewhere."""


def highest_class(
    actor: Actor, action: Action, municipality: str | Anywhere | None
) -> Confidentiality | None:
    """Give the highest class with which an actor may do this somewhere; None: not at all.

    Args:
        actor: who.
        action: what.
        municipality: where; ANYWHERE takes the best of home and elsewhere.
    """
    grant = POLICY[actor.role].get(action, Grant())
    at_home = grant.own if actor.municipality is not None else None
    if municipality is ANYWHERE:
        known = [value for value in (at_home, grant.elsewhere) if value is not None]
        return max(known, key=confidentiality_rank, default=None)
    own = actor.municipality is not None and municipality == actor.municipality
    return at_home if own else grant.elsewhere


def may(actor: Actor, action: Action, resource: Resource) -> bool:
    """Say whether an actor may do this with that."""
    highest = highest_class(actor, action, resource.municipality)
    return highest is not None and (
        confidentiality_rank(resource.confidentiality) <= confidentiality_rank(highest)
    )


def require(actor: Actor, action: Action, resource: Resource) -> None:
    """Refuse what an actor may not do.

    Raises:
        AccessDeniedError: it may not.
    """
    if not may(actor, action, resource):
        raise AccessDeniedError(
            Message("store.error.access", {"action": Message(f"store.action.{action}")}),
            str(action),
        )


def classes_up_to(highest: Confidentiality | None) -> list[str]:
    """Give the names of all classes up to one; none for None."""
    if highest is None:
        return []
    most = confidentiality_rank(highest)
    return [str(value) for value in Confidentiality if confidentiality_rank(value) <= most]


def may_read_record(actor: Actor, record: Mapping[str, object]) -> bool:
    """Say whether an actor may read a state of a plot, by its own class and place."""
    return may(actor, Action.READ_PLOTS, resource_of(record))


def resource_of(record: Mapping[str, object]) -> Resource:
    """Give a state of a plot as a thing that is acted upon; a doubtful class is the highest."""
    try:
        confidentiality = Confidentiality(str(record.get("confidentiality")))
    except ValueError:
        confidentiality = Confidentiality.VERTROUWELIJK
    code = record.get("municipality_code")
    return Resource("plot", confidentiality, code if isinstance(code, str) else None)


def readable_rows(
    actor: Actor, confidentiality: sa.ColumnElement[str], municipality: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """Give the condition by which a question finds only what an actor may read."""
    elsewhere = classes_up_to(highest_class(actor, Action.READ_PLOTS, None))
    condition: sa.ColumnElement[bool] = confidentiality.in_(elsewhere)
    if actor.municipality is None:
        return condition
    at_home = classes_up_to(highest_class(actor, Action.READ_PLOTS, actor.municipality))
    here = municipality == actor.municipality
    return sa.or_(
        sa.and_(here, confidentiality.in_(at_home)),
        sa.and_(sa.or_(municipality.is_(None), ~here), confidentiality.in_(elsewhere)),
    )


def view_key(actor: Actor) -> str:
    """Name what an actor may see: actors with the same key see the same, and share caches."""
    elsewhere = highest_class(actor, Action.READ_PLOTS, None)
    if actor.municipality is None:
        return f"{elsewhere}"
    at_home = highest_class(actor, Action.READ_PLOTS, actor.municipality)
    return f"{elsewhere} {actor.municipality} {at_home}"
