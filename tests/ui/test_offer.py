"""Files are made by who may have them at that moment: by their session, asked anew."""

import ast
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from messages import Message
from store.errors import AccessDeniedError
from store.users import SessionEndedError

ROOT = Path(__file__).parents[2]


def test_no_page_offers_a_file_in_another_way():
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "download_button":
                owner = ast.unparse(node.value)
                assert owner == "offer" or path.name == "offer.py", f"{path.name}: {owner}"


def page():
    """Offer a file to whoever acts now, and hand its maker to the test."""
    import streamlit as st

    from ui import offer, session

    class Place:
        def download_button(self, label, make, name, kind, **_):
            st.session_state["maker"] = make

    offer.download_button(
        "l",
        lambda: session.actor().name + str(st.session_state["mine"]),
        "n",
        key="k",
        place=Place(),
    )


@pytest.mark.parametrize("after", ["same", "ended", "other role"])
def test_a_file_is_made_as_its_session_and_only_while_it_holds(after, monkeypatch):
    from store.access import Actor, Role
    from ui import sign_in

    now = {"actor": Actor("kim", Role.KANSENMAKER)}

    def actor(_store):
        if now["actor"] is None:
            raise SessionEndedError(Message("store.error.session_ended"))
        return now["actor"]

    monkeypatch.setattr(sign_in, "actor", actor)
    monkeypatch.setattr("ui.session.store", lambda: None)
    test = AppTest.from_function(page)
    test.session_state["mine"] = 7
    test.run()
    assert not test.exception
    make = test.session_state["maker"]
    now["actor"] = {"same": now["actor"], "ended": None, "other role": Actor("kim")}[after]
    found = []

    def outside():
        try:
            found.append(make())
        except (SessionEndedError, AccessDeniedError) as refused:
            found.append(type(refused))

    thread = threading.Thread(target=outside)
    thread.start()
    thread.join()
    assert found == [
        {"same": "kim7", "ended": SessionEndedError, "other role": AccessDeniedError}[after]
    ]
