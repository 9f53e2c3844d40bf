"""Layers that users load: by whom, for whom, and which one holds."""

import pytest

from data.vocabulary import Confidentiality
from store.access import LOCAL_USER, Actor, Role
from store.database import open_store
from store.errors import AccessDeniedError, NotFoundError, StoreError
from store.layers import enter_layer, layers_version, list_layers, withdraw_layer

TEAM = Actor("kansenmaker", Role.KANSENMAKER)
OTHERS = [Actor("x", role, "GM0321") for role in (Role.GEMEENTE, Role.RAADSLID, Role.BEZOEKER)]


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    yield opened
    opened.close()


def enter(store, actor=TEAM, content=b"{}", **given):
    told = {
        "kind": "supermarket", "name": "Supermarkten", "source": "OSM", "source_date": "2026",
        "complete": False, "shapes": 3, **given,
    }  # fmt: skip
    return enter_layer(store, actor, content=content, **told)


def test_a_layer_is_confidential_unless_somebody_says_otherwise(store):
    enter(store)
    assert [layer.name for layer in list_layers(store, TEAM)] == ["Supermarkten"]
    assert list_layers(store, TEAM, Confidentiality.GEDEELD) == []
    for other in OTHERS:
        assert list_layers(store, other) == []
    enter(store, kind="flood", name="Water", confidentiality=Confidentiality.OPENBAAR)
    for other in OTHERS:
        assert [layer.name for layer in list_layers(store, other)] == ["Water"]


@pytest.mark.parametrize("actor", OTHERS, ids=lambda a: a.role)
def test_only_the_team_loads_and_takes_back(store, actor):
    enter(store, confidentiality=Confidentiality.OPENBAAR)
    number = list_layers(store, TEAM)[0].number
    with pytest.raises(AccessDeniedError):
        enter(store, actor)
    with pytest.raises(AccessDeniedError):
        withdraw_layer(store, actor, number)
    assert len(list_layers(store, TEAM)) == 1


def test_the_latest_of_a_kind_holds_until_it_is_taken_back(store):
    first, second = enter(store, content=b"1"), enter(store, content=b"2")
    before = layers_version(store, LOCAL_USER)
    latest = list_layers(store, TEAM)[0]
    assert latest.sha256 == second and latest.content == b"2"
    withdraw_layer(store, TEAM, latest.number)
    assert list_layers(store, TEAM)[0].sha256 == first
    assert layers_version(store, LOCAL_USER) != before
    with pytest.raises(NotFoundError):
        withdraw_layer(store, TEAM, latest.number)


@pytest.mark.parametrize(
    "given", [{"source": " "}, {"source_date": ""}, {"kind": "A b"}, {"name": ""}]
)
def test_a_layer_without_source_or_name_is_refused(store, given):
    with pytest.raises(StoreError):
        enter(store, **given)


def test_how_far_around_the_province_a_layer_is_whole_is_kept(store):
    enter(store, complete=True, margin_m=1500.0)
    enter(store, kind="flood", complete=True)
    enter(store, kind="noise", complete=False, margin_m=1500.0)
    kept = {layer.kind: (layer.complete, layer.margin_m) for layer in list_layers(store, TEAM)}
    assert kept == {"supermarket": (True, 1500), "flood": (True, 0), "noise": (False, 0)}
