"""Name the kinds, owners, states and classes that every other package speaks of.

The members carry the Dutch words of the field as their values: these are stored in the
database and in files, so they never change with the language of the screen. How a member is
shown is decided by the message catalogues (key ``vocabulary.<enumeration>.<value>``).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class ReceptionKind(StrEnum):
    """The six kinds of reception that a site is sought for."""

    AZC = "azc"
    CRISISNOODOPVANG = "crisisnoodopvang"
    OEKRAINE = "oekraine"
    STATUSHOUDERS = "statushouders"
    AMV = "amv"
    GEMENGD = "gemengd"


class LocationStatus(StrEnum):
    """The status of a known reception location."""

    OPEN = "open"
    PLANNED = "planned"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


THERE_OR_COMING = (LocationStatus.OPEN, LocationStatus.PLANNED)
"""Statuses of a location that is there or is to come."""


class OwnerKind(StrEnum):
    """Who owns a candidate plot."""

    RIJK = "rijk"
    PROVINCIE = "provincie"
    GEMEENTE = "gemeente"
    WATERSCHAP = "waterschap"
    COA = "coa"
    CORPORATIE = "corporatie"
    PARTICULIER = "particulier"
    ONBEKEND = "onbekend"


class ObjectKind(StrEnum):
    """Whether a candidate is bare land or an existing building."""

    PERCEEL = "perceel"
    GEBOUW = "gebouw"
    ONBEKEND = "onbekend"


class Zoning(StrEnum):
    """The main use that the zoning plan (omgevingsplan) allows."""

    WONEN = "wonen"
    MAATSCHAPPELIJK = "maatschappelijk"
    GEMENGD = "gemengd"
    KANTOOR = "kantoor"
    BEDRIJF = "bedrijf"
    HORECA = "horeca"
    RECREATIE = "recreatie"
    AGRARISCH = "agrarisch"
    NATUUR = "natuur"
    VERKEER = "verkeer"
    OVERIG = "overig"
    ONBEKEND = "onbekend"


class NatureStatus(StrEnum):
    """Whether the plot lies in protected nature."""

    GEEN = "geen"
    NNN = "nnn"
    NATURA2000 = "natura2000"
    ONBEKEND = "onbekend"


class GridConnection(StrEnum):
    """Whether the electricity grid can take the load (Eemnes: 32 weeks for a station)."""

    BESCHIKBAAR = "beschikbaar"
    BEPERKT = "beperkt"
    NIET = "niet"
    ONBEKEND = "onbekend"


class Hindrance(StrEnum):
    """What a municipality knows of flood, noise, external safety or soil on a plot."""

    NEE = "nee"
    AANDACHTSPUNT = "aandachtspunt"
    BELEMMERING = "belemmering"
    ONBEKEND = "onbekend"


class PlotState(StrEnum):
    """How far a candidate plot has come."""

    CONCEPT = "concept"
    IN_ONDERZOEK = "in onderzoek"
    KANSRIJK = "kansrijk"
    AFGEVALLEN = "afgevallen"
    GEREALISEERD = "gerealiseerd"


PAST_STATES = (PlotState.AFGEVALLEN, PlotState.GEREALISEERD)
"""States in which a plot is no candidate any more."""


class Confidentiality(StrEnum):
    """Who may see a plot. Ordered by :func:`confidentiality_rank`."""

    OPENBAAR = "openbaar"
    GEDEELD = "gedeeld"
    VERTROUWELIJK = "vertrouwelijk"


class LimitOutcome(StrEnum):
    """The three outcomes of a limit; none of them removes a plot from the list."""

    GEBLOKKEERD = "geblokkeerd"
    JURIDISCH_RISICO = "juridisch risico"
    PROCEDURE_NODIG = "procedure nodig"


class CriterionGroup(StrEnum):
    """The three groups of criteria of the scoring module, and feasibility beside them.

    ``haalbaarheid`` counts in a score only where a kader gives it weight.
    """

    OMVANG = "omvang"
    VOORZIENINGEN = "voorzieningen"
    INTEGRATIE = "integratie"
    HAALBAARHEID = "haalbaarheid"


def confidentiality_rank(value: Confidentiality | str) -> int:
    """Give 0 for openbaar, 1 for gedeeld and 2 for vertrouwelijk.

    Raises:
        ValueError: the value is none of the three classes.
    """
    return list(Confidentiality).index(Confidentiality(value))


def highest_class(classes: Iterable[Confidentiality | str | None]) -> Confidentiality:
    """Give the highest class among those given; that of an output is that of what is in it.

    An unknown class counts as vertrouwelijk; nothing at all is openbaar.

    Raises:
        ValueError: a value is none of the three classes.
    """
    known = [
        Confidentiality(value) if isinstance(value, str) else Confidentiality.VERTROUWELIJK
        for value in classes
    ]
    return max(known, key=confidentiality_rank, default=Confidentiality.OPENBAAR)


FICTIONAL_PREFIX = "FICTIEF – "
"""With this begins the name of every made-up plot that comes with the package."""
