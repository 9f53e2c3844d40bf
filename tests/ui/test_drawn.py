"""What is drawn on the map is asked about when it is very large."""

import shapely

from ui.deliver.drawn import is_large


def test_four_hundred_hectares_are_asked_about_and_a_large_plot_is_not():
    assert is_large(shapely.box(140_000, 450_000, 142_000, 452_000))
    assert not is_large(shapely.box(140_000, 450_000, 140_600, 450_600))
