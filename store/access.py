"""Say who may do what: the one place where access is decided.

For now there is one local user, who may do everything. Roles are a table, so that a new one is a
line and not a change of code elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    WRITE_PRACTICE = "write_practice"
    READ_AUDIT = "read_audit"


class Role(StrEnum):
    """What a user is in the app."""

    BEHEERDER = "beheerder"
    KANSENMAKER = "kansenmaker"
    RAADSLID = "raadslid"
    BEZOEKER = "bezoeker"


@dataclass(frozen=True)
class Actor:
    """Who acts; ``name`` is written in history and audit."""

    name: str
    role: Role = Role.BEZOEKER


@dataclass(frozen=True)
class Resource:
    """What is acted upon; a plot has a class, most other things have none."""

    kind: str
    confidentiality: Confidentiality = Confidentiality.OPENBAAR


LOCAL_USER = Actor("lokaal", Role.BEHEERDER)
"""The one user as long as there is no sign-in."""

_ALL = dict.fromkeys(Action, Confidentiality.VERTROUWELIJK)
_ALLOWED: Mapping[Role, Mapping[Action, Confidentiality]] = {
    Role.BEHEERDER: _ALL,
    Role.KANSENMAKER: {k: v for k, v in _ALL.items() if k != Action.FIX_KADER},
    Role.RAADSLID: {Action.READ_PLOTS: Confidentiality.GEDEELD},
    Role.BEZOEKER: {Action.READ_PLOTS: Confidentiality.OPENBAAR},
}
"""For each role what it may do, and up to which class."""


def may(actor: Actor, action: Action, resource: Resource) -> bool:
    """Say whether an actor may do this with that."""
    highest = _ALLOWED[actor.role].get(action)
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
            Message("store.error.access", {"action": Message(f"store.action.{action}")})
        )


def readable_classes(actor: Actor) -> tuple[str, ...]:
    """Give the classes of plots that an actor may read."""
    return tuple(
        str(value)
        for value in Confidentiality
        if may(actor, Action.READ_PLOTS, Resource("plot", value))
    )
