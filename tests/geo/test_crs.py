"""The road between WGS84 and RD New, beside certified RDNAPTRANS (pyrdnap)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrdnap import RDNAP2018v1

from geo.crs import RD, RD_PRECISION_M, WGS84, lonlat_to_rd, rd_to_lonlat, to_rd, to_wgs84
from geo.errors import CrsError

# The province lies within these degrees; facilities stand up to some 5 km around it.
WEST, EAST, SOUTH, NORTH = 4.72, 5.72, 51.80, 52.36
GRID = np.array(
    [(lon, lat) for lon in np.linspace(WEST, EAST, 21) for lat in np.linspace(SOUTH, NORTH, 17)]
)


def test_stays_near_rdnaptrans_over_the_province() -> None:
    official = RDNAP2018v1()
    # RDNAPTRANS takes a place on land to lie at about 43 m above the ellipsoid (0 m NAP).
    expected = np.array([official.forward(lat, lon, 43.0)[:2] for lon, lat in GRID])
    distance_m = np.hypot(*(lonlat_to_rd(GRID) - expected).T)
    assert distance_m.max() <= RD_PRECISION_M


def test_reverse_stays_near_rdnaptrans() -> None:
    official = RDNAP2018v1()
    xy_m = lonlat_to_rd(GRID)
    expected = np.array([official.reverse(x, y, 0.0)[3:5][::-1] for x, y in xy_m])
    metres_per_degree = np.array([68_500.0, 111_300.0])
    distance_m = np.hypot(*((rd_to_lonlat(xy_m) - expected) * metres_per_degree).T)
    assert distance_m.max() <= RD_PRECISION_M


@settings(max_examples=50, deadline=None)
@given(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    place = gpd.GeoSeries([shapely.Point(lon, lat)], crs=WGS84)
    back = to_wgs84(to_rd(place))
    lonlat = back.get_coordinates().to_numpy()[0]
    assert lonlat == pytest.approx([lon, lat], abs=1e-8)  # a millimetre


def test_the_tower_of_amersfoort_is_the_origin_of_rd() -> None:
    # The Onze Lieve Vrouwetoren: 155,000 and 463,000 by the definition of RD New.
    tower = gpd.GeoSeries([shapely.Point(155_000, 463_000)], crs=RD)
    lon, lat = to_wgs84(tower).get_coordinates().to_numpy()[0]
    assert lon == pytest.approx(5.387206, abs=2e-5)
    assert lat == pytest.approx(52.155172, abs=2e-5)


def test_the_pipeline_asks_for_no_grid_and_no_network() -> None:
    assert not pyproj.network.is_network_enabled()


@pytest.mark.parametrize("crs", ["EPSG:4258", "OGC:CRS84", "EPSG:3857", "EPSG:25831"])
def test_other_systems_arrive_at_the_same_place(crs: str) -> None:
    place = gpd.GeoSeries([shapely.Point(5.12, 52.09)], crs=WGS84)
    assert to_rd(place.to_crs(crs)).distance(to_rd(place)).iloc[0] < 0.01


def test_names_of_rd_in_other_words_are_known() -> None:
    place = gpd.GeoSeries([shapely.Point(136_000, 456_000)], crs=RD)
    in_words_of_esri = pyproj.CRS.from_wkt(pyproj.CRS.from_epsg(28992).to_wkt("WKT1_ESRI"))
    renamed = place.set_crs(in_words_of_esri, allow_override=True)
    with_height = place.set_crs("EPSG:7415", allow_override=True)
    assert to_rd(renamed).crs == RD
    assert to_rd(renamed).iloc[0].equals(place.iloc[0])
    assert to_rd(with_height).iloc[0].equals(place.iloc[0])


def test_a_table_keeps_its_columns_and_index() -> None:
    table = gpd.GeoDataFrame(
        {"name": ["a", "b", "c"]},
        geometry=[shapely.Point(5.1, 52.1), None, shapely.Point()],
        index=["x", "y", "z"],
        crs=WGS84,
    )
    moved = to_rd(table)
    assert moved.crs == RD
    assert list(moved.index) == ["x", "y", "z"]
    assert list(moved["name"]) == ["a", "b", "c"]
    assert moved.geometry.iloc[1] is None
    assert moved.geometry.iloc[2].is_empty
    assert table.geometry.iloc[0].x == 5.1


def test_without_a_system_it_is_refused() -> None:
    nowhere = gpd.GeoSeries([shapely.Point(5.1, 52.1)])
    with pytest.raises(CrsError) as refusal:
        to_rd(nowhere)
    assert refusal.value.message.key == "crs.unknown"


def test_a_place_that_cannot_be_projected_is_no_place() -> None:
    assert np.isnan(lonlat_to_rd(np.array([[np.inf, 52.0]]))).all()
