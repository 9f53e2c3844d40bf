"""Find practice examples like a plot, and say in what they are alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely

from geo.layers import municipalities, reception_locations
from messages import Message

NEAR_M = 10_000.0
_SMALL_PLACES, _LARGE_PLACES = 100, 250


@dataclass(frozen=True)
class LikeExample:
    """An example and why it is like a plot, best first by number of reasons."""

    practice_id: str
    title: str
    place: str
    reasons: tuple[Message, ...]


def size_class(places: float | None) -> str | None:
    """Give small, medium or large for a number of places; None when it is not known."""
    if places is None or places != places:
        return None
    return "small" if places <= _SMALL_PLACES else "large" if places >= _LARGE_PLACES else "medium"


def places_of(example: Mapping[Any, Any]) -> float | None:
    """Read the number of places of an example: that of its location, else the first in its size."""
    location = example.get("location_id")
    known = reception_locations()
    if isinstance(location, str) and location in known.index:
        places = known.at[location, "places"]
        if not pd.isna(places):
            return float(places)
    found = re.search(r"\d[\d.]*", str(example.get("size") or ""))
    return float(found.group().replace(".", "")) if found else None


def like(plot: Mapping[str, Any], kind: str, examples: pd.DataFrame) -> list[LikeExample]:
    """Give the examples most like a plot for a kind of reception, with reasons.

    Args:
        plot: a candidate plot (EPSG:28992) with geometry, object_kind, mixed_living.
        kind: of reception that it is looked at for.
        examples: practice examples, indexed by identifier, with title, kind, place, size.
    """
    towns = municipalities()
    found = []
    for practice_id, example in examples.iterrows():
        reasons = []
        if example["kind"] == kind:
            reasons.append(Message("practice.like.kind"))
        if example["kind"] == "gemengd" and plot.get("mixed_living") is True:
            reasons.append(Message("practice.like.mixed"))
        code = example.get("municipality_code")
        if isinstance(code, str) and code == plot.get("municipality_code"):
            reasons.append(Message("practice.like.town"))
        elif isinstance(code, str) and code in towns.index:
            away = shapely.distance(towns.geometry[code], plot["geometry"])
            if away <= NEAR_M:
                reasons.append(Message("practice.like.near"))
        size = size_class(places_of(example.to_dict()))
        if size is not None and size == size_class(_places_guess(plot)):
            reasons.append(Message("practice.like.size"))
        if reasons:
            found.append(
                LikeExample(
                    str(practice_id),
                    str(example["title"]),
                    str(example["place"] or ""),
                    tuple(reasons),
                )
            )
    return sorted(found, key=lambda one: (-len(one.reasons), one.title))


def _places_guess(plot: Mapping[str, Any]) -> float | None:
    """Guess the places of a plot, for finding examples only: 14 m² floor or 100 m² land each."""
    gfa = plot.get("gfa_m2")
    if plot.get("object_kind") == "gebouw":
        return None if gfa is None or pd.isna(gfa) else float(gfa) / 14
    return float(plot["geometry"].area) / 100
