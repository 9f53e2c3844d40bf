"""Offer a file that is made when somebody asks for it, by who then may have it.

Streamlit makes such a file outside the run of the page, where nobody is signed in. Here it is made
as a part of the session that was offered it, after asking again whether its sign-in still holds and
its user may still do the same: somebody whose sign-in was ended gets nothing from a page that was
left open.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from messages import Message
from store.errors import AccessDeniedError, StoreError
from ui import session, sign_in

FAILED: Final = "_offer_failed"
"""Key of what the page has to tell of a file that was not made, see ``ui/news.py``."""


def download_button(
    label: str,
    make: Callable[[], bytes | str],
    name: str,
    kind: str | None = None,
    *,
    key: str,
    place: Any = st,
) -> None:
    """Show a button by which a file is made and downloaded.

    Args:
        label: on the button.
        make: makes the file; runs when it is asked for.
        name: of the file.
        kind: media type, by default that which belongs to the name.
        key: of the button.
        place: where it stands, by default where the page is.
    """
    place.download_button(label, _in_session(make), name, kind, key=key, on_click="ignore")


def _in_session(make: Callable[[], bytes | str]) -> Callable[[], bytes | str]:
    offered_to, context = session.actor(), get_script_run_ctx(suppress_warning=True)

    def made() -> bytes | str:
        thread = threading.current_thread()
        before = get_script_run_ctx(suppress_warning=True)
        add_script_run_ctx(thread, context)
        try:
            sign_in.ask_again()
            if session.actor() != offered_to:
                raise AccessDeniedError(Message("sign_in.changed"), "download")
            return make()
        except StoreError as error:
            st.session_state[FAILED] = error.message
            raise
        finally:
            add_script_run_ctx(thread, before)

    return made
