"""The search box finds what is packaged, and asks PDOK for an address or parcel."""

import pytest

from geo import layers
from geo.cadastral import LookupFailedError
from geo.examples import example_plots
from ui.explore.find import find, find_at_pdok


def test_names_that_begin_so_come_first_and_a_town_is_told_once():
    found = find("zeist", example_plots(), layers.municipalities())
    assert found[0].label == "Zeist" and found[0].kind == "municipality"
    assert len([one for one in found if one.label == "Zeist"]) == 1


@pytest.mark.parametrize("address", ["off", "http://127.0.0.1:9"])
def test_pdok_out_of_reach_is_told_in_plain_words(monkeypatch, address):
    monkeypatch.setenv("LOCATIEWIJZER_PDOK", address)
    for sought in ("Dorpsstraat 1, Bunnik", "EMN00 A 1234"):
        with pytest.raises(LookupFailedError) as refused:
            find_at_pdok(sought)
        assert "PDOK" in refused.value.message.text("nl")
