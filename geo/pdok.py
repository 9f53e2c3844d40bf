"""Ask PDOK for the parcel of a cadastral number, and for the place of an address."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import httpx
import shapely

from data.tiles import PDOK_VARIABLE
from geo.cadastral import CadastralNumber, LookupFailedError, parse_cadastral_number
from geo.reading.lists import PARCEL, address_keys
from messages import Message

_PARCELS = "https://service.pdok.nl/kadaster/kadastralekaart/wfs/v5_0"
_ADDRESSES = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/free"
_TIMEOUT_S = 6.0
_MAX_ANSWER_BYTES = 5_000_000


def parcel_at_pdok(number: CadastralNumber) -> bytes:
    """Ask PDOK for the parcel of a number; gives GeoJSON in EPSG:28992.

    Raises:
        LookupFailedError: PDOK is out of reach, or has no such parcel.
    """
    code, name = "AKRKadastraleGemeenteCodeWaarde", "kadastraleGemeenteWaarde"
    conditions = "".join(
        f'<PropertyIsEqualTo matchCase="false"><PropertyName>{field}</PropertyName>'
        f"<Literal>{escape(str(value))}</Literal></PropertyIsEqualTo>"
        for field, value in (
            (code if number.has_code else name, number.municipality),
            ("sectie", number.section),
            ("perceelnummer", number.parcel),
        )
    )
    answer = _ask(
        _PARCELS,
        {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": "kadastralekaart:Perceel",
            "outputFormat": "application/json",
            "srsName": "EPSG:28992",
            "count": "5",
            "filter": f"<Filter><And>{conditions}</And></Filter>",
        },
    )
    features = answer.get("features")
    if not isinstance(features, list) or not features:
        raise LookupFailedError(Message("lookup.no_parcel", {"number": str(number)}))
    for feature in features:
        if isinstance(feature, dict):
            feature["properties"] = {"naam": str(number), "kadastraal nummer": str(number)}
    return _geojson(features)


@dataclass(frozen=True)
class FoundAddress:
    """An address: a point in EPSG:28992, metres."""

    label: str
    x_m: float
    y_m: float


def addresses_at_pdok(text: str) -> list[FoundAddress]:
    """Ask PDOK for addresses like a text, best first, at most ten.

    Raises:
        LookupFailedError: PDOK is out of reach, or knows no such address.
    """
    answer = _ask(
        _ADDRESSES,
        {"q": text[:200], "rows": "10", "fq": "type:adres", "fl": "weergavenaam,centroide_rd"},
    )
    found = []
    response = answer.get("response")
    for entry in (response.get("docs") or []) if isinstance(response, dict) else []:
        point = re.fullmatch(r"POINT\(([\d.]+) ([\d.]+)\)", str(entry.get("centroide_rd", "")))
        if point:
            label = str(entry.get("weergavenaam", ""))[:200]
            found.append(FoundAddress(label, float(point[1]), float(point[2])))
    if not found:
        raise LookupFailedError(Message("lookup.no_address", {"value": text.strip()[:80]}))
    return found


def shape_at_pdok(kind: str, key: str) -> shapely.Geometry:
    """Ask PDOK for a place as :class:`geo.reading.result.Wanted` names it; gives EPSG:28992.

    An address counts only when its own postcode or place and house number come back.

    Raises:
        LookupFailedError: PDOK is out of reach, or knows no such place.
    """
    if kind == PARCEL:
        number = parse_cadastral_number(key)
        content = json.loads(parcel_at_pdok(number))
        shapes = [_shape_of(feature) for feature in content["features"]]
        known = [shape for shape in shapes if shape is not None]
        if not known:
            raise LookupFailedError(Message("lookup.no_parcel", {"number": str(number)}))
        return shapely.union_all(known)
    meant = address_keys(key)
    for address in addresses_at_pdok(key):
        if meant & address_keys(address.label):
            return shapely.Point(address.x_m, address.y_m)
    raise LookupFailedError(Message("lookup.no_address", {"value": key[:80]}))


def _shape_of(feature: Any) -> shapely.Geometry | None:
    try:
        return shapely.from_geojson(json.dumps(feature["geometry"]))
    except (shapely.errors.GEOSException, KeyError, TypeError):
        return None


def address_geojson(address: FoundAddress) -> bytes:
    """Give an address as GeoJSON in EPSG:28992: a point with its address."""
    return _geojson(
        [
            {
                "type": "Feature",
                "properties": {"naam": address.label, "adres": address.label},
                "geometry": {"type": "Point", "coordinates": [address.x_m, address.y_m]},
            }
        ]
    )


def _geojson(features: list[Any]) -> bytes:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    content = {"type": "FeatureCollection", "crs": crs, "features": features}
    return json.dumps(content).encode()


def _ask(url: str, parameters: dict[str, str]) -> dict[str, Any]:
    other = os.environ.get(PDOK_VARIABLE)
    if other == "off":
        raise LookupFailedError(Message("lookup.unreachable"))
    if other:
        url = other.rstrip("/") + httpx.URL(url).path
    try:
        with httpx.stream(
            "GET", url, params=parameters, timeout=_TIMEOUT_S, follow_redirects=False
        ) as response:
            response.raise_for_status()
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MAX_ANSWER_BYTES:
                    raise LookupFailedError(Message("lookup.unreachable"))
        answer = json.loads(body)
    except (httpx.HTTPError, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise LookupFailedError(Message("lookup.unreachable")) from problem
    if not isinstance(answer, dict):
        raise LookupFailedError(Message("lookup.unreachable"))
    return answer
