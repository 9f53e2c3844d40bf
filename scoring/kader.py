"""Read the kader of each kind of reception: criteria, value functions, weights and limits.

The packaged kaders stand in one file, ``criteria.toml``, in which kinds share what they have in
common. A single kader is written out in full by :func:`kader_to_text`; that text is what is fixed,
hashed and kept, so that a decision can be read again without the rest of the file.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from data.plot_schema import BY_KEY
from data.vocabulary import CriterionGroup, Hindrance, LimitOutcome, ReceptionKind
from messages import Message
from scoring.errors import CriteriaError
from scoring.points import checked_points, is_points
from scoring.value_functions import ValueFunction

PACKAGED = Path(__file__).with_name("criteria.toml")
FORMER: Mapping[str, Path] = {
    "2026-1": Path(__file__).with_name("criteria_2026_1.toml"),
    "2026-2": Path(__file__).with_name("criteria_2026_2.toml"),
    "2026-3": Path(__file__).with_name("criteria_2026_3.toml"),
}
"""Packaged kaders of earlier versions, by version: they stay readable and keep their ranking."""
TEAM_CHOICE = "keuze van het team"

PARAMETERS: tuple[str, ...] = (
    "gfa_floor_m2",
    "land_floor_m2",
    "gfa_m2_per_place",
    "land_m2_per_place",
)
"""What every kind states: the floors and the room that a place takes."""

INDICATORS: tuple[str, ...] = (
    "size_to_floor",
    "capacity",
    "plot_area",
    "largest_circle",
    "compactness",
    "station",
    "bus_hub",
    "hospital",
    "isk",
    "azc_near",
    "grid",
    "inhabitants",
    "load_1km",
    "load_3km",
    "remaining_task",
    "term",
    "mixed_living",
    "intercity",
    "supermarket",
    "general_practitioner",
    "primary_school",
    "secondary_school",
    "first_day",
    "existing_building",
    "public_owner",
    "zoning_fits",
    "cost_per_place",
)
"""What :mod:`scoring.indicators` can measure; a criterion is named after its indicator, or names
one of these in ``indicator``."""

NEAREST = "nearest:"
"""Before the name of a kind of facility: the distance to the nearest one of any loaded layer, as in
``indicator = "nearest:supermarket"``."""

OVERLAP = "overlap:"
"""Before the name of a loaded layer of areas: the share of the plot that lies in it."""

_OF_LAYER = re.compile(rf"(?:{NEAREST}|{OVERLAP})([a-z][a-z0-9_]{{0,39}})")


def layer_kind(measure: str | None) -> str | None:
    """Give the kind of the loaded layer that an indicator or a limit measures; None for none.

    >>> layer_kind("nearest:supermarket"), layer_kind("station")
    ('supermarket', None)
    """
    found = _OF_LAYER.fullmatch(measure or "")
    return found.group(1) if found else None


LIMITS: tuple[str, ...] = (
    "term_short",
    "natura2000",
    "nnn",
    "zoning",
    "grid_none",
    "not_durable",
    "term_over",
)
"""What :mod:`scoring.limits` can check."""

UNITS: tuple[str, ...] = (
    "share",
    "places",
    "m2",
    "m",
    "ratio",
    "grid",
    "persons",
    "places_per_1000",
    "years",
    "yes_no",
    "months",
    "percent",
    "euro_per_place",
)

WHO = ("owner", "municipality", "province", "grid_operator", "school_boards")
"""Who can answer a question or lift a limit (texts: ``scoring.who.*``)."""

METHODS = (1, 2, 3)
"""Ways of measuring. What a way measures never changes, so that a kader keeps its own ranking: a
better measure is a new way, for new kaders. Way 1 takes known points for certain, people by
postcode area and one share of the unknown for a whole plot; way 2 (November 2026) takes the
precision, the doubt and the coverage of layers, people by neighbourhood, terms from the day on,
nature by its official outlines, and unknowns that fall apart from each other. Way 3 (also November
2026) measures as way 2, but takes the room that a place needs as one unknown for all plots, and
people beyond the province as no more than can live in what lies beyond it within reach, and a plot
of which a floor is told as one with a building."""


@dataclass(frozen=True)
class Criterion:
    """One criterion of a kader. ``weight`` is in points; only ratios matter."""

    key: str
    group: CriterionGroup
    indicator: str
    unit: str
    value_function: ValueFunction
    weight: float
    source: str
    source_url: str | None = None

    @property
    def higher_is_better(self) -> bool:
        """Whether more of it is better."""
        return self.value_function.higher_is_better


@dataclass(frozen=True)
class Limit:
    """A limit of a kader and where its rule comes from.

    ``who`` has to act to lift it (one of :data:`WHO`); ``months`` is how long that took in a
    known case. A limit by a layer that a user loaded names what it measures: ``overlap:KIND``, met
    from ``at_least`` (share of the plot, 0 to 1), or ``nearest:KIND``, met within ``within_m``.
    ``column`` is the column of a plot in which its municipality tells the same
    (:class:`data.vocabulary.Hindrance`): a point of attention meets the limit, an obstacle meets it
    with the outcome ``obstacle``.
    """

    key: str
    outcome: LimitOutcome
    article: str
    who: str | None = None
    months: float | None = None
    measure: str | None = None
    at_least: float | None = None
    within_m: float | None = None
    column: str | None = None
    obstacle: LimitOutcome | None = None


@dataclass(frozen=True)
class Kader:
    """The criteria, value functions, weights and limits for one kind of reception.

    Attributes:
        method: one of :data:`METHODS`.
        day: the reference day, from which terms and months are counted and on which reception
            nearby is; None for the day on which is measured.
    """

    kind: ReceptionKind
    version: str
    criteria: tuple[Criterion, ...]
    limits: tuple[Limit, ...]
    parameters: Mapping[str, float | tuple[float, float]] = field(default_factory=dict)
    method: int = 1
    day: dt.date | None = None

    @property
    def weights(self) -> dict[str, float]:
        """The share of each criterion, 0 to 1, summing to 1."""
        total = sum(criterion.weight for criterion in self.criteria)
        return {criterion.key: criterion.weight / total for criterion in self.criteria}

    @property
    def group_weights(self) -> dict[CriterionGroup, float]:
        """The share of each group, 0 to 1."""
        shares = dict.fromkeys(CriterionGroup, 0.0)
        for criterion in self.criteria:
            shares[criterion.group] += self.weights[criterion.key]
        return shares

    @functools.cached_property
    def hash(self) -> str:
        """SHA-256 over the content, whatever the lay-out of the file it came from."""
        return hashlib.sha256(_canonical(self).encode()).hexdigest()

    def with_weights(self, weights: Mapping[str, float]) -> Kader:
        """Give this kader with other weights; criteria without one count for nothing.

        Raises:
            CriteriaError: a weight is negative or no number, or all are zero.
        """
        points = checked_points({c.key: weights.get(c.key, 0.0) for c in self.criteria})
        if sum(points.values()) <= 0:
            raise CriteriaError(Message("scoring.error.no_weight", {"kind": str(self.kind)}))
        return replace(
            self, criteria=tuple(replace(c, weight=points[c.key]) for c in self.criteria)
        )


def _plain(kader: Kader) -> dict[str, Any]:
    return {
        "kind": str(kader.kind),
        "version": kader.version,
        # kaders of before November 2026 do not name it: their hash stays
        **({"method": kader.method} if kader.method != 1 else {}),
        **({"day": kader.day.isoformat()} if kader.day is not None else {}),
        "parameters": {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in kader.parameters.items()
        },
        "criteria": {
            c.key: {
                "group": str(c.group),
                "indicator": c.indicator,
                "unit": c.unit,
                "weight": c.weight,
                "points": [list(point) for point in c.value_function.points],
                "source": c.source,
                **({"source_url": c.source_url} if c.source_url else {}),
            }
            for c in kader.criteria
        },
        "limits": {
            limit.key: {
                "outcome": str(limit.outcome),
                "article": limit.article,
                **({"who": limit.who} if limit.who else {}),
                **({"months": limit.months} if limit.months else {}),
                **({"measure": limit.measure} if limit.measure else {}),
                **({"at_least": limit.at_least} if limit.at_least is not None else {}),
                **({"within_m": limit.within_m} if limit.within_m is not None else {}),
                **({"column": limit.column} if limit.column else {}),
                **({"obstacle": str(limit.obstacle)} if limit.obstacle else {}),
            }
            for limit in kader.limits
        },
    }


def _canonical(kader: Kader) -> str:
    return json.dumps(_plain(kader), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def kader_to_text(kader: Kader) -> str:
    """Write one kader out in full, as TOML."""
    plain = _plain(kader)

    def value(item: Any) -> str:
        return json.dumps(item, ensure_ascii=False)

    lines = [f"kind = {value(plain['kind'])}", f"version = {value(plain['version'])}"]
    lines += [f"method = {plain['method']}"] if "method" in plain else []
    lines += [f"day = {plain['day']}"] if "day" in plain else []
    lines.append("")
    lines.append("[parameters]")
    lines += [f"{key} = {value(item)}" for key, item in plain["parameters"].items()]
    for table in ("criteria", "limits"):
        for key, content in plain[table].items():
            lines += ["", f"[{table}.{key}]"]
            lines += [f"{name} = {value(item)}" for name, item in content.items()]
    return "\n".join(lines) + "\n"


def kader_from_text(text: str) -> Kader:
    """Read one kader that was written out in full.

    Raises:
        CriteriaError: the text is no TOML or breaks a rule; the line and the reason are told.
    """
    content = _parsed(text)
    kind = _kind(text, content.get("kind"))
    return _kader(text, kind, content, content.get("parameters", {}), "")


def load_kaders(path: Path | None = None) -> dict[ReceptionKind, Kader]:
    """Read the kader of every kind, by default the packaged ones.

    Raises:
        CriteriaError: the file breaks a rule; the line and the reason are told.
        OSError: the file cannot be read.
    """
    text = (path or PACKAGED).read_text(encoding="utf-8")
    content = _parsed(text)
    kinds = content.get("kinds")
    if not isinstance(kinds, dict) or not kinds:
        raise _error(text, "", "kinds", Message("scoring.error.no_kinds"))
    result = {}
    for name, own in kinds.items():
        kind = _kind(text, name)
        result[kind] = _kader(
            text,
            kind,
            _resolved(text, content, name, own),
            own.get("parameters", {}),
            f"kinds.{name}.",
        )
    return result


def load_kader(kind: ReceptionKind | str, path: Path | None = None) -> Kader:
    """Read the kader of one kind.

    Raises:
        CriteriaError: the file breaks a rule or has no such kind.
    """
    found = load_kaders(path).get(ReceptionKind(kind))
    if found is None:
        raise CriteriaError(Message("scoring.error.kind", {"kind": str(kind)}))
    return found


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise CriteriaError(
            Message("scoring.error.toml", {"line": line, "reason": str(error)}), line
        ) from error


def _kind(text: str, name: Any) -> ReceptionKind:
    try:
        return ReceptionKind(name)
    except ValueError as error:
        raise _error(
            text, f"kinds.{name}", "kind", Message("scoring.error.kind", {"kind": str(name)})
        ) from error


def _resolved(text: str, content: dict[str, Any], name: str, own: Any) -> dict[str, Any]:
    """Fill a kind of the shared file with what it has in common with the others."""
    where = f"kinds.{name}"
    weights = own.get("weights") if isinstance(own, dict) else None
    if not isinstance(weights, dict) or not weights:
        raise _error(text, where, "weights", Message("scoring.error.no_weight", {"kind": name}))
    criteria: dict[str, Any] = {}
    for key, weight in weights.items():
        shared = content.get("criteria", {}).get(key, {})
        special = own.get("criteria", {}).get(key, {})
        if not shared and not special:
            raise _error(
                text, f"{where}.weights", key, Message("scoring.error.criterion", {"key": key})
            )
        criteria[key] = {**shared, **special, "weight": weight}
        if "source" in special and "source_url" not in special:
            criteria[key].pop("source_url", None)
    for key in own.get("criteria", {}):
        if key not in weights:
            raise _error(
                text,
                f"{where}.criteria.{key}",
                key,
                Message("scoring.error.criterion_without_weight", {"key": key}),
            )
    limits = {}
    for key in own.get("limits", []):
        if key not in content.get("limits", {}):
            raise _error(text, where, "limits", Message("scoring.error.limit", {"key": key}))
        limits[key] = content["limits"][key]
    shared_by_all: dict[str, Any] = {
        key: content[key] for key in ("version", "method", "day") if key in content
    }
    return {**shared_by_all, "criteria": criteria, "limits": limits}


def _kader(
    text: str, kind: ReceptionKind, content: dict[str, Any], parameters: Any, prefix: str
) -> Kader:
    version = content.get("version")
    if not isinstance(version, str) or not version.strip():
        raise _error(text, "", "version", Message("scoring.error.version"))
    criteria = tuple(
        _criterion(text, key, entry, prefix) for key, entry in content.get("criteria", {}).items()
    )
    if not criteria or sum(c.weight for c in criteria) <= 0:
        raise _error(
            text,
            f"{prefix}weights".strip("."),
            "",
            Message("scoring.error.no_weight", {"kind": kind}),
        )
    limits = tuple(_limit(text, key, entry) for key, entry in content.get("limits", {}).items())
    method = content.get("method", 1)
    if isinstance(method, bool) or method not in METHODS:
        raise _error(text, "", "method", Message("scoring.error.method", {"method": str(method)}))
    day = content.get("day")
    # a moment of TOML is a day to Python too
    if day is not None and type(day) is not dt.date:
        raise _error(text, "", "day", Message("scoring.error.day", {"day": str(day)[:40]}))
    given = _parameters(text, parameters, prefix)
    return Kader(kind, version, criteria, limits, given, method, day)


def _parameters(text: str, given: Any, prefix: str) -> dict[str, float | tuple[float, float]]:
    result: dict[str, float | tuple[float, float]] = {}
    where = f"{prefix}parameters"
    for key in PARAMETERS:
        value = given.get(key) if isinstance(given, dict) else None
        pair = key.endswith("per_place")
        numbers = value if isinstance(value, list) else [value]
        right = len(numbers) == (2 if pair else 1) and all(
            isinstance(n, int | float) and not isinstance(n, bool) and n > 0 for n in numbers
        )
        if not right or numbers != sorted(numbers):
            raise _error(text, where, key, Message("scoring.error.parameter", {"key": key}))
        result[key] = (float(numbers[0]), float(numbers[1])) if pair else float(numbers[0])
    return result


def _criterion(text: str, key: str, entry: Any, prefix: str) -> Criterion:
    where = f"criteria.{key}"

    def wrong(name: str, message: str, **values: Any) -> CriteriaError:
        special = f"{prefix}criteria.{key}"
        place = special if prefix and _line(text, special, name) else where
        if name == "weight" and prefix:
            return _error(text, f"{prefix}weights", key, Message(message, {"key": key, **values}))
        return _error(text, place, name, Message(message, {"key": key, **values}))

    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", key):
        raise wrong("", "scoring.error.key")
    try:
        group = CriterionGroup(entry.get("group"))
    except ValueError as error:
        raise wrong("group", "scoring.error.group") from error
    indicator = entry.get("indicator", key)
    if indicator not in INDICATORS and layer_kind(str(indicator)) is None:
        raise wrong("indicator", "scoring.error.indicator", indicator=str(indicator))
    unit = entry.get("unit")
    if unit not in UNITS:
        raise wrong("unit", "scoring.error.unit", unit=str(unit))
    weight = entry.get("weight")
    if not is_points(weight):
        raise wrong("weight", "scoring.error.weight")
    source = entry.get("source")
    if not isinstance(source, str) or not source.strip():
        raise wrong("source", "scoring.error.source")
    url = entry.get("source_url")
    if url is not None and not str(url).startswith("https://"):
        raise wrong("source_url", "scoring.error.source_url")
    line = _line_of(entry.get("points"), lambda message: wrong("points", message))
    return Criterion(key, group, indicator, unit, ValueFunction(line), float(weight), source, url)


def _line_of(points: Any, wrong: Callable[[str], CriteriaError]) -> tuple[tuple[float, float], ...]:
    """Read the points of a value function: measured values that rise, each with a score."""
    right = (
        isinstance(points, list)
        and 2 <= len(points) <= 50
        and all(
            isinstance(p, list)
            and len(p) == 2
            and all(isinstance(n, int | float) and math.isfinite(n) for n in p)
            for p in points
        )
    )
    if not right:
        raise wrong("scoring.error.points")
    line = tuple((float(value), float(score)) for value, score in points)
    if any(b[0] <= a[0] for a, b in zip(line, line[1:], strict=False)):
        raise wrong("scoring.error.points_order")
    if any(not 0 <= score <= 1 for _, score in line):
        raise wrong("scoring.error.points_score")
    return line


def _limit(text: str, key: str, entry: Any) -> Limit:
    measure = entry.get("measure")
    named = key in LIMITS if measure is None else re.fullmatch(r"[a-z][a-z0-9_]{0,60}", key)
    if not named:
        raise _error(text, f"limits.{key}", "", Message("scoring.error.limit", {"key": key}))
    try:
        outcome = LimitOutcome(entry.get("outcome"))
    except ValueError as error:
        raise _error(
            text, f"limits.{key}", "outcome", Message("scoring.error.outcome", {"key": key})
        ) from error
    article = entry.get("article")
    if not isinstance(article, str) or not article.strip():
        raise _error(
            text, f"limits.{key}", "article", Message("scoring.error.source", {"key": key})
        )
    who, months = entry.get("who"), entry.get("months")
    if who is not None and who not in WHO:
        raise _error(
            text, f"limits.{key}", "who", Message("scoring.error.limit_who", {"who": str(who)})
        )
    right = months is None or (
        isinstance(months, int | float) and not isinstance(months, bool) and 0 < months <= 240
    )
    if not right:
        raise _error(
            text, f"limits.{key}", "months", Message("scoring.error.limit_months", {"key": key})
        )
    layer, least, near = (
        _limit_by_layer(text, key, entry) if measure is not None else (None, None, None)
    )
    column, obstacle = _limit_by_column(text, key, entry)
    took = None if months is None else float(months)
    return Limit(
        key, outcome, article, who, took, layer, least, near, column=column, obstacle=obstacle
    )


def _limit_by_column(text: str, key: str, entry: Any) -> tuple[str | None, LimitOutcome | None]:
    """Read in which column of a plot its municipality tells of a limit, and what an obstacle is."""
    column, obstacle = entry.get("column"), entry.get("obstacle")
    if column is None and obstacle is None:
        return None, None
    known = BY_KEY.get(str(column))
    if known is None or known.vocabulary is not Hindrance or entry.get("measure") is None:
        problem = Message("scoring.error.limit_column", {"key": key, "column": str(column)[:60]})
        raise _error(text, f"limits.{key}", "column", problem)
    if obstacle is None:
        return str(column), None
    try:
        return str(column), LimitOutcome(obstacle)
    except ValueError as error:
        problem = Message("scoring.error.outcome", {"key": key})
        raise _error(text, f"limits.{key}", "obstacle", problem) from error


def _limit_by_layer(text: str, key: str, entry: Any) -> tuple[str, float | None, float | None]:
    """Read what a limit measures to a loaded layer, and from where on it is met."""
    measure = str(entry["measure"])
    if layer_kind(measure) is None:
        problem = Message("scoring.error.indicator", {"key": key, "indicator": measure[:60]})
        raise _error(text, f"limits.{key}", "measure", problem)
    name, most = ("at_least", 1.0) if measure.startswith(OVERLAP) else ("within_m", 100_000.0)
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        problem = Message("scoring.error.limit_by_layer", {"key": key, "name": name, "most": most})
        raise _error(text, f"limits.{key}", name, problem)
    if name == "at_least":
        return measure, float(value), None
    return measure, None, float(value)


def _line(text: str, table: str, key: str) -> int:
    """Find the line of a key in a table of a TOML text, 0 when it is not there."""
    inside = not table
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        if header:
            inside = header.group(1) == table
            if inside and not key:
                return number
        elif inside and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return 0


def _error(text: str, table: str, key: str, message: Message) -> CriteriaError:
    line = _line(text, table, key) or _line(text, table, "")
    return CriteriaError(
        Message("scoring.error.at_line", {"line": line or "?", "reason": message}), line
    )
