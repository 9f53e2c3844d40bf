"""Count the plots that are not public, once a quarter, so that no difference points at a plot.

A count, however rounded, moves where one plot makes it pass a step. So the number that is told is
made once in a quarter and kept; in it is noise that is drawn once and kept nowhere. This is the
geometric mechanism of differential privacy (Ghosh, Roughgarden, Sundararajan, 2009): with one plot
more or less each answer, and each difference of answers, is about as likely.
"""

from __future__ import annotations

import datetime as dt
import math
import secrets

import sqlalchemy as sa

from data.vocabulary import Confidentiality, PlotState
from store import tables
from store.access import Action, Actor, Resource, require
from store.database import Store, note, now

FEWEST_MUNICIPALITIES = 3
"""Below so many nothing is told, whatever the noise; the threshold on the count with its noise lies
higher (``TOWNS_WITH_NOISE``), so that a third municipality does not show. Choices of the team."""
TOWNS_WITH_NOISE = 8
ROUNDED_TO = 10
EPSILON_PLOTS = 0.2
"""One plot more makes no number more than e^0.2 = 1.22 times as likely; the noise deviates 7."""
EPSILON_TOWNS = 0.5

_LIVE = (PlotState.CONCEPT, PlotState.IN_ONDERZOEK, PlotState.KANSRIJK)


def quarter_of(day: dt.date) -> str:
    """Name the quarter of a day.

    >>> quarter_of(dt.date(2026, 11, 25))
    '2026-4'
    """
    return f"{day.year}-{(day.month + 2) // 3}"


def quarterly_hidden(store: Store, actor: Actor, day: dt.date) -> int | None:
    """Give about how many live plots are not public, by tens; None where too few stand behind it.

    The first who asks in a quarter fixes it for all; it counts all plots, also those that the
    actor may not see, and tells everybody the same.

    Raises:
        AccessDeniedError: the actor may not make outputs.
    """
    require(actor, Action.MAKE_OUTPUT, Resource("overview"))
    quarter, kept = quarter_of(day), tables.quarterly_counts
    with store.transaction() as connection:
        known = connection.execute(
            sa.select(kept.c.hidden).where(kept.c.quarter == quarter)
        ).one_or_none()
        if known is not None:
            return None if known.hidden is None else int(known.hidden)
        plots, towns = connection.execute(
            sa.select(
                sa.func.count(),
                sa.func.count(sa.distinct(tables.plots.c.municipality_code)),
            ).where(
                tables.plots.c.confidentiality != str(Confidentiality.OPENBAAR),
                tables.plots.c.state.in_([str(state) for state in _LIVE]),
                sa.not_(tables.plots.c.fictional),
            )
        ).one()
        hidden = told(int(plots), int(towns), noise(EPSILON_PLOTS), noise(EPSILON_TOWNS))
        connection.execute(sa.insert(kept).values(quarter=quarter, hidden=hidden, made_at=now()))
        note(connection, actor.name, "fix_count", f"quarter {quarter}", {})
    return hidden


def told(plots: int, towns: int, plots_noise: int, towns_noise: int) -> int | None:
    """Give what is told of a count and the noise that was drawn; None: nothing."""
    if towns < FEWEST_MUNICIPALITIES or towns + towns_noise < TOWNS_WITH_NOISE:
        return None
    rounded = (plots + plots_noise + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    return rounded if rounded >= ROUNDED_TO else None


def noise(epsilon: float) -> int:
    """Draw noise of which each step away from zero is e^epsilon times less likely."""
    return _geometric(epsilon) - _geometric(epsilon)


def _geometric(epsilon: float) -> int:
    drawn = 1.0 - secrets.randbelow(2**53) / 2**53
    return math.floor(-math.log(drawn) / epsilon)
