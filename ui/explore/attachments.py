"""Show the photos and documents of a plot, add one, and take one away."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from data.vocabulary import Confidentiality
from store.access import Action, Resource, may
from store.attachments import add_attachment, list_attachments, read_attachment, withdraw_attachment
from store.errors import StoreError
from store.records import PDF, Attachment
from ui import offer, session
from ui.classes import choose_class
from ui.text import date, escaped, named, t
from ui.told import tell
from ui.turns import turn

KINDS = ["pdf", "jpg", "jpeg", "png", "webp"]


def show(plot_id: str, municipality: str | None) -> None:
    """Show what the reader may see of the photos and documents of a plot."""
    found = list_attachments(session.store(), session.actor(), plot_id)
    own = Resource("plot", Confidentiality.VERTROUWELIJK, municipality)
    changes = may(session.actor(), Action.CHANGE_PLOTS, own)
    if not found:
        st.caption(t("attachments.none"))
    for one in found:
        _one(one, changes=changes)
    if changes:
        _add(plot_id)


def _one(one: Attachment, *, changes: bool) -> None:
    said = [escaped(one.name), named("Confidentiality", one.confidentiality)]
    said += [date(one.made_on)] if one.made_on else []
    said += [t("attachments.credit.by", name=escaped(one.credit))] if one.credit else []
    st.markdown(" · ".join(said))
    left, right = st.columns(2)
    store, actor = session.store(), session.actor()
    if one.media_type == PDF:
        offer.download_button(
            t("attachments.open"),
            lambda: read_attachment(store, actor, one.id)[1],
            f"bijlage_{one.id[:6]}.pdf",
            PDF,
            key=f"open_{one.id}",
            place=left,
        )
    elif left.button(t("attachments.look"), key=f"look_{one.id}"):
        st.image(read_attachment(store, actor, one.id)[1], caption=one.credit)
    if changes and right.button(t("attachments.withdraw"), key=f"withdraw_{one.id}"):
        withdraw_attachment(store, actor, one.id)
        st.rerun()


def _add(plot_id: str) -> None:
    with st.form(f"attach_{plot_id}", border=False, clear_on_submit=True):
        file = st.file_uploader(t("attachments.choose"), KINDS, help=t("attachments.help"))
        left, middle, right = st.columns(3)
        credit = left.text_input(t("attachments.credit"), max_chars=200)
        made_on = middle.date_input(t("attachments.made_on"), None, format="DD-MM-YYYY")
        chosen = choose_class(t("deliver.field.confidentiality"), place=right)
        if not st.form_submit_button(t("attachments.add")) or file is None:
            return
    try:
        with turn() as waiting:
            add_attachment(
                session.store(),
                session.actor(),
                plot_id,
                file.getvalue(),
                name=file.name,
                credit=credit,
                made_on=made_on if isinstance(made_on, dt.date) else None,
                confidentiality=chosen,
                waiting=waiting,
            )
    except StoreError as problem:
        tell(problem)
        return
    st.rerun()
