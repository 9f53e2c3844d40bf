"""Read GeoParquet."""

from __future__ import annotations

from pathlib import Path

from geo.reading import bounds
from geo.reading.form import Form, starts
from geo.reading.gdal import plain_value
from geo.reading.raw import RawLayer, RawRow, ReadingError
from geo.reading.result import ReadOptions
from messages import Message


def read_parquet(path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    """Read GeoParquet.

    Raises:
        ReadingError: it is broken, too large, or holds no geometry.
    """
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        meta = pq.read_metadata(path)
        most = bounds.most_features(lines=options.lines)
        if meta.num_rows > most:
            raise ReadingError(Message("read.too_many", {"count": meta.num_rows, "limit": most}))
        size = sum(
            meta.row_group(g).total_byte_size for g in range(min(meta.num_row_groups, 10_000))
        )
        if size > bounds.MAX_UNPACKED_BYTES or meta.num_columns > bounds.MAX_COLUMNS:
            raise ReadingError(Message("read.too_large"))
        table = gpd.read_parquet(path)
    except (pa.ArrowException, ValueError, OSError, KeyError, TypeError, AttributeError) as problem:
        if isinstance(problem, ReadingError):
            raise
        raise ReadingError(Message("read.parquet")) from problem
    rows = []
    others = [str(c) for c in table.columns if c != table.geometry.name]
    for place, (shape, values) in enumerate(
        zip(table.geometry, table[others].to_dict("records"), strict=True), start=1
    ):
        row = RawRow(place, shape, {str(k): plain_value(v) for k, v in values.items()})
        if shape is None:
            row.refused = Message("read.row.no_geometry")
        rows.append(row)
    crs = table.crs.to_string() if table.crs is not None else None
    return [RawLayer(path.stem, rows, crs, Message("read.crs.declared") if crs else None)]


FORMS = (Form("parquet", starts(b"PAR1"), read_parquet, suffixes=(".parquet",)),)
