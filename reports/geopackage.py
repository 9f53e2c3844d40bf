"""Write plots with scores as a GeoPackage."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.plot_schema import SCHEMA, ColumnType
from data.translated import in_language
from geo.crs import RD
from messages import text
from presentation.plain_text import TEXT_LIMIT, printable
from presentation.plot_columns import column_label
from presentation.words import class_label, word
from reports.content import Content
from reports.drawing.plots import marks_of
from reports.qgis_style import qgis_style, sld_style

LAYER = "locatiewijzer_plekken"
_HEADS = {
    "rank": "rank",
    "score_low": "low",
    "score_high": "high",
    "municipality": "municipality",
    "area_m2": "area",
    "limits": "limits",
}
_OWN_HEADS = (
    *("plot_id", "rank_best", "rank_worst", "blocked", "may_rise", "kind"),
    *("municipality_certain", "class_on_face"),
)


def geopackage(content: Content, *, language: str = "nl") -> bytes:
    """Make a GeoPackage (EPSG:28992) of plots, scores, criteria and sources.

    Args:
        content: what the readers may see, see :func:`reports.content.content_of`.
        language: "nl" or "en", for words in the tables.

    Returns:
        The bytes of the file; the same content gives the same bytes.

    Raises:
        ClassTooHighError: a plot is of a higher class than the readers may see.
    """
    label = class_label(content.confidentiality, language)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plots.gpkg"
        _plots(content, label, language).to_file(
            path, layer=LAYER, driver="GPKG", engine="pyogrio", geometry_type="MultiPolygon",
            promote_to_multi=True, SPATIAL_INDEX="YES",
            # later ones are not known to the GDAL and QGIS that many still have
            VERSION="1.3",
            # by arrow, a date stays a date
            use_arrow=True,
        )  # fmt: skip
        _tables(path, content, label, language)
        return path.read_bytes()


def _plots(content: Content, label: str, language: str) -> gpd.GeoDataFrame:
    plots, ranking = content.plots, content.ranking
    marks = marks_of(content)
    columns: dict[str, object] = {
        "plot_id": [str(i) for i in plots.index],
        "rank": np.array(content.ranks, dtype="int32"),
        "score_low": ranking.lower,
        "score_high": ranking.upper,
        "rank_best": ranking.rank_best.astype("int32"),
        "rank_worst": ranking.rank_worst.astype("int32"),
        "blocked": [mark.blocked for mark in marks],
        "may_rise": [mark.uncertain for mark in marks],
        "kind": str(content.kader.kind),
        "municipality": [None if pd.isna(v) else str(v) for v in plots["municipality"]],
        "municipality_certain": plots["municipality_certain"].astype(bool).to_numpy(),
        "area_m2": plots.geometry.area.to_numpy().round(1),
    }
    for column in SCHEMA:
        name = column.key
        if name not in plots:
            continue
        values = plots[name]
        if column.type is ColumnType.DATE:
            # without a time of day: a date of the form, which GIS programs know as one
            days = [None if pd.isna(v) else pd.Timestamp(v).date() for v in values]
            columns[name] = pd.array(days, dtype="date32[pyarrow]")
        elif column.type is ColumnType.NUMBER:
            columns[name] = values.to_numpy(dtype=float)
        elif column.type is ColumnType.BOOLEAN:
            columns[name] = pd.array([None if pd.isna(v) else bool(v) for v in values], "boolean")
        else:
            columns[name] = [
                None if v is None or pd.isna(v) else printable(v, TEXT_LIMIT, any_letter=True)
                for v in values
            ]
    measured = ranking.measured
    for place, key in enumerate(measured.criteria):
        columns[f"value_low__{key}"] = measured.value_low[key].to_numpy()
        columns[f"value_high__{key}"] = measured.value_high[key].to_numpy()
        columns[f"score_low__{key}"] = measured.score_low[:, place]
        columns[f"score_high__{key}"] = measured.score_high[:, place]
    columns["limits"] = [
        "; ".join(
            f"{word('LimitOutcome', str(line.outcome), language)}: {line.reason.text(language)}"
            for line in content.limits_of(i)
        )
        or None
        for i in plots.index
    ]
    columns["class_on_face"] = label
    # outer rings against the clock, as PDOK asks of files that it publishes (RC4 of its validator)
    shapes = shapely.orient_polygons(plots.geometry.to_numpy())
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=RD)


def _tables(path: Path, content: Content, label: str, language: str) -> None:
    fixed = not content.exploration
    moment = f"{content.date:%Y-%m-%d}T12:00:00.000Z"
    rows = [
        ("class", label),
        ("kind", str(content.kader.kind)),
        ("made_on", f"{content.date:%Y-%m-%d}"),
        ("kader_version", content.stamp.version),
        ("kader_sha256", content.stamp.sha256),
        ("kader_fixed_on", str(content.stamp.fixed_on or "")),
        ("exploration", str(content.exploration).lower()),
        ("weights", json.dumps(dict(content.ranking.weights), sort_keys=True)),
        ("snapshot", content.snapshot),
        *[(f"data_{name}", sha) for name, sha in sorted(content.data_versions.items())],
        *[
            (f"source_{n:02d}", line)
            for n, line in enumerate(content.source_lines(language), start=1)
        ],
    ]
    with sqlite3.connect(path) as database:
        _aliases(database, content, language)
        database.execute("CREATE TABLE about (id INTEGER PRIMARY KEY, key TEXT, value TEXT)")
        database.executemany("INSERT INTO about (key, value) VALUES (?, ?)", rows)
        database.execute(
            "CREATE TABLE criteria (id INTEGER PRIMARY KEY, key TEXT, name TEXT, criterion_group "
            "TEXT, unit TEXT, weight_share REAL, source TEXT)"
        )
        database.executemany(
            "INSERT INTO criteria (key, name, criterion_group, unit, weight_share, source) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (c.key, text(f"scoring.criterion.{c.key}", language), str(c.group), c.unit,
                 content.ranking.weights[c.key], in_language(c.source, language))
                for c in content.criteria
            ],
        )  # fmt: skip
        database.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog "
            "TEXT, f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, "
            "styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, "
            "ui TEXT, update_time DATETIME)"
        )
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) VALUES ('', '', ?, 'geom', 'locatiewijzer', ?, ?, 1, ?, '', ?)",
            (
                LAYER,
                qgis_style(language, fixed=fixed, labels=_labels(content, language)),
                sld_style(language, fixed=fixed),
                label,
                moment,
            ),
        )
        for name in ("about", "criteria", "layer_styles"):
            database.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
                "last_change) VALUES (?, 'attributes', ?, '', ?)",
                (name, name, moment),
            )
        # GDAL writes the present moment; the same content must give the same bytes.
        database.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        database.execute("UPDATE layer_styles SET update_time = ?", (moment,))
        database.commit()
        database.execute("VACUUM")


def _aliases(database: sqlite3.Connection, content: Content, language: str) -> None:
    """Name the columns of plots in the reader's words, by the schema extension of the form."""
    database.execute(
        "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
        "name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, "
        "CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), "
        "CONSTRAINT gdc_tn UNIQUE (table_name, name))"
    )
    database.execute(
        "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, "
        "constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, "
        "max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, "
        "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"
    )
    database.executemany(
        "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) "
        "VALUES (?, NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', "
        "'read-write')",
        [("gpkg_data_columns",), ("gpkg_data_column_constraints",)],
    )
    database.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)",
        [(LAYER, key, label, label) for key, label in _labels(content, language).items()],
    )


def _labels(content: Content, language: str) -> dict[str, str]:
    """Give the words for each column of the plots: as the sheet and the spreadsheet call them."""
    told = {
        **{key: text(f"reports.sheet.head_{word_of}", language) for key, word_of in _HEADS.items()},
        **{key: text(f"reports.gpkg.{key}", language) for key in _OWN_HEADS},
        **{c.key: column_label(c.key, language) for c in SCHEMA if c.key in content.plots},
    }
    for criterion in content.criteria:
        name = text(f"scoring.criterion.{criterion.key}", language)
        unit = text(f"reports.unit.{criterion.unit}", language)
        scored = text("reports.gpkg.score_of", language, name=name)
        for what, label in (("value", f"{name} ({unit})" if unit else name), ("score", scored)):
            for end, words in (("low", "lowest"), ("high", "highest")):
                told[f"{what}_{end}__{criterion.key}"] = text(
                    f"reports.sheet.{words}", language, name=label
                )
    return told
