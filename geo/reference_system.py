"""Reason in which reference system coordinates are, and say why.

A file may declare its system, wrongly or not at all. What it declares goes first; when the plots
then lie outside the Netherlands while another system puts them in the province, the user is asked.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geo.crs import RD, WGS84, to_rd
from geo.errors import CrsError
from geo.layers import province
from messages import Message

NEAR_M = 5_000.0
"""Plots this near to the province may still be meant; a choice of the team."""

NETHERLANDS_RD = (-7_000.0, 289_000.0, 300_000.0, 629_000.0)
"""West, south, east, north of the area for which RD New is meant (EPSG:28992), metres."""

_NETHERLANDS_DEGREES = (3.2, 50.7, 7.3, 53.6)
"""The same in degrees, roughly: west, south, east, north."""

CANDIDATES: tuple[str, ...] = (
    "EPSG:28992",
    "EPSG:4326",
    "EPSG:25831",
    "EPSG:25832",
    "EPSG:3857",
)
"""Systems that Dutch files come in, likeliest first. ETRS89 and WGS84 are taken as one."""

SWAPPED = "+swapped"


@dataclass(frozen=True)
class SystemFinding:
    """Which system is used, with the evidence.

    Attributes:
        code: as ``EPSG:28992``, with ``+swapped`` when x and y were changed round.
        declared: what the file declares, if anything.
        certain: whether no choice is needed.
        evidence: why, line by line.
        candidates: other systems in which the plots would lie in or near the province.
    """

    code: str
    declared: str | None
    certain: bool
    evidence: tuple[Message, ...]
    candidates: tuple[str, ...]


def find_system(
    geometries: Sequence[shapely.Geometry],
    declared: str | None,
    declared_evidence: Message | None = None,
    *,
    assumed: str | None = None,
) -> SystemFinding:
    """Find the reference system of geometries.

    Args:
        geometries: as they stand in the file.
        declared: the system that the file declares.
        declared_evidence: where it does.
        assumed: the system that holds for this kind of file when it says nothing (GeoJSON: WGS84).
    """
    evidence: tuple[Message, ...]
    if declared is not None and not _known(declared):
        declared = None
    if declared is not None and is_rd(declared):
        declared = RD
    points = _sample(geometries)
    if len(points) == 0:
        return SystemFinding(declared or assumed or RD, declared, True, (), ())
    west, south = np.nanmin(points, axis=0)
    east, north = np.nanmax(points, axis=0)
    ranges = Message(
        "read.crs.ranges",
        {"x1": _round(west), "x2": _round(east), "y1": _round(south), "y2": _round(north)},
    )
    inside = {code: _share_near(points, code) for code in _all_candidates()}
    fitting = tuple(code for code, share in inside.items() if share >= 0.5)
    if declared is not None and _impossible(points, declared):
        # Degrees cannot be this large: what the file declares is wrong, and is told so.
        evidence = (
            ranges,
            Message("read.crs.declared_elsewhere", {"name": system_name(declared)}),
            *(Message("read.crs.fits", {"name": system_name(code)}) for code in fitting),
        )
        code = fitting[0] if fitting else RD
        return SystemFinding(code, declared, len(fitting) == 1, evidence, fitting)
    first = declared or assumed
    if first is not None:
        said = declared_evidence or Message("read.crs.assumed", {"name": system_name(first)})
        here = inside.get(_plain_code(first), _share_near(points, first))
        swapped = f"{WGS84}{SWAPPED}"
        if not fitting and here == 0 and _only_swapped_is_dutch(points, first):
            # Latitude stands before longitude, as the register of ETRS89 and WGS84 has it.
            evidence = (said, ranges, Message("read.crs.fits", {"name": system_name(swapped)}))
            return SystemFinding(swapped, declared, False, evidence, (swapped, first))
        if here > 0 or (not fitting and (declared or _possible(points, first))):
            # Without a known shift of its datum the plots may land a hundred metres off.
            certain = not (declared and _shift_unknown(declared))
            return SystemFinding(first, declared, certain, (said, ranges), fitting)
        if fitting:
            evidence = (
                said,
                ranges,
                Message("read.crs.declared_elsewhere", {"name": system_name(first)}),
                Message("read.crs.fits", {"name": system_name(fitting[0])}),
            )
            # An assumption gives way to plain evidence; a declaration only when the user says so.
            certain = declared is None and len(fitting) == 1
            code = fitting[0] if declared is None else first
            return SystemFinding(code, declared, certain, evidence, fitting)
    if len(fitting) == 1:
        evidence = (ranges, Message("read.crs.fits", {"name": system_name(fitting[0])}))
        return SystemFinding(fitting[0], declared, True, evidence, fitting)
    if fitting:
        evidence = (ranges, Message("read.crs.several", {"count": len(fitting)}))
        return SystemFinding(fitting[0], declared, False, evidence, fitting)
    guess = next((code for code in CANDIDATES if _possible(points, code)), RD)
    evidence = (ranges, Message("read.crs.none_fits", {"name": system_name(guess)}))
    return SystemFinding(guess, declared, False, evidence, ())


_RD_PARAMETERS: dict[str, tuple[float, float]] = {
    "Latitude of natural origin": (52.156160556, 1e-6),
    "Longitude of natural origin": (5.387638889, 1e-6),
    "Scale factor at natural origin": (0.9999079, 1e-8),
    "False easting": (155_000.0, 0.01),
    "False northing": (463_000.0, 0.01),
}
"""Parameters of RD New, and how far a file may write each otherwise (EPSG, projection 19914)."""

_BESSEL_1841 = ((6_377_397.155, 0.01), (299.1528128, 1e-4))
_WGS84_OR_GRS80 = ((6_378_137.0, 1.0), (298.2572, 0.001))


@functools.cache
def is_rd(code: str) -> bool:
    """Say whether a system is RD New by its parameters, whatever it or its datum is called.

    Programs write RD without the name or the shift of its datum; PROJ then takes the datum for an
    unknown one and the plots land about 113 m off. The projection with these parameters on the
    ellipsoid of Bessel (1841) is no other system than RD; on that of WGS84 or GRS80 it is none that
    exists, but what a program writes that knows no datum of the Netherlands (MapInfo).
    """
    try:
        system = pyproj.CRS.from_user_input(code)
    except pyproj.exceptions.CRSError:
        return False
    operation, ellipsoid = system.coordinate_operation, system.ellipsoid
    if operation is None or ellipsoid is None or not system.is_projected:
        return False
    if "stereographic" not in operation.method_name.lower().replace("_", " "):
        return False
    sizes = (ellipsoid.semi_major_metre, ellipsoid.inverse_flattening)
    if not any(
        all(abs(v - w) <= t for v, (w, t) in zip(sizes, known, strict=True))
        for known in (_BESSEL_1841, _WGS84_OR_GRS80)
    ):
        return False
    found = {parameter.name: float(parameter.value) for parameter in operation.params}
    metres = all(abs(float(axis.unit_conversion_factor) - 1) < 1e-9 for axis in system.axis_info)
    return metres and all(
        abs(found.get(name, float("inf")) - value) <= tolerance
        for name, (value, tolerance) in _RD_PARAMETERS.items()
    )


@functools.cache
def _shift_unknown(code: str) -> bool:
    """Say whether PROJ can only guess how the datum of a system lies to that of RD."""
    base = code.removesuffix(SWAPPED)
    try:
        group = pyproj.transformer.TransformerGroup(base, RD, always_xy=True)
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError):
        return True
    if not group.transformers:
        return True
    return "ballpark" in group.transformers[0].description.lower()


def _impossible(points: npt.NDArray[np.float64], code: str) -> bool:
    """Say whether coordinates cannot be degrees where a system of degrees is declared."""
    try:
        system = pyproj.CRS.from_user_input(code.removesuffix(SWAPPED))
    except pyproj.exceptions.CRSError:
        return False
    return bool(system.is_geographic and np.nanmax(np.abs(points)) > 400)


def system_name(code: str) -> Message | str:
    """Give the name of a system as a user knows it."""
    base = code.removesuffix(SWAPPED)
    plain = _plain_code(base)
    key = {
        "EPSG:28992": "read.system.rd",
        "EPSG:4326": "read.system.wgs84",
        "EPSG:25831": "read.system.utm31",
        "EPSG:25832": "read.system.utm32",
        "EPSG:3857": "read.system.mercator",
    }.get(plain)
    name: Message | str = Message(key) if key else _described(base)
    return Message("read.system.swapped", {"name": name}) if code.endswith(SWAPPED) else name


def to_rd_from(geometries: gpd.GeoSeries, code: str) -> gpd.GeoSeries:
    """Bring geometries of a system of :class:`SystemFinding` to EPSG:28992.

    Raises:
        CrsError: the system is not known to PROJ or cannot be brought to RD.
    """
    if code.endswith(SWAPPED):
        geometries = gpd.GeoSeries(
            shapely.transform(geometries.to_numpy(), lambda at: at[:, ::-1]),
            index=geometries.index,
        )
    base = code.removesuffix(SWAPPED)
    try:
        return to_rd(geometries.set_crs(base, allow_override=True))
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError, ValueError) as problem:
        if isinstance(problem, CrsError):
            raise
        raise CrsError(Message("read.crs.not_usable", {"name": _described(base)})) from problem


@functools.cache
def near_province() -> shapely.Polygon | shapely.MultiPolygon:
    """Give the province with ``NEAR_M`` around it (EPSG:28992), simplified to 50 m."""
    area = shapely.simplify(shapely.buffer(province(), NEAR_M), 50)
    shapely.prepare(area)
    return area


def _known(code: str) -> bool:
    try:
        pyproj.CRS.from_user_input(code)
    except pyproj.exceptions.CRSError:
        return False
    return True


def _all_candidates() -> tuple[str, ...]:
    return (*CANDIDATES, *(code + SWAPPED for code in CANDIDATES))


def _described(code: str) -> str:
    try:
        found = pyproj.CRS.from_user_input(code)
    except pyproj.exceptions.CRSError:
        return code[:60]
    authority = found.to_authority(min_confidence=70)
    return f"{found.name} ({':'.join(authority)})" if authority else str(found.name)


def _plain_code(code: str) -> str:
    """Give one code for the systems that are one here (WGS84 and ETRS89, UTM of either)."""
    base = code.removesuffix(SWAPPED)
    try:
        authority = pyproj.CRS.from_user_input(base).to_authority(min_confidence=70)
    except pyproj.exceptions.CRSError:
        return code
    plain = ":".join(authority) if authority else base
    same = {
        "OGC:CRS84": WGS84,
        "EPSG:4258": WGS84,
        "EPSG:4979": WGS84,
        "EPSG:7415": "EPSG:28992",
        "EPSG:32631": "EPSG:25831",
        "EPSG:32632": "EPSG:25832",
        "EPSG:900913": "EPSG:3857",
    }.get(plain, plain)
    return same + (SWAPPED if code.endswith(SWAPPED) else "")


def _sample(geometries: Sequence[shapely.Geometry], at_most: int = 2000) -> npt.NDArray[np.float64]:
    shapes = np.asarray([g for g in geometries if g is not None], dtype=object)
    if len(shapes) == 0:
        return np.empty((0, 2))
    step = max(1, len(shapes) // at_most)
    bounds = shapely.bounds(shapes[::step])
    middle = np.column_stack([bounds[:, 0] + bounds[:, 2], bounds[:, 1] + bounds[:, 3]]) / 2
    return np.asarray(middle[np.isfinite(middle).all(axis=1)])


def _in_rd(points: npt.NDArray[np.float64], code: str) -> npt.NDArray[np.float64] | None:
    try:
        placed = to_rd_from(gpd.GeoSeries(shapely.points(points)), code)
    except CrsError:
        return None
    return np.asarray(shapely.get_coordinates(placed.to_numpy()))


def _share_near(points: npt.NDArray[np.float64], code: str) -> float:
    if not _possible(points, code):
        return 0.0
    placed = _in_rd(points, code)
    if placed is None or len(placed) == 0:
        return 0.0
    return float(shapely.contains_xy(near_province(), placed).sum()) / len(points)


def _only_swapped_is_dutch(points: npt.NDArray[np.float64], code: str) -> bool:
    """Say whether degrees lie in the Netherlands only when they change places."""
    try:
        degrees = pyproj.CRS.from_user_input(code.removesuffix(SWAPPED)).is_geographic
    except pyproj.exceptions.CRSError:
        return False
    if not degrees or code.endswith(SWAPPED):
        return False
    west, south, east, north = _NETHERLANDS_DEGREES

    def dutch(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> bool:
        return bool(((x > west) & (x < east) & (y > south) & (y < north)).all())

    return not dutch(points[:, 0], points[:, 1]) and dutch(points[:, 1], points[:, 0])


def _possible(points: npt.NDArray[np.float64], code: str) -> bool:
    """Say whether numbers can be coordinates of a system at all."""
    x, y = (points[:, 1], points[:, 0]) if code.endswith(SWAPPED) else (points[:, 0], points[:, 1])
    if _plain_code(code.removesuffix(SWAPPED)) == WGS84:
        return bool((np.abs(x) <= 180).all() and (np.abs(y) <= 90).all())
    if code.removesuffix(SWAPPED) in CANDIDATES:
        return bool((np.abs(x) > 180).any() or (np.abs(y) > 180).any())
    return True


def _round(value: float) -> str:
    return f"{value:.4f}" if abs(value) <= 180 else f"{value:.0f}"
