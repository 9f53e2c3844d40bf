"""Read lists of cadastral numbers or addresses, and look their rows up in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import shapely

from geo.cadastral import (
    LookupFailedError,
    has_parts,
    numbers_of_row,
    parse_cadastral_numbers,
    spellings_of_parcel,
)
from geo.reading.columns import column_of
from geo.reading.raw import RawLayer
from geo.reading.values import is_unknown, plain
from geo.reference_system import find_system, to_rd_from

PARCEL, ADDRESS = "parcel", "address"
_LOOKED_AT = 200  # rows by which a column is recognised

_STREET = ("straat", "straatnaam", "openbare ruimte", "openbareruimte", "openbareruimtenaam",
           "street", "adres", "address", "locatieadres", "openbare ruimte naam")  # fmt: skip
_NUMBER = ("huisnummer", "huisnr", "nummer", "nr", "house number", "huis nr", "huisno")
_LETTER = ("huisletter", "letter")
_ADDITION = ("toevoeging", "huisnummertoevoeging", "toev", "addition", "huisnr toevoeging")
_POSTCODE = ("postcode", "pc", "pc6", "postal code", "zip")
_BESIDE = re.compile(
    r"\b(?i:naast|nabij|bij(?! duurstede)|tegenover|rond|rondom|omgeving|deels|deel van|"
    r"gedeeltelijk|niet|near|next to|behind|opposite|between|part of|t/m)\b|"
    r"\b(?:achter|voor|hoek|langs|tussen)\b|"  # with a capital it is the name of a street
    r"\b(?i:t\.o\.|ged\.|ong\.)|\((?i:deel|achter|naast)\)"
)
_PLACE = ("plaats", "woonplaats", "woonplaatsnaam", "plaatsnaam", "dorp", "stad", "kern", "city",
          "town", "gemeente", "gemeentenaam")  # fmt: skip


def names_places(headers: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a table names places by cadastral number or by address."""
    columns = {header: column_of(header) or "" for header in headers}
    columns |= by_content(headers, rows)
    return any(wanted_of_row(row, columns) for row in rows[:_LOOKED_AT])


def by_content(headers: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Find a column of cadastral numbers or addresses of which the header does not tell.

    Returns:
        The header with ``cadastral_number`` or ``address``; nothing when there is none.
    """
    means = {column_of(header) for header in headers}
    for column, is_one in (("cadastral_number", _is_number), ("address", _is_full_address)):
        for header in headers if column not in means and not has_parts(headers) else ():
            if column_of(header):
                continue
            cells = [row[header] for row in rows[:_LOOKED_AT] if not is_unknown(row.get(header))]
            hits = sum(is_one(str(cell)) for cell in cells)
            if hits and hits >= 0.8 * len(cells):
                return {header: column}
    return {}


def is_row_of_list(cells: Sequence[Any]) -> bool:
    """Say whether a row that might be one of headers is itself one of a list."""
    texts = [str(cell) for cell in cells if not is_unknown(cell)]
    return any(_is_number(text) or _is_full_address(text) for text in texts)


def _is_number(text: str) -> bool:
    try:
        return all(number.has_code for number in parse_cadastral_numbers(text))
    except LookupFailedError:
        return False


def _is_full_address(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]{3}.*\d.*\b\d{4}\s?[A-Z]{2}\b", text))


def wanted_of_row(values: Mapping[str, Any], columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give what names the place of a row: kind and plain form, parcels before an address.

    Args:
        values: cells by header.
        columns: column of a plot by header, as they were matched.
    """
    known = dict(values)
    name = ""
    for header, column in columns.items():
        if is_unknown(values.get(header)):
            continue
        if column == "cadastral_number":
            known["kadastraal nummer"] = values[header]
        elif column == "address":
            known["adres"] = values[header]
        elif column == "name":
            name = str(values[header])
    numbers = numbers_of_row(known)
    if not numbers and _is_number(name):
        numbers = parse_cadastral_numbers(name)
    if numbers:
        return [(PARCEL, str(number)) for number in numbers]
    address = address_of(known) or (name if _is_full_address(name) else "")
    return [(ADDRESS, address)] if address and not is_beside(address) else []


def beside_of_row(values: Mapping[str, Any]) -> str:
    """Give what a row says of a place that is not itself a parcel or address, "" for nothing."""
    texts = [str(value) for value in values.values() if isinstance(value, str)]
    return next((text for text in texts if is_beside(text) and re.search(r"\d", text)), "")


def is_beside(text: str) -> bool:
    """Say whether a text names a place beside, around or as a part of a parcel or address.

    >>> is_beside("naast Dorpsstraat 1, De Bilt"), is_beside("Dorpsstraat 1, De Bilt")
    (True, False)
    """
    return bool(_BESIDE.search(text))


def address_of(values: Mapping[str, Any]) -> str:
    """Give the address of a row in one line, "" when it has none with a house number.

    >>> address_of({"Straat": "Dorpsstraat", "Nr": 1, "Postcode": "3731 AA", "Plaats": "De Bilt"})
    'Dorpsstraat 1, 3731 AA De Bilt'
    """
    cells = {plain(str(header)): value for header, value in values.items()}

    def first(names: Sequence[str]) -> str:
        found = next((cells[n] for n in names if not is_unknown(cells.get(n))), "")
        return " ".join(str(found).removesuffix(".0").split())[:120]

    street, place = first(_STREET), first(_PLACE)
    post = first(_POSTCODE).upper()
    number = first(_NUMBER) + first(_LETTER)
    addition = first(_ADDITION)
    if number and not re.search(r"\d", street):
        street = f"{street} {number}" + (f"-{addition}" if addition else "")
    if number and post and not first(_STREET):
        return f"{post} {street.strip()}"
    if not re.search(r"[A-Za-z].*\d|\d.*[A-Za-z]", f"{street}{post}") or not street.strip():
        return ""
    tail = " ".join(part for part in (post, place) if part)
    return f"{street.strip()}, {tail}" if tail else street.strip()


def address_keys(address: str) -> set[str]:
    """Give by what an address is recognised: postcode and number, or street, number and place.

    >>> sorted(address_keys("Dorpsstraat 1-A, 3731 AA De Bilt"))
    ['3731AA 1a', 'dorpsstraat 1a de bilt']
    """
    post = re.search(r"\b(\d{4})\s?([A-Z]{2})\b", address.upper())
    bare = re.sub(r"\b\d{4}\s?[A-Za-z]{2}\b", "", address)
    before, _, after = bare.partition(",")
    found = re.match(r"(.+?)\s+(\d{1,5}\s*-?\s*[A-Za-z0-9]{0,4})\s*$", before)
    if found is None:  # nothing parts the house number from the place
        found = re.match(r"(.+?)\s+(\d{1,5}(?:\s?-?[A-Za-z]\b)?(?:-\w{1,4})?)\s+(\D*)$", before)
        after = f"{found[3]} {after}" if found else after
    alone = re.fullmatch(r"\s*(\d{1,5}\s*-?\s*[A-Za-z0-9]{0,4})\s*", before)
    if found is None and post and alone:
        return {f"{post[1]}{post[2]} {re.sub(r'[^0-9a-z]', '', alone[1].lower())}"}
    if found is None or is_beside(before):
        return set()
    number = re.sub(r"[\s-]", "", found[2]).lower()
    name, place = plain(found[1]), plain(after)
    keys = {f"{post[1]}{post[2]} {number}"} if post else set()
    if place:
        keys.add(f"{name} {number} {place}")
    return keys


def look_up(layers: Sequence[RawLayer], wanted: Sequence[str]) -> dict[str, str]:
    """Find shapes in a file of parcels or addresses.

    Args:
        layers: of the file.
        wanted: ``<kind>:<key>`` of :class:`geo.reading.result.Wanted`.

    Returns:
        For each that is there its shape in EPSG:28992 (WKB, hexadecimal), areas before points.
    """
    by_key: dict[str, list[str]] = {}
    for one in wanted:
        kind, _, key = one.partition(":")
        for form in {plain(key)} if kind == PARCEL else address_keys(key):
            by_key.setdefault(f"{kind}:{form}", []).append(one)
    found: dict[str, shapely.Geometry] = {}
    for layer in layers:
        hits: list[tuple[str, shapely.Geometry]] = []
        for row in layer.rows:
            if row.geometry is None:
                continue
            forms = {f"{PARCEL}:{plain(str(n))}" for n in spellings_of_parcel(row.values)}
            forms |= {f"{ADDRESS}:{key}" for key in address_keys(address_of(row.values))}
            hits += [(one, row.geometry) for form in forms for one in by_key.get(form, ())]
        for (one, _), shape in zip(hits, _in_rd(layer, [s for _, s in hits]), strict=True):
            before = found.get(one)
            if before is None or shapely.get_dimensions(shape) > shapely.get_dimensions(before):
                found[one] = shape
    return {one: shapely.to_wkb(shape, hex=True) for one, shape in found.items()}


def _in_rd(layer: RawLayer, shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    if not shapes:
        return []
    every = [row.geometry for row in layer.rows if row.geometry is not None]
    system = find_system(every, layer.crs, layer.crs_evidence).code
    return list(to_rd_from(gpd.GeoSeries(shapes), system).to_numpy())
