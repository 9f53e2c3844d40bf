"""The one number about plots that are not public: what a difference of overviews can tell."""

import datetime as dt
import itertools
import math
from collections import Counter

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.plot_table import with_plot_columns
from store import counts
from store.access import LOCAL_USER, Actor, Role
from store.counts import EPSILON_PLOTS, EPSILON_TOWNS, noise, quarterly_hidden, told
from store.database import open_store
from store.deliveries import confirm_delivery
from store.errors import AccessDeniedError

DAY = dt.date(2026, 11, 25)
NEXT = dt.date(2027, 1, 2)


def plots(amount, towns=10, first=0):
    table = gpd.GeoDataFrame(
        {"confidentiality": "vertrouwelijk", "state": "kansrijk"},
        geometry=[shapely.box(140_000, 450_000, 140_080, 450_080)] * amount,
        index=pd.Index([f"plek{k + first:03d}" for k in range(amount)], name="plot_id"),
        crs="EPSG:28992",
    )
    codes = [f"GM{k % towns:04d}" for k in range(amount)]
    return with_plot_columns(table).assign(
        municipality_code=codes, municipality_certain=True, fictional=False
    )


def deliver(store, table):
    confirm_delivery(
        store, LOCAL_USER, table, file_name="f", file_sha256="0", report=[], columns={}
    )


@pytest.fixture
def store(any_database):
    opened = open_store(any_database)
    yield opened
    opened.close()


def test_within_a_quarter_nothing_that_comes_or_goes_changes_the_number(store, monkeypatch):
    monkeypatch.setattr(counts, "noise", lambda epsilon: 0)
    deliver(store, plots(44))
    assert quarterly_hidden(store, LOCAL_USER, DAY) == 40
    for one in range(44, 60):
        deliver(store, plots(1, first=one))
        assert quarterly_hidden(store, LOCAL_USER, DAY) == 40
    # everybody who may make an output is told the same, also who sees no hidden plot
    council = Actor("raad", Role.RAADSLID, "GM0001")
    assert quarterly_hidden(store, council, DAY) == 40
    assert quarterly_hidden(store, council, NEXT) == 60
    with pytest.raises(AccessDeniedError):
        quarterly_hidden(store, Actor("bezoeker"), DAY)


def test_few_or_few_municipalities_are_never_told(store, monkeypatch):
    monkeypatch.setattr(counts, "noise", lambda epsilon: 50)
    deliver(store, plots(80, towns=2))
    assert quarterly_hidden(store, LOCAL_USER, DAY) is None


def likely(epsilon, most=160):
    """How likely each amount of noise is, by the formula of the paper."""
    alpha = math.exp(-epsilon)
    return {z: (1 - alpha) / (1 + alpha) * alpha ** abs(z) for z in range(-most, most + 1)}


def answers(amount, towns):
    """How likely each answer is, over all noise."""
    found = Counter()
    of_towns = Counter()
    for z, p in likely(EPSILON_TOWNS, 60).items():
        of_towns[told(10**6, towns, 0, z) is not None] += p
    for z, p in likely(EPSILON_PLOTS).items():
        found[told(amount, 26, z, 0)] += p * of_towns[True]
    found[None] += of_towns[False]
    return found


def test_no_two_overviews_that_differ_by_one_plot_can_be_told_apart():
    """All numbers of plots and municipalities, all answers, and all differences between quarters.

    Whatever set of answers somebody waits for, it is at most e^(0.2 + 0.5) = 2 times as likely with
    the plot as without, but for a twentieth where a third municipality begins.
    """
    for amount, towns in itertools.product(range(0, 61), (2, 3, 4, 7, 8, 9, 15)):
        without = answers(amount, towns)
        for more in (0, 1):
            with_it = answers(amount + 1, towns + more)
            epsilon = EPSILON_PLOTS + EPSILON_TOWNS * more
            for one, other in ((without, with_it), (with_it, without)):
                over = sum(
                    max(0.0, p - math.exp(epsilon) * other[answer]) for answer, p in one.items()
                )
                assert over <= (0.052 if {towns, towns + more} == {2, 3} else 1e-9)
    # a step between two quarters comes as easily without a plot as with one
    before = answers(49, 12)
    for amount in (49, 50):
        after = answers(amount, 12)
        steps = Counter()
        for (a, p), (b, q) in itertools.product(before.items(), after.items()):
            steps[(a, b)] += p * q
        changed = sum(p for (a, b), p in steps.items() if a != b)
        assert 0.4 < changed < 0.8


def test_the_noise_is_drawn_as_the_formula_says():
    drawn = Counter(noise(EPSILON_PLOTS) for _ in range(20_000))
    expected = likely(EPSILON_PLOTS)
    for z in range(-8, 9):
        assert abs(drawn[z] / 20_000 - expected[z]) < 0.008
