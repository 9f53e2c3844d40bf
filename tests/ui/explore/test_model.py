"""What Verkennen shows is decided by functions that need no screen."""

import re

import numpy as np
import pandas as pd
import pytest

from data.vocabulary import CriterionGroup
from scoring.indicators import capacity, months_to_first_day
from scoring.ranking import rank_measured
from ui import basket, glossary
from ui.explore.model import (
    PlotFilter,
    combine_weights,
    default_points,
    five_steps,
    limit_flags,
    painted,
    shown,
    suitability_classes,
)
from ui.packing import pack, shape_blocks


def test_classes_break_where_the_legend_says():
    totals = np.array([0, 19.999, 20, 39.9, 40, 60, 79.9999999999, 80, 100])
    assert suitability_classes(totals).tolist() == [0, 0, 1, 1, 2, 3, 4, 4, 4]


def test_sliders_at_rest_give_exactly_the_kader(measured):
    kader = measured.kader
    defaults = default_points(kader)
    weights = combine_weights(kader, defaults[0], defaults[1], defaults)
    assert weights.fixed and weights.shares == kader.weights


def test_a_group_at_nought_counts_for_nothing_and_all_at_nought_count_alike(measured):
    kader = measured.kader
    groups, criteria = default_points(kader)
    none = combine_weights(
        kader, {**groups, CriterionGroup.OMVANG: 0}, criteria, (groups, criteria)
    )
    assert sum(s for c, s in none.shares.items() if c in ("capacity", "plot_area")) == 0
    assert sum(none.shares.values()) == pytest.approx(1)
    zero = combine_weights(kader, dict.fromkeys(groups, 0), criteria, (groups, criteria))
    assert all(share == pytest.approx(1 / 4) for share in zero.groups.values())


def test_filters_hide_and_never_lose(plots, measured):
    flags = limit_flags(measured)
    past = plots["state"].isin(["afgevallen", "gerealiseerd"]).to_numpy()
    assert past.any() and shown(plots, flags, PlotFilter()).tolist() == (~past).tolist()
    assert shown(plots, flags, PlotFilter(with_past=True)).all()
    # who asks for a state gets it
    dropped = shown(plots, flags, PlotFilter(states=frozenset({"afgevallen"})))
    assert (plots["state"][dropped] == "afgevallen").all() and dropped.any()
    found = shown(plots, flags, PlotFilter(text="KLOOSTER"))
    assert found.sum() == 1
    assert not shown(plots, flags, PlotFilter(without_blocked=True))[flags.blocked].any()
    room = capacity(plots, measured.kader)
    roomy = shown(plots, flags, PlotFilter(fewest_places=400, with_past=True), room)
    assert roomy.tolist() == [not high < 400 for high in room["high"]]
    assert 0 < roomy.sum() < len(plots)
    long = shown(plots, flags, PlotFilter(shortest_term_months=60, with_past=True))
    for (_, plot), kept in zip(plots.iterrows(), long):
        known = pd.notna(plot["available_from"]) and pd.notna(plot["available_until"])
        years = (plot["available_until"] - plot["available_from"]).days / 365.25 if known else 99
        assert kept == (years >= 5)
    starts = months_to_first_day(plots, measured.surroundings)
    soon = shown(plots, flags, PlotFilter(latest_start_months=4, with_past=True), None, starts)
    day = pd.Timestamp(measured.surroundings.on)
    for (_, plot), kept in zip(plots.iterrows(), soon):
        over = plot["available_until"] < day
        later = (plot["available_from"] - day).days / 365.25 * 12 > 4
        assert kept == (over or not later)
    assert 0 < soon.sum() < len(plots)
    homes = shown(plots, flags, PlotFilter(zonings=frozenset({"wonen"}), with_past=True))
    assert set(plots.loc[homes, "zoning"]) == {"wonen"}
    towns = shown(plots, flags, PlotFilter(municipalities=frozenset({"GM0344"})))
    assert set(plots[towns]["municipality_code"]) == {"GM0344"}
    assert (
        plots[shown(plots, flags, PlotFilter(smallest_area_m2=30_000))].geometry.area.min()
        >= 30_000
    )


def test_unknown_figures_have_no_class():
    import pandas as pd

    edges, classes = five_steps(pd.Series([1.0, None, 5.0, 9.0]))
    assert classes.tolist()[1] == -1 and min(classes.drop(1)) == 0 and edges[0] == 1.0


def test_the_same_plots_pack_to_the_same_text(plots):
    one, other = (pack({"a": 1}, shape_blocks(plots.geometry)) for _ in range(2))
    assert one == other


def test_what_is_painted_at_once_is_what_a_plain_count_gives(measured):
    ranking, flags = rank_measured(measured), limit_flags(measured)
    given = painted(ranking, flags)
    for place, code in enumerate(given["codes"]):
        low, high = ranking.lower[place], ranking.upper[place]
        assert code & 7 == min(4, int((low + 1e-9) // 20))
        assert bool(code & 8) == (min(4, int((high + 1e-9) // 20)) != code & 7)
        assert bool(code & 32) == bool(flags.blocked[place])
        assert bool(code & 16) == bool(flags.procedure[place])
        assert bool(code & 64) == bool(flags.risk[place])
    best = max(range(len(ranking.lead)), key=lambda place: ranking.lead[place])
    assert given["state"]["top"][0] == best
    # equal totals share a number on the map, as they do in the list
    higher = [sum(round(other - ranking.lead[i], 6) > 0 for other in ranking.lead)
              for i in given["state"]["top"]]  # fmt: skip
    assert given["state"]["ranks"] == [count + 1 for count in higher]


def test_a_comparison_opens_on_what_was_put_by_else_favourites_else_the_best_three(monkeypatch):
    order = list("abcdefg")
    kept = {}
    monkeypatch.setattr(basket.st, "session_state", kept)
    assert basket.to_compare(order) == ["a", "b", "c"]
    kept["_favourites"] = ["f", "d", "gone"]
    assert basket.to_compare(order) == ["d", "f"]
    kept["_basket"] = ["g", "e"]
    assert basket.to_compare(order) == ["e", "g"]
    kept["_basket"] = ["g"]  # one is nothing to compare
    assert basket.to_compare(order) == ["d", "f"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_term_of_a_page_is_explained(lang):
    from ui.balance.page import _TERMS as of_balance
    from ui.compare.page import _TERMS as of_compare
    from ui.explore.instrument import _PANEL_TERMS

    given = glossary.explained((*_PANEL_TERMS, *of_balance, *of_compare), lang)
    for term, (name, said) in given.items():
        assert name and said and "glossary." not in name + said, term
        assert max(len(s.split()) for s in re.split(r"[.:;?]", said)) <= 30, term
