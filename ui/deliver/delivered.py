"""Show earlier deliveries, and take one back."""

from __future__ import annotations

import streamlit as st

from messages import Message
from store.deliveries import Delivery, list_deliveries, undo_delivery
from store.plots import GONE, restore_plot, withdrawn_plots
from ui import done, session
from ui.deliver.outcomes import show_delivery
from ui.map import shortened
from ui.reason import ask_reason
from ui.tables import show_table
from ui.text import date, language, number, t


def show() -> None:
    """Show the tab."""
    deliveries = list_deliveries(session.store(), session.actor())
    if not deliveries:
        st.info(t("deliver.log.none"))
        _withdrawn()
        return
    show_table(
        {
            # unnumbered: numbers run over all municipalities, and tell how many others made
            t("deliver.log.when"): [_moment(d) for d in deliveries],
            t("deliver.log.who"): [d.actor for d in deliveries],
            t("deliver.log.file"): [d.file_name for d in deliveries],
            t("deliver.log.sites"): [d.plot_count for d in deliveries],
            t("deliver.log.state"): [_state(d) for d in deliveries],
        },
        label=t("deliver.log.choose"),
    )
    chosen = st.selectbox(
        t("deliver.log.choose"),
        deliveries,
        format_func=lambda d: f"{_moment(d)} · {d.file_name} · {number(d.plot_count)}",
        key="delivery_chosen",
    )
    if chosen is not None:
        _one(chosen)
    _withdrawn()


def _withdrawn() -> None:
    """Offer the plots that were taken off the map one by one, to be put back."""
    gone = withdrawn_plots(session.store(), session.actor())
    if not gone:
        return
    st.subheader(t("deliver.withdrawn"))
    names = {one.plot_id: shortened([one.name], language())[0] for one in gone}
    chosen = st.selectbox(
        t("deliver.withdrawn.choose"),
        gone,
        index=None,
        format_func=lambda one: f"{names[one.plot_id]} · {date(one.at.date())} · {one.reason[:60]}",
        key="withdrawn_chosen",
    )
    if (
        st.button(t("deliver.withdrawn.restore"), disabled=chosen is None, key="restore_withdrawn")
        and chosen
    ):
        restore_plot(
            session.store(),
            session.actor(),
            chosen.plot_id,
            chosen.version,
            reason=t("deliver.withdrawn.reason"),
            expected_version=GONE,
        )
        told = Message("done.restored", {"name": names[chosen.plot_id]})
        done.say_change(told, chosen.plot_id, back_to=GONE)
        st.rerun()


def _moment(delivery: Delivery) -> str:
    return t("deliver.log.moment", at=delivery.at)


def _state(delivery: Delivery) -> str:
    return t("deliver.log.undone" if delivery.undone_at else "deliver.log.kept")


def _one(delivery: Delivery) -> None:
    st.caption(t("deliver.log.sha", sha=delivery.file_sha256))
    if delivery.report:
        with st.expander(t("deliver.rows")):
            show_delivery(delivery)
    if delivery.undone_at:
        return
    reason = ask_reason("deliver.log.reason", "deliver.log.undo", key="undo_delivery")
    if reason:
        undo_delivery(session.store(), session.actor(), delivery.number, reason=reason)
        done.say(Message("deliver.log.undone_now"), [])
        st.rerun()
