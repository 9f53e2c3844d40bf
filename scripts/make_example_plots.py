"""Make the fictional example plots: ``python -m scripts.make_example_plots``.

Every shape is drawn by chance around a spot in the open field of a municipality; none of them is a
real parcel, and no owner, floor area or date is real. The same seed gives the same file.
"""

from __future__ import annotations

import json
import math

import geopandas as gpd
import numpy as np
import shapely

from data.loader import example_plots_path
from data.vocabulary import FICTIONAL_PREFIX
from geo.crs import RD, to_wgs84
from geo.layers import municipalities

# name, x, y (RD), area m2, length to width, turn in degrees, and what is known of it
SPOTS: list[tuple[str, float, float, float, float, float, dict[str, object]]] = [
    ("Weiland langs de stadsrand", 131500, 457300, 42000, 1.6, 20,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="agrarisch", nature="geen",
          grid_connection="beperkt", available_from="2027-03-01", available_until="2042-03-01",
          state="in onderzoek", mixed_living=True, next_actor="gemeente")),
    ("Leeg kantoor aan de ringweg", 134900, 452100, 6200, 1.4, 65,
     dict(owner_kind="particulier", object_kind="gebouw", gfa_m2=4800, zoning="kantoor",
          nature="geen", grid_connection="beschikbaar", available_from="2027-01-01",
          available_until="2033-01-01", state="kansrijk", next_actor="COA", mixed_living=False)),
    ("Voormalige school", 155200, 463900, 5200, 1.2, 10,
     dict(owner_kind="gemeente", object_kind="gebouw", gfa_m2=2100, zoning="maatschappelijk",
          nature="geen", grid_connection="beschikbaar", available_from="2026-12-01",
          available_until="2032-12-01", state="kansrijk", mixed_living=True,
          next_actor="gemeente")),
    ("Sportvelden buiten gebruik", 152300, 466200, 31500, 1.5, 35,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="recreatie", nature="geen",
          grid_connection="onbekend", state="concept")),
    ("Bosperceel bij de hei", 146800, 460700, 58000, 1.9, 80,
     dict(owner_kind="rijk", object_kind="perceel", zoning="natuur", nature="nnn",
          grid_connection="niet", available_from="2027-06-01", available_until="2037-06-01",
          state="in onderzoek", next_actor="Rijk")),
    ("Kazernegebouw", 150400, 459300, 14800, 1.3, 15,
     dict(owner_kind="rijk", object_kind="gebouw", gfa_m2=7600, zoning="maatschappelijk",
          nature="geen", grid_connection="beschikbaar", available_from="2027-09-01",
          available_until="2047-09-01", state="in onderzoek", mixed_living=True,
          next_actor="Rijk")),
    ("Hoek van het bedrijventerrein", 165900, 449400, 9400, 1.8, 42,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="bedrijf", nature="geen",
          grid_connection="niet", available_from="2027-01-01", available_until="2029-01-01",
          state="concept", next_actor="netbeheerder")),
    ("Hotel langs de snelweg", 138900, 449600, 7800, 1.5, 5,
     dict(owner_kind="particulier", object_kind="gebouw", gfa_m2=5200, zoning="horeca",
          nature="geen", grid_connection="beschikbaar", available_from="2027-02-01",
          available_until="2028-02-01", state="in onderzoek", next_actor="gemeente")),
    ("Kleine kavel in het dorp", 147500, 473700, 1400, 1.3, 50,
     dict(owner_kind="corporatie", object_kind="perceel", zoning="wonen", nature="geen",
          grid_connection="beperkt", available_from="2027-05-01", available_until="2042-05-01",
          state="kansrijk", mixed_living=True, next_actor="corporatie")),
    ("Strook langs het kanaal", 136400, 446700, 12600, 11.0, 118,
     dict(owner_kind="waterschap", object_kind="perceel", zoning="verkeer", nature="geen",
          grid_connection="onbekend", available_from="2027-01-01", available_until="2037-01-01",
          state="concept")),
    ("Klooster met tuin", 149900, 452600, 21000, 1.3, 25,
     dict(owner_kind="particulier", object_kind="gebouw", gfa_m2=3300, zoning="maatschappelijk",
          nature="geen", grid_connection="beperkt", state="in onderzoek", mixed_living=True,
          next_actor="gemeente")),
    ("Gemeentewerf", 121300, 455400, 8700, 1.2, 72,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="bedrijf", nature="geen",
          grid_connection="beschikbaar", available_from="2028-01-01",
          available_until="2034-01-01", state="in onderzoek", mixed_living=False)),
    ("Polderkavel", 122600, 466700, 64000, 2.6, 8,
     dict(owner_kind="provincie", object_kind="perceel", zoning="agrarisch", nature="geen",
          grid_connection="niet", available_from="2027-04-01", available_until="2057-04-01",
          state="concept", next_actor="provincie")),
    ("Oude veiling", 140300, 442900, 26500, 1.7, 30,
     dict(owner_kind="particulier", object_kind="gebouw", zoning="bedrijf", nature="geen",
          state="concept")),
    ("Parkeerterrein bij het station", 139500, 449000, 5600, 2.2, 95,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="verkeer", nature="geen",
          grid_connection="beschikbaar", available_from="2026-12-15",
          available_until="2027-12-15", state="concept")),
    ("Zorgcomplex dat vrijkomt", 166800, 449200, 9100, 1.4, 55,
     dict(owner_kind="corporatie", object_kind="gebouw", gfa_m2=3900, zoning="maatschappelijk",
          nature="geen", grid_connection="beschikbaar", available_from="2027-07-01",
          available_until="2035-07-01", state="kansrijk", mixed_living=True,
          next_actor="corporatie")),
    ("Vakantiepark, deel west", 143800, 457400, 36000, 1.5, 62,
     dict(owner_kind="particulier", object_kind="perceel", zoning="recreatie", nature="onbekend",
          available_from="2027-04-01", available_until="2027-09-01", state="in onderzoek",
          next_actor="eigenaar")),
    ("Uiterwaard", 152900, 443400, 47000, 3.0, 100,
     dict(owner_kind="rijk", object_kind="perceel", zoning="natuur", nature="natura2000",
          grid_connection="niet", state="afgevallen")),
    ("Kerkgebouw", 147300, 470300, 2300, 1.1, 18,
     dict(owner_kind="particulier", object_kind="gebouw", gfa_m2=620, zoning="maatschappelijk",
          nature="geen", grid_connection="onbekend", available_from="2027-02-01",
          available_until="2032-02-01", state="concept")),
    ("Schoolplein met noodlokalen", 127000, 460900, 3100, 1.3, 40,
     dict(owner_kind="gemeente", object_kind="gebouw", gfa_m2=850, zoning="maatschappelijk",
          nature="geen", grid_connection="beperkt", available_from="2027-01-01",
          available_until="2030-01-01", state="in onderzoek")),
    ("Weide zonder verdere gegevens", 156900, 456300, 18500, 1.4, 12, dict()),
    ("Kavel op de gemeentegrens", 133950, 449350, 15500, 1.6, 28,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="gemengd", nature="geen",
          grid_connection="beperkt", available_from="2027-01-01", available_until="2037-01-01",
          state="concept")),
    ("Distributiehal", 131900, 435100, 33000, 1.6, 3,
     dict(owner_kind="particulier", object_kind="gebouw", gfa_m2=15800, zoning="bedrijf",
          nature="geen", grid_connection="beschikbaar", available_from="2027-03-01",
          available_until="2028-03-01", state="concept")),
    ("Ziekenhuisvleugel", 135800, 456600, 11200, 1.3, 48,
     dict(owner_kind="particulier", object_kind="gebouw", gfa_m2=6900, zoning="maatschappelijk",
          nature="geen", grid_connection="beschikbaar", available_from="2028-01-01",
          available_until="2038-01-01", state="kansrijk", mixed_living=True, next_actor="COA")),
    ("Boomgaard", 141200, 446300, 22500, 1.5, 77,
     dict(owner_kind="particulier", object_kind="perceel", zoning="agrarisch", nature="geen",
          state="in onderzoek", next_actor="eigenaar")),
    ("Boerderij met schuren", 158600, 452100, 12900, 1.2, 33,
     dict(owner_kind="particulier", object_kind="onbekend", gfa_m2=1250, zoning="agrarisch",
          nature="geen", grid_connection="beperkt", available_from="2027-01-01",
          available_until="2033-01-01", state="concept")),
    ("Grond van het COA", 155100, 462600, 38500, 1.3, 66,
     dict(owner_kind="coa", object_kind="perceel", zoning="maatschappelijk", nature="geen",
          grid_connection="beschikbaar", available_from="2027-01-01",
          available_until="2052-01-01", state="kansrijk", mixed_living=True, next_actor="COA")),
    ("Tiny houses naast de wijk", 147200, 473900, 7600, 1.8, 15,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="wonen", nature="geen",
          grid_connection="beperkt", available_from="2026-10-01", available_until="2036-10-01",
          state="gerealiseerd", mixed_living=True)),
    ("Terrein bij de plas", 129700, 467800, 16400, 1.5, 5,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="recreatie", nature="nnn",
          grid_connection="onbekend", available_from="2027-05-01", available_until="2032-05-01",
          state="in onderzoek", next_actor="gemeente")),
    ("Braakliggend bouwblok", 135200, 454900, 4300, 1.2, 88,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="gemengd", nature="geen",
          grid_connection="niet", available_from="2027-01-01", available_until="2031-01-01",
          state="kansrijk", mixed_living=True, next_actor="netbeheerder")),
    ("Voormalig gemeentehuis", 118900, 449900, 3700, 1.3, 22,
     dict(owner_kind="gemeente", object_kind="gebouw", gfa_m2=2900, zoning="maatschappelijk",
          nature="geen", grid_connection="beschikbaar", available_from="2027-08-01",
          available_until="2033-08-01", state="in onderzoek", next_actor="gemeente")),
    ("Twee velden met een sloot ertussen", 124200, 461300, 35500, 1.4, 9,
     dict(owner_kind="gemeente", object_kind="perceel", zoning="recreatie", nature="geen",
          grid_connection="beperkt", available_from="2028-04-01", available_until="2048-04-01",
          state="concept", mixed_living=True)),
]  # fmt: skip
CLASSES = ("vertrouwelijk", "vertrouwelijk", "gedeeld", "openbaar")


def shape(x: float, y: float, area_m2: float, ratio: float, turn: float,
          generator: np.random.Generator) -> shapely.Polygon:  # fmt: skip
    """Draw a field: a rectangle whose sides are a little bent and corners a little moved."""
    length = math.sqrt(area_m2 * ratio)
    width = area_m2 / length
    corners = np.array([[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0]])
    ring = corners * (length / 2, width / 2)
    ring = ring + generator.normal(0, 0.05, ring.shape) * min(length, width)
    angle = math.radians(turn)
    spin = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return shapely.Polygon(ring @ spin + (x, y))


def main() -> None:
    """Write the file of examples."""
    generator = np.random.default_rng(2026)
    shapes, rows = [], []
    for place, (name, x, y, area_m2, ratio, turn, known) in enumerate(SPOTS):
        if "gemeentegrens" in name:
            towns = municipalities().geometry
            x, y = (
                towns["GM0344"]
                .intersection(towns["GM0356"])
                .interpolate(0.5, normalized=True)
                .coords[0]
            )
        drawn = shape(x, y, area_m2, ratio, turn, generator)
        if "sloot" in name:
            ditch = shapely.LineString([(x - 400, y), (x + 400, y + 60)]).buffer(4)
            drawn = shapely.MultiPolygon(list(shapely.difference(drawn, ditch).geoms))
        shapes.append(drawn)
        rows.append(
            {
                "plot_id": f"voorbeeld-{place + 1:02d}",
                "name": f"{FICTIONAL_PREFIX}{name}",
                "confidentiality": CLASSES[place % len(CLASSES)],
                "remarks": "Verzonnen voorbeeld: geen echte kandidaat.",
                **known,
            }
        )
    plots = to_wgs84(gpd.GeoSeries(shapes, crs=RD))
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": json.loads(
                shapely.to_geojson(shapely.transform(plot, lambda at: np.round(at, 7)))
            ),
        }
        for row, plot in zip(rows, plots, strict=True)
    ]
    content = {"type": "FeatureCollection", "features": features}
    text = json.dumps(content, ensure_ascii=False).replace(
        '{"type": "Feature",', '\n{"type": "Feature",'
    )
    example_plots_path().write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
