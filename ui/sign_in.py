"""Sign in: who acts in this browser, and whether the app may run the way it was started.

There are two modes. *Local* (the default): one user who may do everything, so the server must
listen on this machine only. *Shared*: users sign in with OpenID Connect (``st.login``), or at a web
server before the app that names them in a header; whoever has not is a visitor who sees what is
public. What a user may do stands in the store, and each run asks
the store whether the sign-in still holds: the cookie of Streamlit alone grants nothing.
"""

from __future__ import annotations

import hmac
import json
import os
import time
from enum import StrEnum
from typing import cast
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from store.access import LOCAL_USER, Actor, Role
from store.audit import record_refusal
from store.database import Store
from store.users import (
    SessionEndedError,
    begin_or_find_proxied_session,
    begin_or_find_session,
    end_session,
)
from ui.text import escaped, named, t, told

MODE_VARIABLE = "LOCATIEWIJZER_MODE"
"""Environment variable: ``local`` (also when it is not set) or ``shared``."""

PROXY_VARIABLE = "LOCATIEWIJZER_PROXY"
"""Environment variable: the name under which users are known whom a web server signs in."""

PROXY_SECRET_VARIABLE = "LOCATIEWIJZER_PROXY_SECRET"
"""Environment variable: what that web server says with each connection, 32 characters or more, so
that nobody else can name a user."""

_SHORTEST_SECRET = 32
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CHECKED, _KEY = "_signed_in", "_session_key"
_NOTED = "_refused_sign_in"
_WHERE, _RETURNED = "_where", "_returned"
_TRUSTED_S = 3.0
"""So long one answer of the store holds within a session, so that one run asks it once."""

VISITOR = Actor("bezoeker", Role.BEZOEKER)


class Mode(StrEnum):
    """How the app was started."""

    LOCAL = "local"
    SHARED = "shared"


def mode() -> Mode:
    """Give the mode; a word that is none is the stricter one."""
    said = os.environ.get(MODE_VARIABLE, str(Mode.LOCAL)).strip().lower()
    return Mode.LOCAL if said == str(Mode.LOCAL) else Mode.SHARED


def refuse_unsafe_start() -> None:
    """Stop the page, with a plain word, where the app would be open to others without sign-in."""
    if mode() is Mode.LOCAL:
        if (st.get_option("server.address") or "") not in _LOOPBACK:
            st.error(t("sign_in.not_local", variable=MODE_VARIABLE))
            st.stop()
    elif not _configured() and not _proxied():
        st.error(t("sign_in.not_configured"))
        st.stop()


def actor(store: Store) -> Actor:
    """Give who acts in this session.

    Raises:
        SessionEndedError: the sign-in was ended, has expired, or is an old one.
    """
    if mode() is Mode.LOCAL:
        return LOCAL_USER
    if not _signed_in():
        st.session_state.pop(_CHECKED, None)
        return VISITOR
    checked = cast("tuple[float, Actor] | None", st.session_state.get(_CHECKED))
    if checked is not None and time.monotonic() - checked[0] < _TRUSTED_S:
        return checked[1]
    st.session_state.pop(_CHECKED, None)
    if _proxied():
        subject, name = str(_vouched()), st.user.to_dict().get("proxy_name")
        issuer = os.environ[PROXY_VARIABLE]
        found, key = begin_or_find_proxied_session(
            store, issuer, subject, name if isinstance(name, str) else None
        )
    else:
        found, key = begin_or_find_session(store, st.user.to_dict())
    st.session_state[_CHECKED] = (time.monotonic(), found)
    st.session_state[_KEY] = key
    return found


def ask_again() -> None:
    """Ask the store anew, at the next :func:`actor`, whether the sign-in of this session holds."""
    st.session_state.pop(_CHECKED, None)


def show(store: Store) -> None:
    """Show who is signed in, and the button to sign in or out; stops where a sign-in has ended."""
    if mode() is Mode.LOCAL:
        st.caption(t("sign_in.local"), help=t("sign_in.local_help"))
        return
    try:
        who = actor(store)
    except SessionEndedError as ended:
        st.error(told(ended.message))
        if not _proxied() and st.button(t("sign_in.again"), key="sign_in_again", type="primary"):
            st.logout()
        _note_refused(store, VISITOR, "sign_in")
        st.stop()
    if _signed_in() and who.role is Role.BEZOEKER:
        # the provider knows them, and nobody has said what they may do here
        _note_refused(store, who, "role")
    if _proxied():
        _show_proxied(who)
        return
    if not _signed_in():
        _remember_where()
        if st.button(t("sign_in.in"), key="sign_in", type="primary"):
            st.login()
        return
    _go_back()
    words = t("sign_in.as", name=escaped(who.name), role=named("Role", str(who.role)))
    with st.popover(words, key="who"):
        st.write(words)  # on the button a long name is cut
        if who.role is Role.BEZOEKER:
            st.write(t("sign_in.unknown", subject=escaped(str(st.user.get("sub", "")))))
        if st.button(t("sign_in.out"), key="sign_out"):
            end_session(store, who, str(st.session_state.get(_KEY, "")))
            st.session_state.clear()
            st.logout()


def _note_refused(store: Store, who: Actor, what: str) -> None:
    """Write once in a session that a sign-in gave nothing."""
    if st.session_state.get(_NOTED) != what:
        record_refusal(store, who, what)
        st.session_state[_NOTED] = what


def _show_proxied(who: Actor) -> None:
    if not _signed_in():
        st.caption(t("sign_in.by_proxy"))
        return
    words = t("sign_in.as", name=escaped(who.name), role=named("Role", str(who.role)))
    with st.popover(words, key="who"):
        st.write(words)  # on the button a long name is cut
        if who.role is Role.BEZOEKER:
            st.write(t("sign_in.unknown", subject=escaped(str(_vouched()))))
        st.write(t("sign_in.out_at_proxy"))


def _proxied() -> bool:
    """Say whether a web server before the app signs users in, and can prove that it is the one."""
    secret = os.environ.get(PROXY_SECRET_VARIABLE, "")
    return bool(os.environ.get(PROXY_VARIABLE)) and len(secret) >= _SHORTEST_SECRET


def _vouched() -> str | None:
    """Give whom the web server vouches for, on this connection; None for nobody."""
    told = st.user.to_dict()
    subject, proof = told.get("proxy_subject"), told.get("proxy_secret")
    if not isinstance(subject, str) or not isinstance(proof, str) or not subject:
        return None
    secret = os.environ.get(PROXY_SECRET_VARIABLE, "")
    return subject if hmac.compare_digest(proof.encode(), secret.encode()) else None


def _signed_in() -> bool:
    if _proxied():
        return _vouched() is not None
    return bool(st.user.to_dict().get("is_logged_in", False))


def _configured() -> bool:
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def _remember_where() -> None:
    # The provider sends everybody back to the front page; the browser itself keeps where one was.
    # The address of the first run counts: pages take out of it what a visitor cannot see.
    if _WHERE not in st.session_state:
        asked = urlencode(dict(st.query_params), safe=",")
        path = urlsplit(st.context.url or "").path or "/"
        st.session_state[_WHERE] = f"{path}?{asked}" if asked else path
    where = json.dumps(st.session_state[_WHERE]).replace("<", "\\u003c")
    st.html(
        f"<script>sessionStorage.setItem('lw-return', {where})</script>",
        unsafe_allow_javascript=True,
    )


def _go_back() -> None:
    if st.session_state.get(_RETURNED):
        return
    st.session_state[_RETURNED] = True
    st.html(
        "<script>{const to = sessionStorage.getItem('lw-return');"
        "sessionStorage.removeItem('lw-return');"
        "if (to && to.startsWith('/') && !to.startsWith('//') && "
        "to !== location.pathname + location.search) location.replace(to);}</script>",
        unsafe_allow_javascript=True,
    )
