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

from data.plot_schema import PLOT_COLUMNS, SCHEMA, ColumnType
from geo.crs import RD
from geo.reading.columns import HEADERS

EXAMPLE_SHAPE = (
    "POLYGON ((136000 455000, 136100 455000, 136100 455080, 136000 455080, 136000 455000))"
)


def xlsx_template() -> bytes:
    """Give an Excel file with a column for everything that can be told, and one made-up row."""
    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "plekken"
    headers = [HEADERS[column][0] for column in PLOT_COLUMNS]
    sheet.append([*headers, "wkt"])
    sheet.append([*(column.example for column in SCHEMA), EXAMPLE_SHAPE])
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
        HEADERS[column.key][0].replace(" ", "_"): pd.Series(
            [column.example], dtype=float if column.type is ColumnType.NUMBER else object
        )
        for column in SCHEMA
    }
    table = gpd.GeoDataFrame(columns, geometry=[shapely.from_wkt(EXAMPLE_SHAPE)], crs=RD)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plekken.gpkg"
        table.to_file(path, driver="GPKG", layer="plekken", engine="pyogrio")
        return path.read_bytes()
