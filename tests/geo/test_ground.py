"""The ground of maps lies where it should, checked against layers from other sources."""

import pytest
import shapely

from geo import ground, layers

LAYERS = (
    "water_areas",
    "waterways",
    "railways",
    "built_up",
    "nature_areas",
    "nature_names",
    "places",
)
RIM_M = 5_500.0


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_whole_and_lies_on_and_around_the_province(name):
    layer = getattr(ground, name)()
    assert len(layer) and layer.crs.to_epsg() == 28992
    assert shapely.is_valid(layer.geometry.to_numpy()).all()
    assert layer.geometry.intersects(layers.province().buffer(RIM_M)).all()


def test_every_station_lies_at_a_railway():
    # Stations come from another source than the rails.
    kinds = layers.facilities()
    stations = kinds[kinds["facility_kind"].eq("station") & kinds["municipality_code"].notna()]
    away = stations.geometry.distance(ground.railways().union_all())
    assert (away - stations["precision_m"] < 100).all()


def test_places_lie_in_the_municipality_that_they_name():
    towns = layers.municipalities().set_index("name").geometry
    places = ground.places().dropna(subset="municipality")
    away = places.geometry.distance(
        towns.reindex(places["municipality"]).reset_index(drop=True).set_axis(places.index)
    )
    assert (away < 1_000).mean() > 0.98
    assert places["name"].iloc[0] == "Utrecht"
