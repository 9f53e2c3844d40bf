"""Corners that are typed make the area that was meant, or are refused with the line that is wrong."""

import pytest
import shapely
from pyproj import Transformer

from geo.corners import CornersError, corners_text, polygon_from_corners

SQUARE = [(136000.0, 455000.0), (136100.0, 455000.0), (136100.0, 455050.0), (136000.0, 455050.0)]


@pytest.mark.parametrize("between", [" ", ";", "; ", "\t", ", "])
def test_corners_in_rd_make_their_area(between):
    text = "\n".join(f"{x:.2f}{between}{y:.2f}" for x, y in SQUARE)
    assert polygon_from_corners(text).equals(shapely.Polygon(SQUARE))
    assert polygon_from_corners(text.replace(".", ",")).equals(shapely.Polygon(SQUARE))


def test_corners_in_degrees_lie_where_proj_puts_them():
    back = Transformer.from_crs(28992, 4326, always_xy=True)
    text = "\n".join("{1:.7f} {0:.7f}".format(*back.transform(x, y)) for x, y in SQUARE)
    shape = polygon_from_corners(text)
    assert shape.symmetric_difference(shapely.Polygon(SQUARE)).area < 150  # half a metre around
    assert shape.area == pytest.approx(5000, rel=0.001)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("136000 455000\nhier\n136100 455050", "deliver.corners.line"),
        ("1 2\n3 4\n5 6", "deliver.corners.line"),
        ("136000 455000\n52.09 5.12\n136100 455050", "deliver.corners.mixed"),
        ("136000 455000\n136100 455000\n136000 455000", "deliver.corners.few"),
        ("136000 455000\n136100 455050\n136100 455000\n136000 455050", "deliver.corners.crossing"),
        ("136000 455000\n" * 501, "deliver.corners.too_many"),
    ],
)
def test_what_makes_no_area_is_refused_with_what_to_do(text, key):
    with pytest.raises(CornersError) as told:
        polygon_from_corners(text)
    assert told.value.message.key == key


def test_corners_that_were_written_are_read_again():
    shape = shapely.Polygon(SQUARE)
    assert polygon_from_corners(corners_text(shape)).equals(shape)
    holed = shapely.Polygon(SQUARE, [[(136010, 455010), (136020, 455010), (136020, 455020)]])
    assert corners_text(holed) == "" == corners_text(shapely.MultiPolygon([shape]))
