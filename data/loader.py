"""Load the packaged tables, checked against what ``datapackage.json`` says of them.

``datapackage.json`` (Frictionless Data Package) is the one description of every file: its source,
date, licence and precision, and of each column its type and limits. The rules for pandera are made
from it, so that description and check cannot drift apart. A table is read and checked once in a
process; :func:`load` hands out copies.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.errors import DataError
from data.translated import in_language
from messages import Message

if TYPE_CHECKING:
    import pandera.pandas as pa

FOLDER = Path(__file__).parent

_DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "boolean"}
_MAX_FILE_BYTES = 20_000_000


@dataclass(frozen=True)
class Coverage:
    """Where a layer holds everything of a kind: in the province and ``margin_m`` metres around it.

    Where it is not ``complete`` there may be more of it anywhere.
    """

    complete: bool
    margin_m: float


NOWHERE = Coverage(complete=False, margin_m=0.0)
"""The coverage of a layer of which nothing is told."""


@dataclass(frozen=True)
class ResourceInfo:
    """Where a data file comes from, and how good it is.

    ``date`` is the date of the source, ``precision`` says in Dutch how precise the figures are,
    ``coverage`` in Dutch where it is complete ("" where the file says nothing of it), ``sha256``
    names this very version of the file (hexadecimal). ``short`` names in Dutch whom the edge of a
    picture credits.
    """

    name: str
    title: str
    source: str
    source_url: str | None
    date: str
    licence: str
    precision: str
    path: Path
    sha256: str
    coverage: str = ""
    sources: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()

    def title_in(self, language: str) -> str:
        """Give the title in a language, "nl" or "en"."""
        return in_language(self.title, language)

    def source_in(self, language: str) -> str:
        """Give where the file comes from in a language, "nl" or "en"."""
        return "; ".join(in_language(source, language) for source in self.sources)

    def short_in(self, language: str) -> tuple[str, ...]:
        """Give whom the edge of a picture credits in a language, "nl" or "en"."""
        return tuple(in_language(name, language) for name in self.short)

    def licence_in(self, language: str) -> str:
        """Give under which licence it may be used in a language, "nl" or "en"."""
        return "; ".join(in_language(licence, language) for licence in self.licences)


def load(name: str, version: str | None = None) -> pd.DataFrame:
    """Give a packaged table as a fresh copy, in the order of its file.

    Whole numbers are ``Int64`` and truth values ``boolean``, so that an empty cell stays unknown.

    Args:
        name: municipalities, inhabitants_pc4, neighbourhoods, tasks, tasks_other,
            reception_locations, facilities, schools or practice.
        version: SHA-256 of a former file of that table that was kept (see :func:`is_kept`); None
            for the present one. A column that the former file does not have yet is not there.

    Raises:
        DataError: there is no such table or version, or its file is missing or breaks a rule.
    """
    return _load(name, version).copy()


def is_kept(name: str, version: str) -> bool:
    """Say whether a version (SHA-256) of a packaged file is the present one or was kept.

    Superseded tables stay in ``data/former`` so that what was made with them can be made again.
    """
    resource = next((r for r in _package()["resources"] if r["name"] == name), None)
    if resource is None:
        return False
    return version == resource_info(name).sha256 or version in _former(resource)


def path_of(name: str, version: str | None = None) -> Path:
    """Give the packaged file of a name, or a former version (SHA-256) of it that was kept.

    Raises:
        DataError: there is no such file or version.
    """
    if version is None or version == resource_info(name).sha256:
        return resource_info(name).path
    path = _former(_resource(name)).get(version)
    if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != version:
        raise DataError(Message("data.unknown", {"name": f"{name} {version[:8]}"}))
    return path


def former_versions(name: str) -> tuple[str, ...]:
    """Give the SHA-256 of the superseded files of a table that were kept, oldest first."""
    return tuple(_former(_resource(name)))


def load_table(path: Path, description: Mapping[str, Any]) -> pd.DataFrame:
    """Read a CSV file and check it against a Frictionless table schema.

    Args:
        path: CSV file in UTF-8 with a header row.
        description: the ``schema`` of a resource (fields, primaryKey, foreignKeys). A foreign key
            refers to a packaged table.

    Raises:
        DataError: the file cannot be read, or a cell breaks a rule; the message names line,
            column and value.
    """
    columns = [field["name"] for field in description["fields"]]
    if not path.is_file() or path.stat().st_size > _MAX_FILE_BYTES:
        raise DataError(Message("data.missing", {"file": path.name}))
    try:
        # All cells as text first: pandera then names the cell that is no number, where pandas
        # would only say that there is one.
        text = pd.read_csv(
            path, dtype="str", encoding="utf-8", keep_default_na=False, na_values=[""]
        )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as problem:
        raise DataError(
            Message("data.unreadable", {"file": path.name, "reason": str(problem)})
        ) from problem
    if list(text.columns) != columns:
        differing = sorted(set(text.columns).symmetric_difference(columns)) or columns
        raise DataError(
            Message("data.columns", {"file": path.name, "columns": ", ".join(differing)})
        )
    return _checked(text, description, path.name)


def boundaries_path() -> Path:
    """Give the GeoJSON file (WGS84) with the boundaries of the 26 municipalities."""
    return resource_info("boundaries").path


def example_plots_path() -> Path:
    """Give the GeoJSON file (WGS84) with the fictional example plots."""
    return resource_info("example_plots").path


def resource_names(*, role: str | None = None) -> tuple[str, ...]:
    """Give the names of the packaged files, tables and layers alike.

    Args:
        role: "facts" for what scores and figures rest on, "ground" for what maps are drawn on;
            None for all.
    """
    return tuple(
        resource["name"]
        for resource in _package()["resources"]
        if role in (None, resource.get("role", "facts"))
    )


@functools.cache
def resource_info(name: str) -> ResourceInfo:
    """Tell where a packaged file comes from.

    Raises:
        DataError: there is no file of that name.
    """
    resource = _resource(name)
    path = FOLDER / resource["path"]
    if not path.is_file():
        raise DataError(Message("data.missing", {"file": path.name}))
    return ResourceInfo(
        name=name,
        title=resource["title"],
        source="; ".join(source["title"] for source in resource["sources"]),
        source_url=next((s["path"] for s in resource["sources"] if "path" in s), None),
        date=resource["source_date"],
        licence="; ".join(licence["title"] for licence in resource["licenses"]),
        precision=resource["precision"],
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        coverage=resource.get("coverage", {}).get("description", ""),
        sources=tuple(source["title"] for source in resource["sources"]),
        short=tuple(
            dict.fromkeys(name for source in resource["sources"] for name in source["short"])
        ),
        licences=tuple(licence["title"] for licence in resource["licenses"]),
    )


def short_names(resources: Iterable[str], language: str) -> tuple[str, ...]:
    """Name each source of some packaged files once, in "nl" or "en", for the edge of a picture.

    Raises:
        DataError: there is no file of such a name.
    """
    every = (name for one in resources for name in resource_info(one).short_in(language))
    return tuple(dict.fromkeys(every))


def covered_kinds() -> tuple[str, ...]:
    """Give the kinds of which a packaged file says where it is complete."""
    told = (r.get("coverage", {}).get("kinds", {}) for r in _package()["resources"])
    return tuple(sorted({kind for kinds in told for kind in kinds}))


def coverage_of(kind: str) -> Coverage:
    """Give where the packaged files hold everything of a kind (station, inhabitants, ...)."""
    for resource in _package()["resources"]:
        told = resource.get("coverage", {}).get("kinds", {}).get(kind)
        if told is not None:
            return Coverage(bool(told["complete"]), float(told["margin_m"]))
    return NOWHERE


def data_versions() -> dict[str, str]:
    """Give the SHA-256 (hexadecimal) by name of every packaged file that scores rest on."""
    return {name: resource_info(name).sha256 for name in resource_names(role="facts")}


@functools.cache
def _package() -> dict[str, Any]:
    package: dict[str, Any] = json.loads((FOLDER / "datapackage.json").read_text("utf-8"))
    return package


def _resource(name: str) -> dict[str, Any]:
    for resource in _package()["resources"]:
        if resource["name"] == name:
            found: dict[str, Any] = resource
            return found
    raise DataError(Message("data.unknown", {"name": name}))


def _former(resource: Mapping[str, Any]) -> dict[str, Path]:
    """Give the kept files of a table that were superseded, by their SHA-256."""
    return {entry["sha256"]: FOLDER / entry["path"] for entry in resource.get("former", ())}


@functools.cache
def _load(name: str, version: str | None = None) -> pd.DataFrame:
    resource = _resource(name)
    if "schema" not in resource:
        raise DataError(Message("data.unknown", {"name": name}))
    if version is None or version == resource_info(name).sha256:
        return load_table(FOLDER / resource["path"], resource["schema"])
    path = path_of(name, version)
    header = set(pd.read_csv(path, nrows=0, encoding="utf-8").columns)
    fields = [field for field in resource["schema"]["fields"] if field["name"] in header]
    return load_table(path, {**resource["schema"], "fields": fields})


def _checked(text: pd.DataFrame, description: Mapping[str, Any], file: str) -> pd.DataFrame:
    # Imported here, since it takes a fifth of a second and a page that reads no table (or only
    # its description) need not wait for it.
    from pandera.errors import SchemaErrors

    for field in description["fields"]:
        if field["type"] == "boolean":
            # pandas reads no truth values from text; whatever else stands there stays, and is
            # refused below.
            column = text[field["name"]].astype(object)
            text[field["name"]] = column.replace({"true": True, "false": False})
    try:
        table: pd.DataFrame = _rules(description).validate(text, lazy=True)
    except SchemaErrors as refused:
        raise DataError(_first_failure(refused.failure_cases, file)) from refused
    return table


def _first_failure(cases: pd.DataFrame, file: str) -> Message:
    located = cases.dropna(subset=["index"]).sort_values("index", kind="stable")
    case = (located if len(located) else cases).iloc[0]
    # The header is line 1. (A cell with a line break would shift this; the files have none.)
    line = int(case["index"]) + 2 if pd.notna(case["index"]) else "?"
    return Message(
        "data.refused",
        {
            "file": file,
            "line": line,
            "column": case["column"],
            "value": "" if pd.isna(case["failure_case"]) else str(case["failure_case"])[:80],
            "rule": str(case["check"])[:120],
        },
    )


def _rules(description: Mapping[str, Any]) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    referred = {
        key["fields"]: key["reference"]
        for key in description.get("foreignKeys", [])
        if isinstance(key["fields"], str)
    }
    columns = {}
    for field in description["fields"]:
        limits = field.get("constraints", {})
        checks = [_check(name, value, field["type"]) for name, value in limits.items()]
        if field["name"] in referred:
            reference = referred[field["name"]]
            known = list(_load(reference["resource"])[reference["fields"]])
            checks.append(pa.Check.isin(known, error=f"in {reference['resource']}"))
        columns[field["name"]] = pa.Column(
            _DTYPES[field["type"]],
            checks=[check for check in checks if check is not None],
            nullable=not limits.get("required", False),
            unique=limits.get("unique", False),
            coerce=True,
        )
    key = description.get("primaryKey")
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=key)


def _check(name: str, value: Any, kind: str) -> pa.Check | None:
    import pandera.pandas as pa

    match name:
        case "minimum":
            return pa.Check.ge(value, error=f"minimum {value}")
        case "maximum":
            return pa.Check.le(value, error=f"maximum {value}")
        case "enum":
            return pa.Check.isin(value, error=f"one of {value}")
        case "pattern":
            return pa.Check.str_matches(value, error=f"pattern {value}")
        case "minLength":
            return pa.Check.str_length(min_value=value, error=f"at least {value} characters")
        case "required" | "unique":
            return None  # these belong to the column, not to its values
    raise ValueError(f"constraint {name!r} of a {kind} has no rule here")
