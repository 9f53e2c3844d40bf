"""That something is new is told exactly where what one is given is another than before."""

import io

import pytest
from PIL import Image

from data.vocabulary import Confidentiality
from geo.examples import example_plots
from store.access import LOCAL_USER, Actor, Role
from store.attachments import add_attachment, list_attachments, withdraw_attachment
from store.audit import record
from store.changes import last_deed, visible_state
from store.database import open_store
from store.errors import NotFoundError
from store.figures import enter_exchange, enter_task, entered_tasks, list_exchanges
from store.kaders import fix_kader, fixed_kaders
from store.layers import enter_layer, list_layers, withdraw_layer
from store.plans import erase_plan, plans_of, write_plan
from store.plots import change_plot, list_plots, load_examples
from store.records import Plan, Step

HOME, AWAY = "GM0344", "GM0307"
EXAMPLES = example_plots().groupby("confidentiality").head(2)
READERS = (
    Actor("b"), Actor("r", Role.RAADSLID, HOME), Actor("o", Role.GEMEENTE, HOME),
    Actor("z", Role.GEMEENTE, AWAY), Actor("k", Role.KANSENMAKER),
)  # fmt: skip


def given(store, actor):
    """All that a reader is given, by the functions that give it."""
    plots = list_plots(store, actor)
    ids = [str(plot_id) for plot_id in plots.index]
    attached = []
    for plot_id in EXAMPLES.index:
        try:
            attached.append([one.id for one in list_attachments(store, actor, plot_id)])
        except NotFoundError:
            attached.append(None)
    return repr(
        [
            plots.to_wkt().astype(str).to_dict(),
            sorted(plans_of(store, actor, ids).items()),
            [kader.number for kader in fixed_kaders(store, actor)],
            [(layer.kind, layer.number) for layer in list_layers(store, actor)],
            entered_tasks(store, actor).to_json(),
            [one.id for one in list_exchanges(store, actor)],
            attached,
        ]
    )


def photo():
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(kept, "PNG")
    return kept.getvalue()


def deeds(store, public, secret):
    yield change_plot(store, LOCAL_USER, public, {"name": "Anders"}, reason="r")
    yield change_plot(store, LOCAL_USER, secret, {"name": "Geheim"}, reason="r")
    for cls in Confidentiality:
        yield write_plan(store, LOCAL_USER, Plan(public, (Step("Besluit"),), (), cls,
                         plans_of(store, LOCAL_USER, [public]).get(public, Plan(public)).version))  # fmt: skip
        yield enter_layer(
            store, LOCAL_USER, kind=f"laag_{cls}", name="n", source="s", source_date="2026",
            complete=True, content=b"{}", shapes=0, confidentiality=cls,
        )  # fmt: skip
        yield enter_task(
            store, LOCAL_USER, municipality_code=HOME, cycle=1, status="decided", places=1,
            realised_places=None, source="s", source_date="2026", confidentiality=cls,
        )  # fmt: skip
        yield enter_exchange(
            store, LOCAL_USER, from_code=HOME, to_code=None, places=1, in_return="", source="s",
            confidentiality=cls,
        )  # fmt: skip
        kept = add_attachment(store, LOCAL_USER, public, photo(), name="n", confidentiality=cls)
        yield kept
        yield withdraw_attachment(store, LOCAL_USER, kept)
        (own,) = [one for one in list_layers(store, LOCAL_USER) if one.kind == f"laag_{cls}"]
        yield withdraw_layer(store, LOCAL_USER, own.number)
    yield erase_plan(store, LOCAL_USER, public)
    yield fix_kader(store, LOCAL_USER, kind="azc", version="2", sha256="0", text="t", reason="r")
    yield change_plot(store, LOCAL_USER, secret, {"confidentiality": "openbaar"}, reason="r")
    yield record(store, LOCAL_USER, "sign_in", "x")


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    load_examples(opened, LOCAL_USER, EXAMPLES)
    yield opened
    opened.close()


def test_something_is_new_exactly_where_something_else_is_given(store):
    public, secret = (
        str(EXAMPLES.query(f"confidentiality == '{cls}'").index[0])
        for cls in ("openbaar", "vertrouwelijk")
    )
    before = {actor: (given(store, actor), visible_state(store, actor)) for actor in READERS}
    at = last_deed(store)
    told = dict.fromkeys(READERS, 0)
    number = 0
    for number, _ in enumerate(deeds(store, public, secret), start=1):
        assert last_deed(store) > at, number
        at = last_deed(store)
        for actor in READERS:
            now = (given(store, actor), visible_state(store, actor))
            assert (now[0] != before[actor][0]) == (now[1] != before[actor][1]), (number, actor)
            told[actor] += now[1] != before[actor][1]
            before[actor] = now
    # each hears of something, the visitor of the least, and nobody of a sign-in
    assert 0 < told[READERS[0]] < told[READERS[2]] <= told[READERS[-1]] < number
