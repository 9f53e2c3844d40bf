"""Every page and every file with every role: what is given, and what is refused."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geo.examples import example_plots
from geo.plot_table import with_plot_columns
from reports.outputs import OUTPUTS
from store.access import LOCAL_USER, Actor, Role
from store.audit import REFUSED, entries
from store.database import open_store
from store.deliveries import confirm_delivery
from store.plots import load_examples
from tests.opened import says
from ui import frame

HOME, AWAY = "GM0321", "GM0355"
FREE = {"verkennen", "vergelijken", "praktijk", "handleiding", "toegankelijkheid"}
COUNCIL = FREE | {"uitvoer", "verhaal"}
OFFICER = COUNCIL | {"aanleveren", "balans", "kader"}
# who: the pages that open, the plots that are read, and those of which contact persons are
WHO = {
    Role.BEHEERDER: (OFFICER | {"beheer"}, "AZ BY CX DW EV", "AZ BY CX DW EV"),
    Role.KANSENMAKER: (OFFICER, "AZ BY CX DW EV", "AZ BY CX DW EV"),
    Role.GEMEENTE: (OFFICER, "AZ BY CX EV", "AZ BY CX"),
    Role.RAADSLID: (COUNCIL, "BY CX", ""),
    Role.BEZOEKER: (FREE, "CX", ""),
}
PLOTS = (
    ("AZ", HOME, "vertrouwelijk"),
    ("BY", HOME, "gedeeld"),
    ("CX", HOME, "openbaar"),
    ("DW", AWAY, "vertrouwelijk"),
    ("EV", AWAY, "gedeeld"),
)
TEAM = {Role.BEHEERDER, Role.KANSENMAKER}
# the button of a deed: who is shown it; the store refuses it to others all the same
DEEDS = {
    "fix_button": {Role.BEHEERDER},
    "erase_find": {Role.BEHEERDER},
    "keep_state": TEAM,
    "layer_keep": TEAM,
    "keep_snapshot": TEAM | {Role.GEMEENTE},
    "save_practice": TEAM | {Role.GEMEENTE},
    "make_share": TEAM | {Role.GEMEENTE, Role.RAADSLID},
}
FILES = {f"get_{one.key}" for one in OUTPUTS if not one.takes_long}


def name(key):
    return f"Plek-{key}-naam"


def contact(key):
    return f"Mens-{key}-zelf"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    path = tmp_path_factory.mktemp("roles") / "a.sqlite"
    store = open_store(f"sqlite:///{path}")
    load_examples(store, LOCAL_USER, example_plots().iloc[:0])
    for at, (key, town, cls) in enumerate(PLOTS):
        x, y = (137_000, 447_000) if town == HOME else (146_000, 455_000)
        table = gpd.GeoDataFrame(
            {"name": [name(key)], "contact": [contact(key)], "confidentiality": [cls],
             "state": "kansrijk"},
            geometry=[shapely.box(x + 200 * at, y, x + 200 * at + 120, y + 110)],
            index=pd.Index([f"plek{at}"], name="plot_id"), crs="EPSG:28992",
        )  # fmt: skip
        plots = with_plot_columns(table).assign(
            municipality_code=town, municipality_certain=True, fictional=False
        )
        confirm_delivery(
            store, LOCAL_USER, plots, file_name=f"{name(key)}.xlsx", file_sha256=str(at), report=[],
            columns={}, municipality_code=town,
        )  # fmt: skip
    store.close()
    return path


def page(path):
    """A script that opens one page as the front door does, for whoever acts."""
    from ui import frame

    frame.begin()
    (found,) = [p for p in frame.pages(frame.who()) if (p.url_path or "verkennen") == path]
    with frame.told_errors():
        found._page()


def protos(block):
    """Give what is sent to the browser of a page, element by element."""
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from protos(child)
        proto = getattr(child, "proto", None)
        if proto is not None:
            yield proto.SerializeToString()


@pytest.mark.parametrize("role", list(Role))
def test_each_page_and_file_gives_what_the_role_may_have(role, filled, tmp_path, monkeypatch):
    import streamlit as st

    from ui import offer, sign_in

    copy = tmp_path / "a.sqlite"
    copy.write_bytes(filled.read_bytes())
    monkeypatch.setenv("LOCATIEWIJZER_DATABASE", f"sqlite:///{copy}")
    monkeypatch.setattr(sign_in, "actor", lambda _store: Actor("iemand", role, HOME))
    offered = {}

    def noting(label, make, name, kind=None, *, key, place=st):
        offered[key] = (name, offer._in_session(make))

    monkeypatch.setattr(offer, "download_button", noting)
    st.cache_resource.clear()
    pages, read, contacts = WHO[role]
    given, refused, deeds = [], set(), set()
    for path in frame.PAGES:
        test = AppTest.from_function(page, kwargs={"path": path}, default_timeout=120)
        test.session_state["downloads"] = True
        test.run()
        assert not test.exception, (path, [e.value for e in test.exception])
        assert not test.error, (path, [e.value for e in test.error])
        deeds |= {button.key for button in test.button}
        sent = b"\n".join(protos(test._tree))
        if "niet voor u" in " ".join(e.value for e in test.info) or not test.title:
            refused.add(path)
        given.append(sent)
        if path == "uitvoer" and path in pages:
            # a picture of dots has no words to look for, its drawing says the same; an administrator's
            # files are those of a Kansenmaker, so that one of them is enough
            wanted = ("xlsx",) if role is Role.BEHEERDER else ("xlsx", "pptx", "gpkg", "16:9_svg")
            given += [_bytes(make()) for key, (_, make) in offered.items() if key.endswith(wanted)]
            asked = {key for key in offered if key.endswith(wanted) and "template" not in key}
    st.cache_resource.clear()
    assert set(frame.PAGES) - refused == pages
    assert {deed for deed in DEEDS if deed in deeds} == {d for d, of in DEEDS.items() if role in of}
    _audited(copy, refused, role, len(asked) if "uitvoer" in pages else 0)
    files = {key for key in offered if key.startswith("get_")}
    assert (files >= FILES) == ("uitvoer" in pages) and (bool(files) == ("uitvoer" in pages))
    for key, *_ in PLOTS:
        assert any(says(one, name(key)) for one in given) == (key in read.split()), key
        assert any(says(one, contact(key)) for one in given) == (key in contacts.split()), key
    for one in given:
        assert role in (Role.BEHEERDER, Role.KANSENMAKER) or not says(one, "plek3")


def _audited(path, refused, role, asked):
    """Who asked a page that is not for them stands in the audit, without a word of what was asked.

    So does each file that was made, whichever page it came from.
    """
    store = open_store(f"sqlite:///{path}")
    every = entries(store, LOCAL_USER)
    found = [e for e in every if e.action == REFUSED]
    store.close()
    outs = [e.resource for e in every if e.action == "output"]
    assert len(outs) == asked, outs
    assert {(e.actor, e.resource, e.detail["role"]) for e in found} == (
        {("iemand", "page", str(role))} if refused else set()
    )


def _bytes(made):
    return made if isinstance(made, bytes) else made.encode()
