"""What a layer is said to be decides what of its file is kept, and lines are refused in words."""

import geopandas as gpd
import pytest
import shapely

from data.loader import Coverage
from data.vocabulary import Confidentiality
from geo.crs import RD
from geo.errors import GeoError
from reports.classes import Audience
from scoring.kader import load_kader
from scoring.own_layers import OwnLayer
from ui.downloads import class_of_file
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


def test_the_name_of_a_file_says_the_class_of_the_layers_in_it(plots, surroundings):
    public, kader = (
        plots.iloc[:2].assign(confidentiality="openbaar", remarks=None),
        load_kader("azc"),
    )
    public["contact"], public["provenance"] = None, [{}, {}]
    assert class_of_file(public, Audience.INTERN, kader, surroundings) == "openbaar"
    shapes = gpd.GeoDataFrame({"name": [""]}, geometry=[FIELD], crs=RD)
    for cls in ("gedeeld", "vertrouwelijk"):
        layer = OwnLayer(
            "flood", "n", shapes, Coverage(True, 0.0), "s", "2026", "0", Confidentiality(cls)
        )
        around = surroundings.with_own(layer)
        assert class_of_file(public, Audience.INTERN, kader, around) == cls
