"""Page Beheer: who may do what, who is signed in, which links work, and what was done."""

from __future__ import annotations

import json

import streamlit as st

from geo import layers
from store.access import Role
from store.audit import EXPORTED, broken_at, entries, record
from store.erasure import (
    apply_retention,
    count_words,
    erase_plot,
    erase_words,
    retention_days,
    set_retention,
)
from store.shares import end_share, list_shares
from store.users import end_sessions_of, grant_role, list_sessions, list_users
from ui import offer, session
from ui.tables import show_table
from ui.text import date, escaped, named, number, t

_SHOWN = 200
_TO_ERASE = "_to_erase"


def show() -> None:
    """Show the page."""
    st.title(t("admin.title"))
    users, running, links_tab, log, erase = st.tabs(
        [t(f"admin.{key}") for key in ("users", "sessions", "links", "audit", "erasure")]
    )
    with users:
        _users()
    with running:
        _sessions()
    with links_tab:
        _links()
    with log:
        _audit()
    with erase:
        _erasure()


def _users() -> None:
    store, actor = session.store(), session.actor()
    towns = layers.municipality_names()
    found = list_users(store, actor)
    if not found:
        st.info(t("admin.no_users"))
        return
    show_table(
        {
            t("admin.name"): [user.name for user in found],
            t("admin.role"): [named("Role", str(user.role)) for user in found],
            t("admin.municipality"): [str(towns.get(user.municipality_code, "")) for user in found],
            t("admin.subject"): [user.subject for user in found],
            t("admin.issuer"): [user.issuer for user in found],
            t("admin.since"): [date(user.known_since.date()) for user in found],
        },
        label=t("admin.user"),
    )
    with st.form("grant", border=True):
        who = st.selectbox(
            t("admin.user"), found, format_func=lambda user: f"{user.name} ({user.subject[:20]})"
        )
        role = st.selectbox(
            t("admin.role"), [str(r) for r in Role], format_func=lambda r: named("Role", r)
        )
        town = st.selectbox(
            t("admin.municipality"), ["", *towns.index],
            format_func=lambda code: str(towns.get(code, "–")),
        )  # fmt: skip
        if st.form_submit_button(t("admin.grant"), type="primary", key="grant_button"):
            grant_role(store, actor, who.issuer, who.subject, Role(role), town or None)
            st.rerun()


def _sessions() -> None:
    store, actor = session.store(), session.actor()
    running = list_sessions(store, actor)
    names = {(u.issuer, u.subject): u.name for u in list_users(store, actor)}
    if not running:
        st.info(t("admin.no_sessions"))
        return
    for one in running:
        left, right = st.columns([4, 1])
        left.write(
            t(
                "admin.session",
                name=escaped(names.get((one.issuer, one.subject), one.subject)),
                since=f"{one.begun_at:%d-%m-%Y %H:%M}",
                until=f"{one.expires_at:%d-%m-%Y %H:%M}",
            )
        )
        if right.button(t("admin.end"), key=f"end_{one.key[:12]}"):
            end_sessions_of(store, actor, one.issuer, one.subject)
            st.rerun()


def _links() -> None:
    store, actor = session.store(), session.actor()
    found = list_shares(store, actor)
    if not found:
        st.info(t("admin.no_links"))
    for share in found:
        left, right = st.columns([4, 1])
        left.write(
            t(
                "share.line",
                name=escaped(share.name),
                count=number(len(share.plot_ids)),
                who=escaped(share.made_by),
                until=date(share.expires_at.date()),
            )
        )
        if right.button(t("share.end"), key=f"end_share_{share.key[:12]}"):
            end_share(store, actor, share.key)
            st.rerun()


def _audit() -> None:
    store, actor = session.store(), session.actor()
    found = entries(store, actor, most=_SHOWN)
    left, right = st.columns(2)
    if left.button(t("admin.verify"), key="verify_audit"):
        broken = broken_at(store, actor)
        if broken is None:
            st.success(t("admin.whole"))
        else:
            st.error(t("admin.broken", number=number(broken)))

    def exported() -> str:
        lines = "\n".join(
            json.dumps({**entry.__dict__, "at": entry.at.isoformat()}, ensure_ascii=False)
            for entry in reversed(entries(store, actor))
        )
        record(store, actor, EXPORTED, "audit")
        return lines

    offer.download_button(
        t("admin.export"),
        exported,
        "logboek.jsonl",
        key="export_audit",
        place=right,
    )
    show_table(
        {
            t("admin.number"): [entry.id for entry in found],
            t("admin.when"): [f"{entry.at:%d-%m-%Y %H:%M}" for entry in found],
            t("history.who"): [entry.actor for entry in found],
            t("admin.what"): [entry.action for entry in found],
            t("admin.with"): [entry.resource for entry in found],
            t("admin.detail"): [json.dumps(entry.detail, ensure_ascii=False) for entry in found],
        },
        label=t("admin.what"),
    )


def _erasure() -> None:
    st.write(t("admin.erasure_help"))
    store, actor = session.store(), session.actor()
    plots = session.candidate_plots()
    with st.form("erase_words_form"):
        words = st.text_input(t("admin.erase_words"), key="erase_words", max_chars=200)
        if st.form_submit_button(t("admin.erase_find"), key="erase_find"):
            st.session_state[_TO_ERASE] = words
    asked = st.session_state.get(_TO_ERASE)
    if asked:
        found = count_words(store, actor, asked)
        st.warning(t("admin.erase_found", count=number(found), words=escaped(asked)))
        if found and st.button(t("admin.erase_now"), key="erase_now", type="primary"):
            st.session_state.pop(_TO_ERASE)
            _told_erased(erase_words(store, actor, asked))
    with st.form("erase_plot_form"):
        plot = st.selectbox(
            t("admin.erase_plot"), list(plots.index), index=None, key="erase_plot",
            format_func=lambda plot_id: str(plots["name"].get(plot_id) or plot_id),
        )  # fmt: skip
        sure = st.checkbox(t("admin.erase_sure"), key="erase_plot_sure")
        if st.form_submit_button(t("admin.erase_plot_now"), key="erase_plot_now"):
            if plot is None or not sure:
                st.error(t("admin.erase_choose"))
            else:
                _told_erased(erase_plot(store, actor, plot))
    with st.form("retention_form"):
        days = st.number_input(
            t("admin.retention"), 0, 36_500, retention_days(store, actor), 30,
            help=t("admin.retention_help"), key="retention_days",
        )  # fmt: skip
        if st.form_submit_button(t("admin.retention_set"), key="retention_set"):
            set_retention(store, actor, int(days))
            _told_erased(apply_retention(store, actor))


def _told_erased(count: int) -> None:
    st.success(t("admin.erased", count=number(count)))
