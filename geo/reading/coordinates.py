"""Understand a place as people write it: a pair of numbers, degrees, a link to a map, corners.

Numbers are given as they stand, x before y (or longitude before latitude); in which system they
are is reasoned later by :mod:`geo.reference_system`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote_plus

import numpy as np
import numpy.typing as npt
import shapely

from geo.reading import bounds
from geo.reading.values import coordinate, plain

# What may stand around the name of an axis without changing its meaning.
_AROUND = (
    r"(?:rdnew|rdnieuw|rijksdriehoek|amersfoort|rd|nieuw|new|wgs84|wgs|etrs89|etrs|epsg|28992|4326|"
    r"4258|coordinaten|coordinaat|coordinates|coordinate|coordinat|coords|coord|coor|co|gps|gis|"
    r"points|point|punt|geometry|geom|geo|centroide|centroid|centrum|centr|middelpunt|midden|mid|hart|"
    r"mean|zwaartepunt|center|centre|inside|shape|field|rdnap|rijksdriehoekstelsel|stelsel|ll|start|"
    r"locatie|location|loc|positie|pos|plek|plot|perceel|object|adres|address|meters|meter|m|"
    r"decimaal|decimale|decimal|dec|dms|dd|graden|gr|degrees|degree|deg|in|van|de|het|waarde|value|"
    r"as|axis|noorder|ooster|kaart|map)"
)
_X = (
    r"(?:x|longitude|longitud|lengtegraad|lengtegr|rechtswaarde|rechts|eastings|lange|lengte(?=graden)|oosterlengte|geografischelengte|long|lon|lng|"
    r"easting|oosting|oost|ol)"
)
_Y = (
    r"(?:y|latitude|latitud|breedtegraad|breedtegr|hoogwaarde|hoog|northings|breedte(?=graden)|noorderbreedte|geografischebreedte|lat|"
    r"northing|noording|noord|nb)"
)
_CORNER = r"(?:hoekpunten|hoekpunt|hoeken|hoek|corner|vertex|nummer|nr|p|c|h)"
_AXIS = {
    axis: re.compile(rf"{_AROUND}*({name}){_AROUND}*[neo]?")
    for axis, name in (("x", _X), ("y", _Y))
}
_CORNERS = {
    axis: re.compile(
        rf"(?:{_AROUND}|{_CORNER})*{name}(?:{_AROUND}|{_CORNER})*0?(\d{{1,2}})(?:{_AROUND})*|"
        rf"(?:{_AROUND}|{_CORNER})*0?(\d{{1,2}})(?:{_AROUND}|{_CORNER})*{name}(?:{_AROUND})*"
    )
    for axis, name in (("x", _X), ("y", _Y))
}
_PAIR_HEADER = re.compile(
    rf"(?:{_AROUND}|xy|yx|latlon|latlong|latlng|lonlat|lnglat|link|url|google|maps|viewer|pdok|"
    r"ligging|en|and|hoekpunten|hoeken)+"
)


def _squeezed(header: str) -> str:
    """Give a header without spaces and marks, "" when it is no name of an axis for its length."""
    squeezed = plain(header[:200]).replace(" ", "")
    # A box has other columns with an x; and what is long would take long to match.
    return "" if len(squeezed) > 48 or re.search("min|max", squeezed) else squeezed


def axis_of(header: str) -> str | None:
    """Give ``x`` or ``y`` for a header of a column with that coordinate, else None.

    >>> [axis_of(h) for h in ("POINT_X", "RDX", "Y coördinaat (RD)", "gps_lat", "Opmerking", "X1")]
    ['x', 'x', 'y', 'y', None, None]
    """
    squeezed = _squeezed(header)
    return next((axis for axis, form in _AXIS.items() if form.fullmatch(squeezed)), None)


def family_of(header: str) -> str:
    """Give what two headers of one place have in common: that which is not the axis."""
    squeezed = _squeezed(header)
    for form in _AXIS.values():
        found = form.fullmatch(squeezed)
        if found:
            return squeezed[: found.start(1)] + "*" + squeezed[found.end(1) :]
    return squeezed


def corner_of(header: str) -> tuple[str, int] | None:
    """Give the axis and number of a corner: ``X1``, ``hoek 2 y``; None when it is none.

    >>> corner_of("X1"), corner_of("hoekpunt 2 (y)"), corner_of("x")
    (('x', 1), ('y', 2), None)
    """
    squeezed = _squeezed(header)
    for axis, form in _CORNERS.items():
        found = form.fullmatch(squeezed)
        if found:
            return axis, int(found[1] or found[2])
    return None


def may_hold_pairs(header: str) -> bool:
    """Say whether a header is one of a column with two coordinates, or a link to a map."""
    squeezed = _squeezed(header)
    return bool(squeezed) and bool(_PAIR_HEADER.fullmatch(squeezed))


# --- pairs ---------------------------------------------------------------------------------------

_ANGLE = (
    r"([NSEWOZ])?\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*(?:[°º˚]\s*"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*['’′´m]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"”″s]|''|’’)?)?)?)?"
    r"\s*([NSEWOZ])?"
)
_BETWEEN = r"\s*[,;/|\s]\s*"
_DEGREES = re.compile(_ANGLE + _BETWEEN + _ANGLE, re.I)
_NUMBER = r"[+-]?\d+(?:[.,]\d+)*"
_TWO = (
    re.compile(r"([+-]?\d+(?:\.\d+)?)\s*[,;/|\s]\s*([+-]?\d+(?:\.\d+)?)"),
    re.compile(rf"({_NUMBER})\s*(?:[;/|]|,?\s)\s*({_NUMBER})"),
    re.compile(r"([+-]?\d+,\d+)\s*,\s*([+-]?\d+,\d+)"),
)
_LABEL = re.compile(
    r"\b(?:rd|wgs ?84|gps|geo|lat(?:itude)?|lon(?:g|gitude)?|lng|latlng|[xy]|n\.?b\.?|o\.?l\.?|"
    r"graden|deg(?:rees)?|breedte(?:graad)?|lengte(?:graad)?|punt|point|en|and|"
    r"co(?:o|ö)rdina(?:at|ten|tes?))\b\s*\.?\s*[:=]?|\b[xy](?=\d)",
    re.I,
)
_SIDE = re.compile(r"[NSEWOZ]", re.I)
_LINKS = tuple(
    re.compile(form, re.I)
    for form in (
        r"!3d(?P<y>-?\d+\.\d+)!4d(?P<x>-?\d+\.\d+)",
        r"[?&]sp=point\.(?P<y>-?\d+\.\d+)_(?P<x>-?\d+\.\d+)",
        r"[?&#](?:mlat|lat|latitude)=(?P<y>-?\d+\.\d+)&(?:mlon|lon|lng|long|longitude)=(?P<x>-?\d+\.\d+)",
        r"[?&#](?:mlon|lon|lng|long|longitude)=(?P<x>-?\d+\.\d+)&(?:mlat|lat|latitude)=(?P<y>-?\d+\.\d+)",
        r"[?&#](?:q|query|ll|sll|coordinate|destination|daddr|cbll|viewpoint|marker|where1|to|center|"
        r"centre)=(?:loc:|ll\.)?(?P<y>-?\d+\.\d+)\s*[,+ ]\s*(?P<x>-?\d+\.\d+)",
        r"[?&#][\w.-]*x=(?P<x>-?\d+(?:\.\d+)?)&(?:.*&)?[\w.-]*y=(?P<y>-?\d+(?:\.\d+)?)",
        r"[?&]cp=(?P<y>-?\d+\.\d+)~(?P<x>-?\d+\.\d+)",
        r"/(?:place|search|dir)/(?:[^@]*/)?(?P<y>-?\d+\.\d+)\s*,\s*(?P<x>-?\d+\.\d+)",
        r"@(?P<y>-?\d+\.\d+),(?P<x>-?\d+\.\d+)",
        r"!2d(?P<x>-?\d+\.\d+)!3d(?P<y>-?\d+\.\d+)",
        r"#map=[\d.]+/(?P<y>-?\d+\.\d+)/(?P<x>-?\d+\.\d+)",
    )
)
"""Where map sites write the place in an address: a marker before the middle of what is shown."""

_NUMBERS = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?(?:\s*[,/~_+ ]\s*-?\d+(?:\.\d+)?)+")


def pair(value: Any) -> tuple[float, float] | None:
    """Read two coordinates in one text, or those in a link to a map: x (or longitude) and y.

    Without a letter for the side of the world the order is that which can lie in the
    Netherlands; where both or none can, degrees are latitude first, as map sites write them.

    >>> pair("52.123898, 5.183500"), pair("141050 / 459540")
    ((5.1835, 52.123898), (141050.0, 459540.0))
    """
    if not isinstance(value, str) or len(value) > 2000:
        return None
    text = value.strip()
    if "://" in text or re.match(r"(?:www|maps|[a-z-]+)\.[a-z]{2,}[./]\S+", text.lower()):
        return _link(text)
    text = _LABEL.sub(" ", re.sub(r"[\"{}]+(?=\s*[:,}]|[a-z])", " ", text)).strip(" ()[]{}\t,;:")
    return _degrees(text) or _sided(text) or _two(text)


def _link(text: str) -> tuple[float, float] | None:
    address = unquote_plus(text)
    for form in _LINKS:
        found = form.search(address)
        if found and re.search(r"[xy]?(?:min|max)=?$", address[: found.start("x")], re.I) is None:
            return _in_order(float(found["x"]), float(found["y"]))
    place = re.search(r"/place/([^/@]+)", address)
    return (_degrees(place[1].strip()) if place else None) or _only_place_in(address)


def _only_place_in(address: str) -> tuple[float, float] | None:
    """Give the one place in the Netherlands that an address of a site without a known form names.

    Four numbers in a row are a box, of which the corner is not the place.
    """
    found = set()
    for run in _NUMBERS.findall(address):
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", run)]
        if len(numbers) >= 4 and any(possible(*p) or possible(*p[::-1]) for p in
                                     ((numbers[2], numbers[3]),)):  # fmt: skip
            return None
        for first, second in zip(numbers, numbers[1:], strict=False):
            exact = min(first, second) > 1000 or "." in run
            if exact and not in_kilometres(first, second):
                at = _in_order(first, second)
                found |= {at} if possible(*at) else set()
    return found.pop() if len(found) == 1 else None


def _sided(text: str) -> tuple[float, float] | None:
    """Read two angles without marks, that letters of the side or blanks and colons part."""
    sides = [found.start() for found in _SIDE.finditer(text)]
    if len(sides) == 2:
        cut = sides[1] if not text[: sides[0]].strip() else sides[0] + 1
        halves = [text[:cut], text[cut:]]
    elif not sides and text.count(":") >= 2 and len(text.split()) == 2:
        halves = text.split()
    else:
        return None
    given = [half.strip(" ,;/") for half in halves]
    first, second = (coordinate(half) for half in given)
    if first is None or second is None:
        return None
    return _by_side(first, second, *("".join(_SIDE.findall(half)).upper() for half in given))


def _by_side(first: float, second: float, one: str, other: str) -> tuple[float, float]:
    if one in ("E", "O", "W") or other in ("N", "S", "Z"):
        return first, second
    if one in ("N", "S", "Z") or other in ("E", "O", "W"):
        return second, first
    return _in_order(first, second)


def _degrees(text: str) -> tuple[float, float] | None:
    found = _DEGREES.fullmatch(text)
    if not found or not re.search(r"[°º˚NSEWOZ]", text, re.I):
        return None
    angles = []
    for start in (1, 6):
        before, degrees, minutes, seconds, after = found.groups()[start - 1 : start + 4]
        size = abs(_float(degrees)) + _float(minutes) / 60 + _float(seconds) / 3600
        side = (before or after or "").upper()
        angles.append((-size if side in ("S", "Z", "W") or degrees[0] == "-" else size, side))
    (first, one), (second, other) = angles
    return _by_side(first, second, one, other)


def _two(text: str) -> tuple[float, float] | None:
    for form in _TWO:
        found = form.fullmatch(text)
        if found:
            first, second = coordinate(found[1]), coordinate(found[2])
            if first is not None and second is not None:
                return _in_order(first, second)
    return None


def _float(text: str | None) -> float:
    return float((text or "0").replace(",", "."))


def _in_order(first: float, second: float) -> tuple[float, float]:
    """Put x before y, by what can be in the Netherlands."""
    if possible(first, second):
        return first, second
    if possible(second, first):
        return second, first
    degrees = abs(first) <= 90 and abs(second) <= 180
    return (second, first) if degrees else (first, second)


def possible(x: float, y: float) -> bool:
    """Say whether two numbers can be a place in the Netherlands: degrees, RD, or RD in km."""
    return (
        (3.0 <= x <= 7.5 and 50.5 <= y <= 54.0)
        or (-7_000 <= x <= 300_000 and 289_000 <= y <= 629_000)
        or in_kilometres(x, y)
    )


def in_kilometres(x: float, y: float) -> bool:
    """Say whether two numbers can be RD in kilometres, whichever comes first."""
    small, large = min(x, y), max(x, y)
    return 10 <= small <= 290 and 300 <= large <= 629


def shape_of_pairs(value: Any) -> shapely.Geometry | None:
    """Read a cell with one pair as a point, and one with three or more as an area.

    Pairs stand apart by a semicolon, a line or a bar.
    """
    at = pair(value)
    if at is not None:
        return shapely.Point(at)
    if not isinstance(value, str) or len(value) > bounds.MAX_TEXT:
        return None
    pieces = [piece for piece in re.split(r"[;\n|]|\)\s*,?\s*\(", value) if piece.strip()]
    points = [found for piece in pieces if (found := pair(piece)) is not None]
    if len(points) < 3 or len(points) < len(pieces):
        return None
    return area_of(points)


def area_of(points: Sequence[tuple[float, float]]) -> shapely.Polygon | None:
    """Give the area within corners in their order, None for fewer than three."""
    distinct = list(dict.fromkeys(points))
    return shapely.Polygon(distinct) if len(distinct) >= 3 else None


# --- thousands and kilometres --------------------------------------------------------------------

_THOUSANDS = re.compile(r"\s*\d{1,3}[.,]\d{3}\s*")


def scale_of(pairs: Iterable[tuple[Any, Any, tuple[float, float]]]) -> str:
    """Say whether numbers of a table are RD with points for thousands, or RD in kilometres.

    Args:
        pairs: for each row the cells as they stand and the numbers that they were read as, in
            either order.

    Returns:
        ``thousands`` when each small number is a text such as ``141.050``, ``kilometres`` when
        all numbers fit but are not written so, else an empty text.
    """
    small = large = 0
    written = True
    for first, second, numbers in pairs:
        in_thousands = [
            isinstance(cell, str) and bool(_THOUSANDS.fullmatch(cell)) for cell in (first, second)
        ]
        if in_kilometres(*numbers):
            small += 1
            written &= all(in_thousands)
        elif max(numbers) >= 10_000 and 10 <= min(numbers) < 630 and any(in_thousands):
            small += 1  # 141.050,5 beside 459.540
        else:
            large += 1
    if not small or (large and not written):
        return ""
    return "thousands" if written else "kilometres"


def in_metres(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give coordinates (n \u00d7 2) of which those below 1000 stood for thousands, in metres."""
    return np.asarray(np.where(np.abs(xy) < 1000, xy * 1000, xy))
