"""What a layer is said to be decides what of its file is kept, and lines are refused in words."""

import geopandas as gpd
import pytest
import shapely

from geo.crs import RD
from geo.errors import GeoError
from ui.kader.own_layers import _fitting

STREET = shapely.MultiLineString([[(0, 0), (100, 0)], [(100, 0), (100, 50)]])
SHOP, FIELD = shapely.Point(5, 5), shapely.box(0, 0, 10, 10)


def kinds(shapes, what):
    table = gpd.GeoDataFrame({"name": [""] * len(shapes)}, geometry=shapes, crs=RD)
    return _fitting(table, what).geometry.geom_type.tolist()


def test_a_network_is_its_lines_and_a_facility_is_none():
    mixed = [SHOP, FIELD, STREET]
    assert kinds(mixed, "network") == ["MultiLineString"]
    assert kinds(mixed, "supermarket") == kinds(mixed, "flood") == ["Point", "Polygon"]
    assert len(kinds(mixed, "other")) == 3 and kinds([STREET], "other") == ["MultiLineString"]


@pytest.mark.parametrize(
    ("shapes", "what", "key"),
    [
        ([SHOP, FIELD], "network", "layers.error.no_lines"),
        ([STREET], "flood", "layers.error.lines"),
        ([STREET], "stop", "layers.error.lines"),
    ],
)
def test_what_cannot_be_is_refused_in_words(shapes, what, key):
    with pytest.raises(GeoError) as problem:
        kinds(shapes, what)
    assert problem.value.message.key == key
    for language in ("nl", "en"):
        assert "{" not in problem.value.message.text(language)
