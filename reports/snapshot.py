"""Freeze a view so that it can be made again in a year, and say whether it comes out the same.

A snapshot is one JSON file: the plots with their shapes, the whole kader, the weights, the view,
the versions of the data, the seed, the result, and a SHA-256 over all of it. The same view gives
the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.loader import Coverage, covered_kinds, data_versions, is_kept
from data.plot_record import columns_of, in_present_form, plain_value, to_records
from data.plot_schema import PLACED, PLOT_COLUMNS
from data.vocabulary import Confidentiality
from geo.crs import RD
from messages import Message
from reports.classes import Audience
from reports.content import Content, KaderStamp, Photo, content_of, layers_told
from reports.errors import SnapshotError
from scoring.errors import ScoringError
from scoring.indicators import Measured, Surroundings, measure
from scoring.kader import Kader, kader_from_text, kader_to_text
from scoring.own_layers import OwnLayer
from scoring.ranking import Ranking, rank_measured
from scoring.robustness import SEED, robustness_of
from store.records import JPEG, Attachment, Left, Plan, plan_from_record, plan_record

FILE_NAME = "momentopname"
"""What a snapshot is, in the names of files."""
FORM = "locatiewijzer-snapshot-3"
_FORM_2 = "locatiewijzer-snapshot-2"
"""Until November 2026: plots in the first form of records, see ``data.plot_record``."""
_FORM_1 = "locatiewijzer-snapshot-1"
"""Before that: without the day and the gaps of municipalities that the scores rest on."""
_FORMS = (_FORM_1, _FORM_2, FORM)
_KEPT = (*PLOT_COLUMNS, *(name for name in PLACED if name != "provenance"))
"""What a snapshot keeps of a plot: not where values came from, as that may name people."""
_TASKS = ("task", "task_status", "realised_low", "realised_high", "gap_low", "gap_high")
"""What the council report tells of a municipality."""
_MAX_BYTES = 200_000_000
_DECIMALS = 6


@dataclass(frozen=True)
class Verdict:
    """What came of making a snapshot again: identical, or what differs.

    ``newer`` names the packaged files that have a newer version now; the snapshot was made again
    with those of then, which were kept. ``erased`` says that personal texts were taken out of it:
    its result can be made again, but its hash no longer fits what is left.
    """

    number: str
    identical: bool
    differences: tuple[Message, ...]
    newer: tuple[str, ...] = ()
    erased: bool = False


def take_snapshot(
    plots: gpd.GeoDataFrame,
    ranking: Ranking,
    *,
    date: dt.date,
    view: Mapping[str, Any] | None = None,
    kader_fixed_on: dt.date | None = None,
    seed: int = SEED,
    audience: Audience | None = None,
    plans: Mapping[str, Plan] | None = None,
    photos: Mapping[str, Photo] | None = None,
    tasks: pd.DataFrame | None = None,
    left: Mapping[str, Left] | None = None,
) -> bytes:
    """Freeze a ranking of plots (EPSG:28992).

    Args:
        plots: in the order of the ranking.
        ranking: of these plots.
        date: the day.
        view: the address of the page (kind, weights, filters, selection, extent).
        kader_fixed_on: the day on which the kader was fixed, if it was.
        seed: of the draws of weights.
        audience: for whom the plots were gathered.
        plans: what comes next for plots, kept whole.
        photos: of plots, kept by identifier: the picture itself stays with the plot.
        tasks: of the municipalities, as these readers saw them; those of the plots are kept.
        left: since when and why plots are out of the running.

    Returns:
        JSON in UTF-8.
    """
    around = ranking.measured.surroundings
    order = np.argsort(np.asarray(plots.index.astype(str), dtype=object), kind="stable")
    inputs = {
        "form": FORM,
        "date": date.isoformat(),
        "kind": str(ranking.kader.kind),
        "kader": kader_to_text(ranking.kader),
        "kader_sha256": ranking.kader.hash,
        "kader_fixed_on": kader_fixed_on.isoformat() if kader_fixed_on else None,
        "weights": {key: float(value) for key, value in sorted(ranking.weights.items())},
        "view": {key: str(value) for key, value in sorted((view or {}).items())},
        "data_versions": data_versions(),
        "on": around.on.isoformat() if around.on else None,
        "gap_places": {
            str(code): [None if np.isnan(end) else float(end) for end in ends]
            for code, *ends in around.gap_places[["low", "high"]].sort_index().itertuples()
        },
        "coverage": {
            kind: [covered.complete, covered.margin_m]
            for kind in sorted({*covered_kinds(), *around.coverage})
            for covered in [around.coverage_of(kind)]
        },
        **_layers_told(ranking.kader, around),
        "seed": seed,
        "plots": _entries(plots, order, plans or {}, photos or {}, left or {}),
        **({} if audience is None else {"audience": str(audience)}),
        **_tasks_told(plots, tasks),
    }
    # Draws fall to plots by their place: they are put in the order in which they are read again.
    ordered = rank_measured(ranking.measured.take(order.astype(np.intp)), ranking.weights)
    content = {**inputs, "result": _result(ordered, seed)}
    sha = hashlib.sha256(_bytes(content)).hexdigest()
    return _bytes({**content, "sha256": sha})


def snapshot_number(content: bytes) -> str:
    """Give the number by which outputs name a snapshot: the day and the begin of its hash.

    Raises:
        SnapshotError: it is no snapshot.
    """
    parsed = _parsed(content)
    return f"{parsed['date']}-{parsed['sha256'][:8]}"


def open_snapshot(content: bytes) -> tuple[gpd.GeoDataFrame, Measured, Ranking, dict[str, Any]]:
    """Make the ranking of a snapshot again: plots, measured values, ranking and what it says.

    Raises:
        SnapshotError: it is no snapshot, or one that cannot be read.
    """
    parsed = _parsed(content)
    try:
        kader = kader_from_text(parsed["kader"])
        plots = _plots(parsed["plots"])
        measured = measure(plots, kader, _surroundings(parsed))
        return plots, measured, rank_measured(measured, parsed["weights"]), parsed
    except (ScoringError, KeyError, TypeError, ValueError, shapely.errors.GEOSException) as problem:
        raise SnapshotError(Message("reports.error.snapshot")) from problem


def content_of_snapshot(content: bytes) -> tuple[Content, pd.DataFrame | None]:
    """Make again what the outputs of a snapshot told, and the tasks that stood beside it.

    Photos are named, without their picture: that stays with the plot. Practice examples are not in
    it, nor are plots that the outputs were not about: their class may be higher than its own.

    Raises:
        SnapshotError: it is no snapshot, or one that cannot be read.
    """
    plots, measured, ranking, parsed = open_snapshot(content)
    try:
        fixed = parsed.get("kader_fixed_on")
        return content_of(
            plots,
            measured,
            ranking.weights,
            parsed.get("audience") or Audience.INTERN,
            date=dt.date.fromisoformat(parsed["date"]),
            stamp=KaderStamp(
                measured.kader.version,
                measured.kader.hash,
                dt.date.fromisoformat(fixed) if fixed else None,
            ),
            seed=int(parsed["seed"]),
            snapshot=snapshot_number(content),
            plans={
                str(entry["plot_id"]): plan_from_record(str(entry["plot_id"]), entry["plan"])
                for entry in parsed["plots"]
                if entry.get("plan")
            },
            photos={
                str(entry["plot_id"]): Photo(_photo_named(str(entry["plot_id"]), entry["photo"]))
                for entry in parsed["plots"]
                if entry.get("photo")
            },
            left={
                str(entry["plot_id"]): Left(
                    dt.date.fromisoformat(entry["left"]["on"]), str(entry["left"]["reason"])
                )
                for entry in parsed["plots"]
                if entry.get("left")
            },
        ), _tasks_kept(parsed)
    except (KeyError, TypeError, ValueError) as problem:
        raise SnapshotError(Message("reports.error.snapshot")) from problem


def verify_snapshot(content: bytes) -> Verdict:
    """Make a snapshot again and say whether it is identical, or what differs.

    Raises:
        SnapshotError: it is no snapshot.
    """
    parsed = _parsed(content)
    number = snapshot_number(content)
    differences: list[Message] = []
    unsigned = {key: value for key, value in parsed.items() if key != "sha256"}
    erased = parsed.get("erased") is True
    if not erased and hashlib.sha256(_bytes(unsigned)).hexdigest() != parsed["sha256"]:
        differences.append(Message("reports.verify.changed"))
    now = data_versions()
    newer: list[str] = []
    for name, sha in sorted(parsed["data_versions"].items()):
        if now.get(name) == sha:
            continue
        if is_kept(name, sha):
            newer.append(name)
        else:
            differences.append(Message("reports.verify.data", {"name": name}))
    plots, _, ranking, _ = open_snapshot(content)
    if ranking.kader.hash != parsed["kader_sha256"]:
        differences.append(Message("reports.verify.kader"))
    again = _result(ranking, int(parsed["seed"]))
    names = plots["name"]
    before = {entry["plot_id"]: entry for entry in parsed["result"]}
    for entry in again:
        old = before.get(entry["plot_id"])
        if old != entry:
            name = str(names.get(entry["plot_id"]) or entry["plot_id"])[:80]
            old_low = float(old["low"]) if old else float("nan")
            values = {"name": name, "before": old_low, "after": float(entry["low"])}
            differences.append(Message("reports.verify.plot", values))
    return Verdict(number, not differences, tuple(differences), tuple(newer), erased)


def _layers_told(kader: Kader, around: Surroundings) -> dict[str, Any]:
    """Tell the layers that users loaded, whole, as far as an output tells of them."""
    told = {
        layer.kind: {
            "name": layer.name,
            "source": layer.source,
            "source_date": layer.source_date,
            "sha256": layer.sha256,
            "coverage": [layer.covered.complete, layer.covered.margin_m],
            **({"confidentiality": str(layer.confidentiality)} if layer.confidentiality else {}),
            "shapes": [
                [name, shapely.to_wkb(shape, hex=True)]
                for name, shape in zip(layer.shapes["name"], layer.shapes.geometry, strict=True)
            ],
        }
        for layer in layers_told(kader, around)
    }
    return {"layers": told} if told else {}


def _layers_kept(parsed: Mapping[str, Any]) -> list[OwnLayer]:
    return [
        OwnLayer(
            kind,
            str(told["name"]),
            gpd.GeoDataFrame(
                {"name": [str(name) for name, _ in told["shapes"]]},
                geometry=gpd.array.from_shapely(
                    shapely.from_wkb([shape for _, shape in told["shapes"]])
                ),
                crs=RD,
            ),
            Coverage(bool(told["coverage"][0]), float(told["coverage"][1])),
            str(told["source"]),
            str(told["source_date"]),
            str(told["sha256"]),
            # until November 2026 the class was not kept: doubt makes nothing more public
            Confidentiality(told.get("confidentiality") or Confidentiality.VERTROUWELIJK),
        )
        for kind, told in (parsed.get("layers") or {}).items()
    ]


def _surroundings(parsed: Mapping[str, Any]) -> Surroundings:
    """Give the surroundings of then: the layers that were kept, the day, and the gaps."""
    versions = parsed["data_versions"]
    if parsed["form"] == _FORM_1:
        return Surroundings.of_versions(versions)
    gaps = pd.DataFrame.from_dict(
        parsed["gap_places"], orient="index", columns=["low", "high"], dtype=float
    )
    on = dt.date.fromisoformat(parsed["on"]) if parsed["on"] else None
    told = parsed.get("coverage") or {}
    coverage = {
        kind: Coverage(bool(whole), float(margin)) for kind, (whole, margin) in told.items()
    }
    around = Surroundings.of_versions(versions, on=on, gap_places=gaps, coverage=coverage)
    for layer in _layers_kept(parsed):
        around = around.with_own(layer)
    return around


def _bytes(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return text.encode("utf-8")


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > _MAX_BYTES:
        raise SnapshotError(Message("reports.error.snapshot"))
    try:
        parsed = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise SnapshotError(Message("reports.error.snapshot")) from problem
    needed = {
        "form",
        "date",
        "kader",
        "weights",
        "data_versions",
        "seed",
        "plots",
        "result",
        "sha256",
    }
    if (
        not isinstance(parsed, dict)
        or parsed.get("form") not in _FORMS
        or not needed <= set(parsed)
    ):
        raise SnapshotError(Message("reports.error.snapshot"))
    return parsed


def _entries(
    plots: gpd.GeoDataFrame,
    order: np.ndarray,
    plans: Mapping[str, Plan],
    photos: Mapping[str, Photo],
    left: Mapping[str, Left],
) -> list[dict[str, Any]]:
    shapes = shapely.to_wkb(plots.geometry.to_numpy(), hex=True).tolist()
    records = to_records(plots, shapes)
    ids = [str(plots.index[int(place)]) for place in order]
    return [
        {
            "plot_id": plot_id,
            **{name: value for name, value in records[plot_id].items() if name != "provenance"},
            **({"plan": plan_record(plans[plot_id])} if plot_id in plans else {}),
            **({"photo": _photo_told(photos[plot_id].about)} if plot_id in photos else {}),
            **({"left": _left_told(left[plot_id])} if plot_id in left else {}),
        }
        for plot_id in ids
    ]


def _left_told(left: Left) -> dict[str, Any]:
    return {"on": left.on.isoformat(), "reason": left.reason}


def _photo_told(photo: Attachment) -> dict[str, Any]:
    return {
        "id": photo.id,
        "credit": photo.credit,
        "made_on": photo.made_on.isoformat() if photo.made_on else None,
        "confidentiality": str(photo.confidentiality),
    }


def _photo_named(plot_id: str, told: Mapping[str, Any]) -> Attachment:
    return Attachment(
        str(told["id"]),
        plot_id,
        "",
        JPEG,
        0,
        None if told["credit"] is None else str(told["credit"]),
        dt.date.fromisoformat(told["made_on"]) if told["made_on"] else None,
        Confidentiality(told["confidentiality"]),
        dt.datetime.min,
        "",
    )


def _tasks_told(plots: gpd.GeoDataFrame, tasks: pd.DataFrame | None) -> dict[str, Any]:
    """Tell what the municipalities of the plots have to do, as the report of then told it."""
    if tasks is None:
        return {}
    codes = sorted({code for code in plots["municipality_code"] if code in tasks.index})
    return {
        "tasks": {
            code: {name: plain_value(tasks.at[code, name]) for name in _TASKS} for code in codes
        }
    }


def _tasks_kept(parsed: Mapping[str, Any]) -> pd.DataFrame | None:
    told = parsed.get("tasks")
    if not isinstance(told, dict):
        return None
    table = pd.DataFrame.from_dict(told, orient="index", columns=list(_TASKS))
    figures = [name for name in _TASKS if name != "task_status"]
    return table.astype(dict.fromkeys(figures, float))


def _plots(entries: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    index = pd.Index([entry["plot_id"] for entry in entries], name="plot_id", dtype=object)
    records = [in_present_form(entry) for entry in entries]
    shapes = shapely.from_wkb([record["geometry"] for record in records])
    table = pd.DataFrame(columns_of(records, index, _KEPT), index=index)
    return gpd.GeoDataFrame(table, geometry=gpd.array.from_shapely(shapes), crs=RD)


def _result(ranking: Ranking, seed: int) -> list[dict[str, Any]]:
    robust = robustness_of(ranking.measured, ranking.weights, seed=seed)
    entries = []
    for rank, place in enumerate(ranking.order(), start=1):
        entries.append(
            {
                "rank": rank,
                "plot_id": str(ranking.plot_ids[place]),
                "low": round(float(ranking.lower[place]), _DECIMALS),
                "high": round(float(ranking.upper[place]), _DECIMALS),
                "rank_best": int(ranking.rank_best[place]),
                "rank_worst": int(ranking.rank_worst[place]),
                # the draws may fall otherwise on another processor, but not by more than this
                "first_chance": round(float(robust.first_chance[place]), 2),
                "limits": [hit.key for hit in ranking.measured.limits[place]],
            }
        )
    return entries
