"""Make files to fill in, that go through reading without a question."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import openpyxl.styles
import pandas as pd
import shapely

from data.vocabulary import PLOT_COLUMNS
from geo.crs import RD
from geo.reading.columns import HEADERS

EXAMPLE_SHAPE = (
    "POLYGON ((136000 455000, 136100 455000, 136100 455080, 136000 455080, 136000 455000))"
)
EXAMPLE: dict[str, object] = {
    "name": "FICTIEF – voorbeeld, haal deze rij weg",
    "address": "Voorbeeldstraat 1, Utrecht",
    "cadastral_number": None,
    "owner_kind": "gemeente",
    "object_kind": "perceel",
    "gfa_m2": None,
    "stated_area_m2": 8000,
    "zoning": "maatschappelijk",
    "nature": "geen",
    "grid_connection": "onbekend",
    "mixed_living": "ja",
    "available_from": "2027-01-01",
    "available_until": "2037-01-01",
    "state": "concept",
    "confidentiality": "vertrouwelijk",
    "next_actor": "gemeente",
    "contact": None,
    "remarks": None,
}
"""One made-up row, so that one sees what is meant."""


def xlsx_template() -> bytes:
    """Give an Excel file with a column for everything that can be told, and one made-up row."""
    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "plekken"
    headers = [HEADERS[column][0] for column in PLOT_COLUMNS]
    sheet.append([*headers, "wkt"])
    sheet.append([*[EXAMPLE[column] for column in PLOT_COLUMNS], EXAMPLE_SHAPE])
    for cell in sheet[1]:
        cell.font = openpyxl.styles.Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 22
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def gpkg_template() -> bytes:
    """Give a GeoPackage in EPSG:28992 with the same columns and row."""
    columns = {
        HEADERS[column][0].replace(" ", "_"): pd.Series(
            [EXAMPLE[column]], dtype=float if kind == "number" else object
        )
        for column, kind in PLOT_COLUMNS.items()
    }
    table = gpd.GeoDataFrame(columns, geometry=[shapely.from_wkt(EXAMPLE_SHAPE)], crs=RD)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plekken.gpkg"
        table.to_file(path, driver="GPKG", layer="plekken", engine="pyogrio")
        return path.read_bytes()
