"""Understand cadastral numbers, and find the parcel of one in a table or at PDOK.

A number names the cadastral municipality (three letters and two digits), the section (one or two
letters) and the parcel: ``EMN00 A 1234``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from geo.errors import GeoError
from geo.reading.values import plain
from messages import Message

PDOK_VARIABLE = "LOCATIEWIJZER_PDOK"
"""Environment variable with another address for PDOK; ``off`` asks nothing of it."""

_PARCELS = "https://service.pdok.nl/kadaster/kadastralekaart/wfs/v5_0"
_ADDRESSES = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/free"
_TIMEOUT_S = 6.0
_MAX_ANSWER_BYTES = 5_000_000

_MUNICIPALITY = ("akrkadastralegemeentecodewaarde", "akr kadastrale gemeente code waarde",
                 "kadastralegemeentecode", "kad gemeente", "kadastrale gemeente", "gemeentecode",
                 "gemeente", "kadgem")  # fmt: skip
_SECTION = ("sectie", "section", "kad sectie")
_PARCEL = ("perceelnummer", "perceel", "perceelnr", "nummer", "kad perceel")
_WHOLE = ("kadastrale aanduiding", "kadastraal nummer", "aanduiding", "kadastraleaanduiding")


class LookupFailedError(GeoError):
    """A number or address cannot be understood or found."""


@dataclass(frozen=True)
class CadastralNumber:
    """A parcel: ``EMN00``, ``A``, 1234."""

    municipality: str
    section: str
    parcel: int

    def __str__(self) -> str:
        """Give it as people write it."""
        return f"{self.municipality} {self.section} {self.parcel}"


def parse_cadastral_number(text: str) -> CadastralNumber:
    """Read a cadastral number as it is usually written.

    >>> str(parse_cadastral_number("emn00-a-01234")), str(parse_cadastral_number("UTT 00 AB 7 G0"))
    ('EMN00 A 1234', 'UTT00 AB 7')

    Raises:
        LookupFailedError: it is none.
    """
    found = re.fullmatch(
        r"\s*([A-Z]{3})\s*[-_ ]?\s*(\d{2})[\s_-]*([A-Z]{1,2})[\s_-]*0*(\d{1,5})"
        r"(?:[\s_-]*(?:G|A)?0*)?\s*",
        text[:60].upper(),
    )
    if found is None or int(found[4]) == 0:
        raise LookupFailedError(Message("lookup.bad_number", {"value": text.strip()[:60]}))
    return CadastralNumber(found[1] + found[2], found[3], int(found[4]))


def number_of_row(values: Mapping[str, Any]) -> CadastralNumber | None:
    """Read the cadastral number of a row of a table of parcels, None when it has none."""
    cells = {plain(str(header)): value for header, value in values.items()}
    parts = [
        next((cells[name] for name in names if cells.get(name) not in (None, "")), None)
        for names in (_MUNICIPALITY, _SECTION, _PARCEL)
    ]
    candidates = (
        [" ".join(str(part).removesuffix(".0") for part in parts)] if None not in parts else []
    )
    candidates += [str(cells[name]) for name in _WHOLE if cells.get(name)]
    for text in candidates:
        try:
            return parse_cadastral_number(text)
        except LookupFailedError:
            continue
    return None


def parcel_at_pdok(number: CadastralNumber) -> bytes:
    """Ask PDOK for the parcel of a number; gives GeoJSON in EPSG:28992.

    Raises:
        LookupFailedError: PDOK is out of reach, or has no such parcel.
    """
    conditions = "".join(
        f"<PropertyIsEqualTo><PropertyName>{name}</PropertyName><Literal>{value}</Literal>"
        "</PropertyIsEqualTo>"
        for name, value in (
            ("AKRKadastraleGemeenteCodeWaarde", number.municipality),
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
