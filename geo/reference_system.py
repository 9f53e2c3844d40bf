"""Reason in which reference system coordinates are, and say why.

A file may declare its system, wrongly or not at all. What it declares goes first; when the plots
then lie outside the Netherlands while another system puts them in the province, the user is asked.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
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

CANDIDATES: tuple[str, ...] = (
    "EPSG:28992",
    "EPSG:4326",
    "EPSG:25831",
    "EPSG:25832",
    "EPSG:3857",
)
"""Systems that Dutch files come in, likeliest first. ETRS89 and WGS84 are taken as one."""

SWAPPED = "+swapped"
KILOMETRES = "+km"


@dataclass(frozen=True)
class SystemFinding:
    """Which system is used, with the evidence.

    Attributes:
        code: as ``EPSG:28992``, with ``+swapped`` when x and y were changed round, or ``+km`` when
            they are in kilometres, which is only ever offered.
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
    case = _Case(points, declared, ranges, inside, fitting)
    if declared is not None and _impossible(points, declared):
        return _wrongly_in_degrees(case, declared)
    first = declared or assumed
    if first is not None:
        said = declared_evidence or Message("read.crs.assumed", {"name": system_name(first)})
        found = _by_what_is_said(case, first, said)
        if found is not None:
            return found
    return _by_numbers(case)


@dataclass(frozen=True)
class _Case:
    """What is seen of points (n x 2): by code what share of them is near the province."""

    points: npt.NDArray[np.float64]
    declared: str | None
    ranges: Message
    inside: Mapping[str, float]
    fitting: tuple[str, ...]


def _fits(code: str) -> Message:
    return Message("read.crs.fits", {"name": system_name(code)})


def _elsewhere(code: str) -> Message:
    return Message("read.crs.declared_elsewhere", {"name": system_name(code)})


def _wrongly_in_degrees(case: _Case, declared: str) -> SystemFinding:
    """Degrees cannot be this large: what the file declares is wrong, and is told so."""
    evidence: tuple[Message, ...] = (case.ranges, _elsewhere(declared), *map(_fits, case.fitting))
    plain = [code for code in case.fitting if KILOMETRES not in code]
    code = plain[0] if plain else RD
    return SystemFinding(code, declared, case.fitting == (code,), evidence, case.fitting)


def _by_what_is_said(case: _Case, first: str, said: Message) -> SystemFinding | None:
    """Take the system that is declared or assumed, unless the plots then lie elsewhere."""
    here = case.inside.get(_plain_code(first), _share_near(case.points, first))
    if not case.fitting and here == 0:
        other = _dutch_otherwise(case.points, first)
        if other is not None:
            # Latitude before longitude, as the register of ETRS89 and WGS84 has it; or y before x.
            evidence: tuple[Message, ...] = (said, case.ranges, _fits(other))
            return SystemFinding(other, case.declared, False, evidence, (other, first))
    if here > 0 or (not case.fitting and (case.declared or _possible(case.points, first))):
        # Without a known shift of its datum the plots may land a hundred metres off.
        certain = not (case.declared and (_shift_unknown(first) or _nearly_rd(first)))
        code = RD if case.declared and _nearly_rd(first) else first
        return SystemFinding(code, case.declared, certain, (said, case.ranges), case.fitting)
    if case.fitting:
        evidence = (said, case.ranges, _elsewhere(first), _fits(case.fitting[0]))
        # An assumption gives way to plain evidence; a declaration only when the user says so.
        certain = case.declared is None and len(case.fitting) == 1
        if case.declared is not None or KILOMETRES in case.fitting[0]:
            return SystemFinding(first, case.declared, False, evidence, case.fitting)
        return SystemFinding(case.fitting[0], None, certain, evidence, case.fitting)
    return None


def _by_numbers(case: _Case) -> SystemFinding:
    """Take the system in which the numbers can be plots of the province, or else of the country."""
    fitting = case.fitting
    if fitting and KILOMETRES not in fitting[0]:
        evidence = (case.ranges, _fits(fitting[0]))
        if len(fitting) > 1:
            evidence = (case.ranges, Message("read.crs.several", {"count": len(fitting)}))
        return SystemFinding(fitting[0], case.declared, len(fitting) == 1, evidence, fitting)
    dutch = tuple(code for code in _all_candidates() if _is_dutch(case.points, code))
    known = [code for code in dutch if KILOMETRES not in code]
    guess = next((code for code in CANDIDATES if _possible(case.points, code)), RD)
    code = known[0] if known else guess
    evidence = (case.ranges, Message("read.crs.none_fits", {"name": system_name(code)}))
    return SystemFinding(code, case.declared, False, (*evidence, *map(_fits, dutch)), dutch)


_RD_PARAMETERS: dict[str, tuple[float, float]] = {
    "Latitude of natural origin": (52.156160556, 1e-4),
    "Longitude of natural origin": (5.387638889, 1e-4),
    "Scale factor at natural origin": (0.9999079, 1e-6),
    "False easting": (155_000.0, 0.01),
    "False northing": (463_000.0, 0.01),
}
"""Parameters of RD New, and how far a file may write each otherwise (EPSG, projection 19914)."""

_BESSEL_1841 = ((6_377_397.155, 1.0), (299.1528128, 0.01))
_WGS84_OR_GRS80 = ((6_378_137.0, 1.0), (298.2572, 0.001))


@functools.cache
def is_rd(code: str) -> bool:
    """Say whether a system is RD New by its parameters, whatever it or its datum is called.

    Programs write RD without the name or the shift of its datum; PROJ then takes the datum for an
    unknown one and the plots land about 113 m off. The projection with these parameters on the
    ellipsoid of Bessel (1841) is no other system than RD; on that of WGS84 or GRS80 it is none that
    exists, but what a program writes that knows no datum of the Netherlands (MapInfo).
    """
    system = _projected(code)
    if system is None or system.ellipsoid is None:
        return False
    ellipsoid = system.ellipsoid
    sizes = (ellipsoid.semi_major_metre, ellipsoid.inverse_flattening)
    if not any(
        all(abs(v - w) <= t for v, (w, t) in zip(sizes, known, strict=True))
        for known in (_BESSEL_1841, _WGS84_OR_GRS80)
    ):
        return False
    found = _parameters(system)
    metres = all(abs(float(axis.unit_conversion_factor) - 1) < 1e-9 for axis in system.axis_info)
    return metres and all(
        abs(found.get(name, float("inf")) - value) <= tolerance
        for name, (value, tolerance) in _RD_PARAMETERS.items()
    )


def _projected(code: str) -> pyproj.CRS | None:
    """Give a stereographic projection, without the shift that a file may add to it."""
    try:
        system = pyproj.CRS.from_user_input(code.removesuffix(SWAPPED))
    except pyproj.exceptions.CRSError:
        return None
    if system.is_bound and system.source_crs is not None:
        system = system.source_crs
    operation = system.coordinate_operation
    if operation is None or not system.is_projected:
        return None
    return system if "stereographic" in operation.method_name.lower().replace("_", " ") else None


def _parameters(system: pyproj.CRS) -> dict[str, float]:
    operation = system.coordinate_operation
    given = operation.params if operation is not None else []
    return {parameter.name: float(parameter.value) for parameter in given}


@functools.cache
def _nearly_rd(code: str) -> bool:
    """Say whether a system has the origin of RD and is not RD: perhaps RD written wrongly."""
    system = _projected(code)
    if system is None or is_rd(code):
        return False
    found = _parameters(system)
    return all(
        abs(found.get(name, float("inf")) - _RD_PARAMETERS[name][0]) <= 0.5
        for name in _RD_PARAMETERS
        if not name.startswith("Scale")
    )


@functools.cache
def _shift_unknown(code: str) -> bool:
    """Say whether PROJ can only guess how the datum of a system lies to that of RD."""
    base = code.removesuffix(SWAPPED)
    if _empty_shift(base):
        return True
    try:
        group = pyproj.transformer.TransformerGroup(base, RD, always_xy=True)
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError, IndexError):
        return True
    if not group.transformers:
        return True
    return "ballpark" in group.transformers[0].description.lower()


def _empty_shift(code: str) -> bool:
    """Say whether a file gives a shift of nothing for an ellipsoid that WGS84 does not have."""
    try:
        system = pyproj.CRS.from_user_input(code)
    except pyproj.exceptions.CRSError:
        return False
    if not system.is_bound or system.coordinate_operation is None or system.ellipsoid is None:
        return False
    size, known = system.ellipsoid.semi_major_metre, _WGS84_OR_GRS80[0]
    nothing = not any(float(p.value) for p in system.coordinate_operation.params)
    return nothing and abs(size - known[0]) > known[1]


def _impossible(points: npt.NDArray[np.float64], code: str) -> bool:
    """Say whether coordinates cannot be degrees where a system of degrees is declared."""
    try:
        system = pyproj.CRS.from_user_input(code.removesuffix(SWAPPED))
    except pyproj.exceptions.CRSError:
        return False
    return bool(system.is_geographic and np.nanmax(np.abs(points)) > 400)


def system_name(code: str) -> Message | str:
    """Give the name of a system as a user knows it."""
    base = code.removesuffix(SWAPPED).removesuffix(KILOMETRES)
    plain = _plain_code(base)
    key = {
        "EPSG:28992": "read.system.rd",
        "EPSG:4326": "read.system.wgs84",
        "EPSG:25831": "read.system.utm31",
        "EPSG:25832": "read.system.utm32",
        "EPSG:3857": "read.system.mercator",
    }.get(plain)
    name: Message | str = Message(key) if key else _described(base)
    if KILOMETRES in code:
        name = Message("read.system.kilometres", {"name": name})
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
    if base.endswith(KILOMETRES):
        base = base.removesuffix(KILOMETRES)
        geometries = gpd.GeoSeries(
            shapely.transform(geometries.to_numpy(), lambda at: at * 1000), index=geometries.index
        )
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
    return (*CANDIDATES, *(code + SWAPPED for code in CANDIDATES), RD + KILOMETRES)


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
    if base.endswith(KILOMETRES):
        return code
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


def in_the_netherlands(points: npt.NDArray[np.float64], code: str) -> npt.NDArray[np.bool_]:
    """Say of points (n \u00d7 2) in a system which lie in the box of the Netherlands."""
    if not _possible(points, code):
        return np.zeros(len(points), dtype=bool)
    placed = _in_rd(points, code)
    if placed is None or len(placed) != len(points):
        return np.zeros(len(points), dtype=bool)
    west, south, east, north = NETHERLANDS_RD
    x, y = placed[:, 0], placed[:, 1]
    return np.asarray((x > west) & (x < east) & (y > south) & (y < north))


def _is_dutch(points: npt.NDArray[np.float64], code: str) -> bool:
    return bool(in_the_netherlands(points, code).all())


def _dutch_otherwise(points: npt.NDArray[np.float64], code: str) -> str | None:
    """Give the same system with x and y swapped when only so all points lie in the Netherlands."""
    swapped = code + SWAPPED
    if code.endswith(SWAPPED) or _is_dutch(points, code):
        return None
    return swapped if _is_dutch(points, swapped) else None


def other_system_of(point: npt.NDArray[np.float64], code: str) -> str | None:
    """Give another system that puts a point (1 \u00d7 2) in or near the province, None for none."""
    others = (code + SWAPPED, *_all_candidates())
    return next((one for one in others if one != code and _share_near(point, one) > 0), None)


def _possible(points: npt.NDArray[np.float64], code: str) -> bool:
    """Say whether numbers can be coordinates of a system at all."""
    x, y = (points[:, 1], points[:, 0]) if code.endswith(SWAPPED) else (points[:, 0], points[:, 1])
    if KILOMETRES in code:
        return bool(((x > 0) & (x < 300) & (y > 289) & (y < 629)).all())
    if _plain_code(code.removesuffix(SWAPPED)) == WGS84:
        return bool((np.abs(x) <= 180).all() and (np.abs(y) <= 90).all())
    if code.removesuffix(SWAPPED) in CANDIDATES:
        return bool((np.abs(x) > 180).any() or (np.abs(y) > 180).any())
    return True


def _round(value: float) -> str:
    return f"{value:.4f}" if abs(value) <= 180 else f"{value:.0f}"
