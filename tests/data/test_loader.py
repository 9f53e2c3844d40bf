"""The packaged tables and their description, from the real files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest

from data import loader
from data.errors import DataError
from data.vocabulary import LocationStatus, ReceptionKind

TABLES = (
    "municipalities",
    "inhabitants_pc4",
    "tasks",
    "tasks_other",
    "reception_locations",
    "facilities",
    "schools",
    "practice",
)
PACKAGE = json.loads((loader.FOLDER / "datapackage.json").read_text("utf-8"))


def schema_of(name: str) -> dict[str, Any]:
    return next(r["schema"] for r in PACKAGE["resources"] if r["name"] == name)


def broken(tmp_path: Path, name: str, change: dict[str, str], row: int = 2) -> Path:
    """Write a packaged table with one row changed."""
    table = pd.read_csv(
        loader.resource_info(name).path, dtype="str", keep_default_na=False, na_values=[""]
    )
    for column, value in change.items():
        table.loc[row, column] = value
    path = tmp_path / f"{name}.csv"
    table.to_csv(path, index=False)
    return path


def test_the_datapackage_is_valid() -> None:
    report = frictionless.validate(loader.FOLDER / "datapackage.json")
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_every_data_file_is_described() -> None:
    described = {
        entry["path"]
        for resource in PACKAGE["resources"]
        for entry in (resource, *resource.get("former", ()))
    }
    present = {
        path.relative_to(loader.FOLDER).as_posix()
        for path in loader.FOLDER.rglob("*")
        if path.suffix in {".csv", ".geojson"}
    }
    assert present == described


@pytest.mark.parametrize("name", loader.resource_names())
def test_every_file_says_where_it_comes_from(name: str) -> None:
    info = loader.resource_info(name)
    assert info.title and info.source and info.date and info.licence and info.precision
    assert info.sha256 == hashlib.sha256(info.path.read_bytes()).hexdigest()
    if name in loader.resource_names(role="facts"):
        assert loader.data_versions()[name] == info.sha256


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_and_a_date(name: str) -> None:
    table = loader.load(name)
    assert len(table) > 0
    assert table["source"].str.strip().ne("").all() and table["source"].notna().all()
    assert table["source_date"].str.fullmatch(r"(19|20)\d\d(-\d\d(-\d\d)?)?").all()


@pytest.mark.parametrize("name", TABLES)
def test_a_copy_can_be_changed_without_harm(name: str) -> None:
    first = loader.load(name)
    first.loc[:, "source"] = "changed"
    assert "changed" not in set(loader.load(name)["source"])


def test_there_are_26_municipalities_with_known_codes() -> None:
    municipalities = loader.load("municipalities")
    assert len(municipalities) == 26
    known = set(municipalities["municipality_code"])
    for name in ("tasks", "reception_locations", "facilities", "practice"):
        assert set(loader.load(name)["municipality_code"].dropna()) <= known


def test_the_province_has_the_inhabitants_of_its_municipalities() -> None:
    # CBS counts 1,387,643 inhabitants of the province on 1 January 2023.
    assert loader.load("municipalities")["inhabitants"].sum() == pytest.approx(1_387_643, rel=0.001)


def test_kinds_and_statuses_are_those_of_the_vocabulary() -> None:
    locations = loader.load("reception_locations")
    assert set(locations["kind"]) <= {*ReceptionKind, "noodopvang"}
    assert set(locations["status"]) <= set(LocationStatus)


def test_homes_of_minors_are_not_told_more_precisely_than_the_village() -> None:
    minors = loader.load("reception_locations").query("kind == 'amv'")
    assert len(minors) > 0
    assert (minors["precision_m"] >= 3_000).all()
    assert minors["address"].isna().all()


def test_an_unknown_task_is_not_zero() -> None:
    tasks = loader.load("tasks")
    assert tasks["places"].isna().any()
    # one municipality was asked nothing, and a source says so
    assert tasks.loc[tasks["places"].eq(0), "municipality_code"].tolist() == ["GM0351"]


@pytest.mark.parametrize(
    ("name", "entry"),
    [(r["name"], entry) for r in PACKAGE["resources"] for entry in r.get("former", ())],
)
def test_superseded_files_are_kept_as_they_were(name: str, entry: dict[str, str]) -> None:
    assert loader.is_kept(name, entry["sha256"])
    former = loader.load(name, entry["sha256"])
    assert len(former) > 0 and not former.equals(loader.load(name))
    with pytest.raises(DataError):
        loader.load(name, "0" * 64)


def test_both_cycles_stand_side_by_side_for_every_municipality() -> None:
    tasks = loader.load("tasks")
    towns = tasks.groupby("cycle")["municipality_code"].nunique()
    assert towns.to_dict() == {1: 26, 2: 26}


@pytest.mark.parametrize(
    ("name", "change", "column"),
    [
        ("municipalities", {"inhabitants": "veel"}, "inhabitants"),
        ("municipalities", {"inhabitants": "-5"}, "inhabitants"),
        ("municipalities", {"municipality_code": "0307"}, "municipality_code"),
        ("municipalities", {"municipality_code": "GM0307"}, "municipality_code"),
        ("municipalities", {"source": ""}, "source"),
        ("tasks", {"status": "promised"}, "status"),
        ("tasks", {"places": "12.5"}, "places"),
        ("tasks", {"municipality_code": "GM9999"}, "municipality_code"),
        ("reception_locations", {"kind": "hotel"}, "kind"),
        ("reception_locations", {"source_date": "vorig jaar"}, "source_date"),
        ("reception_locations", {"dates_approximate": "misschien"}, "dates_approximate"),
        ("facilities", {"longitude_deg": "52.1"}, "longitude_deg"),
    ],
)
def test_a_broken_row_is_refused_by_line_and_column(
    tmp_path: Path, name: str, change: dict[str, str], column: str
) -> None:
    path = broken(tmp_path, name, {key: value or None for key, value in change.items()})
    with pytest.raises(DataError) as refusal:
        loader.load_table(path, schema_of(name))
    values = refusal.value.message.values
    assert refusal.value.message.key == "data.refused"
    assert values["column"] == column
    # Of two cells that should differ either may be named, all others stand in the fourth line.
    assert values["line"] == (2 if change == {"municipality_code": "GM0307"} else 4)


def test_the_unbroken_file_passes_the_same_way(tmp_path: Path) -> None:
    path = broken(tmp_path, "tasks", {})
    assert len(loader.load_table(path, schema_of("tasks"))) == len(loader.load("tasks"))


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "data.unreadable"),
        (b"\xff\xfe\x00", "data.unreadable"),
        (b"a,b\n1,2\n1,2,3\n", "data.unreadable"),
        (b"municipality_code,name\nGM0307,Amersfoort\n", "data.columns"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "municipalities.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as refusal:
        loader.load_table(path, schema_of("municipalities"))
    assert refusal.value.message.key == key


@pytest.mark.parametrize("name", ["", "municipality", "../secrets", "boundaries"])
def test_an_unknown_table_is_refused(name: str) -> None:
    with pytest.raises(DataError) as refusal:
        loader.load(name)
    assert refusal.value.message.key == "data.unknown"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refusal:
        loader.load_table(tmp_path / "away.csv", schema_of("tasks"))
    assert refusal.value.message.key == "data.missing"


@pytest.mark.parametrize("name", ["facilities", "schools"])
def test_openstreetmap_is_credited_where_outputs_cut_a_source_off(name: str) -> None:
    # the Open Database License asks for it; outputs print the first 120 characters
    assert "© OpenStreetMap" in loader.resource_info(name).source[:120]
