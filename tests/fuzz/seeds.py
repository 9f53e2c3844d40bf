"""Small good files of every kind, to begin fuzzing from."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import ezdxf
import geopandas as gpd
import shapely

from geo.crs import to_wgs84
from geo.reading.template import xlsx_template

SHAPE = shapely.box(136_000, 455_000, 136_100, 455_080)


def seeds() -> dict[str, bytes]:
    table = gpd.GeoDataFrame({"naam": ["a"], "bvo": [100.0]}, geometry=[SHAPE], crs="EPSG:28992")
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, driver in (
            ("a.gpkg", "GPKG"),
            ("a.fgb", "FlatGeobuf"),
            ("a.gml", "GML"),
            ("a.kml", "KML"),
            ("a.shp", "ESRI Shapefile"),
        ):
            path = Path(folder) / name
            (to_wgs84(table) if driver == "KML" else table).to_file(path, driver=driver)
            found[name] = path.read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for part in ("a.shp", "a.shx", "a.dbf", "a.prj"):
                archive.writestr(part, (Path(folder) / part).read_bytes())
        found["a.zip"] = packed.getvalue()
        table.to_parquet(Path(folder) / "a.parquet")
        found["a.parquet"] = (Path(folder) / "a.parquet").read_bytes()
        for part in ("b.tab", "c.mif"):
            table.to_file(Path(folder) / part, driver="MapInfo File")
        found["c.mif"] = (Path(folder) / "c.mif").read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for part in ("b.tab", "b.dat", "b.map", "b.id"):
                archive.writestr(part, (Path(folder) / part).read_bytes())
        found["tab.zip"] = packed.getvalue()
        table.to_file(Path(folder) / "d.gdb", driver="OpenFileGDB", layer="plekken")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted((Path(folder) / "d.gdb").iterdir()):
                archive.writestr(f"d.gdb/{part.name}", part.read_bytes())
        found["gdb.zip"] = packed.getvalue()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("binnen.zip", found["tab.zip"])
        found["zip.zip"] = packed.getvalue()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("doc.kml", found["a.kml"])
        found["a.kmz"] = packed.getvalue()
    corners = [list(corner) for corner in SHAPE.exterior.coords]
    found["esri.json"] = json.dumps(
        {"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 28992},
         "features": [{"attributes": {"naam": "a"}, "geometry": {"rings": [corners]}}]}
    ).encode()  # fmt: skip
    track = "".join(
        f'<trkpt lat="{y}" lon="{x}"/>' for x, y in to_wgs84(table).geometry.iloc[0].exterior.coords
    )
    found["a.gpx"] = (
        '<gpx version="1.1" creator="a" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><name>a</name><trkseg>{track}</trkseg></trk></gpx>"
    ).encode()
    found["a.geojson"] = to_wgs84(table).to_json().encode()
    found["rd.geojson"] = table.to_json(drop_id=True).encode()
    found["line.json"] = json.dumps(
        {"type": "Polygon", "coordinates": [[[5, 52], [5.01, 52], [5, 52.01]]]}
    ).encode()
    found["wkt.csv"] = f'naam;wkt;beschikbaar vanaf\na;"{SHAPE.wkt}";1-1-2027\n'.encode()
    found["xy.csv"] = b"naam,x,y,oppervlakte\na,136000,455000,5000\n"
    found["a.xlsx"] = xlsx_template()
    for own in sorted((Path(__file__).parent / "sheets").iterdir()):
        found[own.name] = own.read_bytes()  # made by LibreOffice of one small table
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = (("naam", "wkt", "bvo"), ("a", SHAPE.wkt, 100))
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="{"String" if isinstance(c, str) else "Number"}">{c}'
                          "</Data></Cell>" for c in row) + "</Row>"
        for row in cells
    )  # fmt: skip
    found["2003.xml"] = (
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="a"><Table>{rows}</Table>'
        "</Worksheet></Workbook>"
    ).encode()
    drawing = ezdxf.new()
    drawing.modelspace().add_lwpolyline(list(SHAPE.exterior.coords)[:-1], close=True)
    text = io.StringIO()
    drawing.write(text)
    found["a.dxf"] = text.getvalue().encode()
    return found
