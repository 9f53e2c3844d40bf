"""Cadastral numbers are understood as people write them, and found in a file of parcels."""

import geopandas as gpd
import pytest
import shapely

from geo.cadastral import LookupFailedError, numbers_of_row, parse_cadastral_number
from geo.reading.read import read_file
from geo.reading.result import Outcome, ReadOptions


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("EMN00 A 1234", "EMN00 A 1234"),
        ("emn00-a-1234", "EMN00 A 1234"),
        ("EMN 00 A 01234", "EMN00 A 1234"),
        ("UTT00AB7", "UTT00 AB 7"),
        (" zst02 k 88 ", "ZST02 K 88"),
    ],
)
def test_usual_ways_of_writing(text, meant):
    assert str(parse_cadastral_number(text)) == meant


@pytest.mark.parametrize(
    "text", ["", "A 1234", "EMN00", "EMN00 A 0", "Dorpsstraat 1", "EMN00 1234", "x" * 500]
)
def test_what_is_none_is_refused_with_an_example(text):
    with pytest.raises(LookupFailedError) as refused:
        parse_cadastral_number(text)
    assert "EMN00 A 1234" in refused.value.message.text("nl")


def test_the_parcel_is_found_in_a_file(tmp_path):
    parcels = gpd.GeoDataFrame(
        {
            "AKRKadastraleGemeenteCodeWaarde": ["EMN00", "EMN00"],
            "sectie": ["A", "A"],
            "perceelnummer": [1233, 1234],
        },
        geometry=[
            shapely.box(147_000, 472_000, 147_050, 472_050),
            shapely.box(147_050, 472_000, 147_100, 472_050),
        ],
        crs="EPSG:28992",
    )
    path = tmp_path / "parcels.gpkg"
    parcels.to_file(path)
    reading = read_file(path, ReadOptions(parcels=["EMN00 A 1234"]))
    assert reading.outcome == Outcome.TAKEN
    assert reading.plots.geometry.iloc[0].bounds[0] == 147_050
    assert reading.plots["cadastral_number"].iloc[0] == "EMN00 A 1234"
    missing = read_file(path, ReadOptions(parcels=["EMN00 B 1"]))
    assert "EMN00 B 1" in missing.refused.text("nl")


def test_a_whole_designation_in_one_column_is_understood():
    assert [str(n) for n in numbers_of_row({"Kadastrale aanduiding": "ZST02 K 88"})] == [
        "ZST02 K 88"
    ]
    assert numbers_of_row({"naam": "x"}) == ()
