"""Tell that something changed of what somebody may see, and nothing of what they may not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from data.vocabulary import Confidentiality
from store import figures, layers, tables
from store.access import Action, Actor, Resource, readable_rows, require
from store.database import Store, read_only
from store.plots import visible_version


def last_deed(store: Store) -> int:
    """Give a number that rises with every deed of anybody.

    It is for the server, which looks at it often and at nothing else until it rises; it must not
    be shown, since it tells of what is out of sight too.
    """
    with read_only(store) as connection:
        return int(connection.scalar(sa.select(sa.func.max(tables.audit.c.id))) or 0)


def visible_state(store: Store, actor: Actor) -> str:
    """Give a text that changes whenever something does that the actor may read, and else never.

    Plots with their plans and attachments, fixed kaders, layers, and entered figures.
    """
    require(actor, Action.READ_PLOTS, Resource("plots"))
    plots, plans, attached = tables.plots.c, tables.plans.c, tables.attachments.c
    highest = Confidentiality.VERTROUWELIJK
    count, most = sa.func.count, sa.func.max

    def of_plots(table: sa.Table, *what: sa.ColumnElement[Any]) -> sa.Select:
        own = table.c
        return (
            sa.select(count(), *what)
            .join(tables.plots, plots.plot_id == own.plot_id)
            .where(readable_rows(actor, plots.confidentiality, plots.municipality_code))
            .where(readable_rows(actor, own.confidentiality, plots.municipality_code))
        )

    def of_figures(table: sa.Table) -> sa.Select:
        return sa.select(count(), most(table.c.id)).where(figures.readable(actor, highest, table))

    held = tables.layers.c
    questions = (
        of_plots(tables.plans, sa.func.sum(plans.version), most(plans.written_at)),
        of_plots(tables.attachments, most(attached.added_at)),
        sa.select(most(tables.kaders.c.number)),
        sa.select(count(), most(held.number)).where(
            held.withdrawn_at.is_(None),
            held.confidentiality.in_(layers.readable(actor, highest)),
        ),
        of_figures(tables.entered_tasks),
        of_figures(tables.exchanges),
    )
    with read_only(store) as connection:
        told = [value for question in questions for value in connection.execute(question).one()]
    return f"{visible_version(store, actor)} {' '.join(str(value or 0) for value in told)}"
