"""Rank plots from the command line: ``python -m scoring rank PLOTS --kind azc [--json]``."""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

from data.loader import Coverage
from data.vocabulary import ReceptionKind
from geo.errors import GeoError
from geo.places_layer import as_places, is_line, read_layer, to_geojson
from geo.reading.bounded_process import read_apart
from geo.reading.result import ReadOptions
from messages import Message
from scoring.errors import CriteriaError, ScoringError
from scoring.indicators import Surroundings
from scoring.kader import load_kader
from scoring.own_layers import OwnLayer
from scoring.points import checked_points
from scoring.ranking import Ranking, rank, score_sheet


def main(arguments: list[str] | None = None) -> int:
    """Rank the plots of a file and print the ranking; 0 when it was made, 2 when not."""
    parser = argparse.ArgumentParser(prog="python -m scoring")
    commands = parser.add_subparsers(dest="command", required=True)
    ranked = commands.add_parser("rank", help="rank the plots of a file")
    ranked.add_argument("plots", type=Path, metavar="PLOTS")
    ranked.add_argument("--kind", choices=[str(k) for k in ReceptionKind], default="azc")
    ranked.add_argument("--weights", type=Path, help="JSON object from criterion to points")
    ranked.add_argument("--criteria", type=Path, help="another file with criteria (TOML)")
    ranked.add_argument(
        "--layer",
        action="append",
        default=[],
        metavar="KIND=FILE",
        help='points, areas or lines for a criterion with indicator = "nearest:KIND"',
    )
    ranked.add_argument(
        "--complete",
        action="append",
        default=[],
        metavar="KIND",
        help="a layer that holds everything in the province",
    )
    ranked.add_argument("--json", action="store_true")
    ranked.add_argument("--language", choices=("nl", "en"), default="nl")
    chosen = parser.parse_args(arguments)
    try:
        if not chosen.plots.is_file():
            raise FileNotFoundError(str(chosen.plots))
        # first what is read at once: a slip in it is told before the plots are read
        kader, weights = load_kader(chosen.kind, chosen.criteria), _weights(chosen.weights)
        reading = read_apart(chosen.plots, ReadOptions(take_outside=True))
        if reading.refused is not None or reading.plots is None:
            reason = reading.refused.text(chosen.language) if reading.refused else ""
            print(reason, file=sys.stderr)
            return 2
        # New identifiers are drawn at each reading: rows are named by their place in the file, so
        # that plots that tie stand in the same order from run to run.
        plots = reading.plots.set_axis([f"{row:06d}" for row in range(len(reading.plots))])
        plots.index.name = "plot_id"
        around = _surroundings(chosen.layer, chosen.complete, chosen.language)
        ranking = rank(plots, kader=kader, weights=weights, surroundings=around)
    except (GeoError, ScoringError) as problem:
        print(problem.message.text(chosen.language), file=sys.stderr)
        return 2
    except OSError as problem:
        said = Message("scoring.error.file", {"file": problem.filename or str(problem)})
        print(said.text(chosen.language), file=sys.stderr)
        return 2
    entries = told(ranking, list(reading.plots["name"]), chosen.language)
    if chosen.json:
        print(
            json.dumps(
                {
                    "kind": chosen.kind,
                    "kader": {"version": kader.version, "sha256": kader.hash},
                    "exploration": ranking.exploration,
                    "weights": dict(ranking.weights),
                    "plots": entries,
                },
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for entry in entries:
            print(
                f"{entry['rank']:>4}  {entry['low']:5.1f} – {entry['high']:5.1f}  {entry['name']}"
            )
    return 0


def _surroundings(layers: list[str], complete: list[str], language: str) -> Surroundings:
    """Give the packaged surroundings with the layers that were named as KIND=FILE.

    Lines are measured to as they run, points and areas as places.

    Raises:
        CriteriaError: a layer is named otherwise.
        GeoError: a file cannot be read as a layer.
        OSError: a file is not there.
    """
    around = Surroundings.packaged()
    for given in layers:
        kind, mark, path = given.partition("=")
        if not mark or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", kind):
            raise CriteriaError(Message("scoring.error.layer", {"layer": given[:80]}))
        covered = Coverage(complete=kind in complete, margin_m=0.0)
        shapes = read_layer(Path(path))
        if is_line(shapes).any():
            sha = hashlib.sha256(to_geojson(shapes)).hexdigest()
            unknown = Message("frame.unknown").text(language)
            own = OwnLayer(kind, kind, shapes, covered, Path(path).name, unknown, sha)
            around = around.with_own(own)
        else:
            around = around.with_layer(kind, as_places(shapes), covered)
    return around


def _weights(path: Path | None) -> dict[str, float] | None:
    """Read points by criterion from a JSON file.

    Raises:
        CriteriaError: it holds something else.
    """
    if path is None:
        return None
    try:
        return checked_points(json.loads(path.read_text("utf-8")))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise CriteriaError(Message("scoring.error.weights")) from problem


def told(ranking: Ranking, names: list[Any], language: str) -> list[dict[str, Any]]:
    """Give the ranking as JSON can hold it, best first, with intervals and reasons."""
    entries = []
    ranks = ranking.ranks
    for place in ranking.order():
        sheet = score_sheet(ranking.measured, ranking, ranking.plot_ids[place])
        entries.append(
            {
                "rank": int(ranks[place]),
                "rank_best": int(ranking.rank_best[place]),
                "rank_worst": int(ranking.rank_worst[place]),
                "name": names[place],
                "low": round(float(ranking.lower[place]), 6),
                "high": round(float(ranking.upper[place]), 6),
                "limits": [
                    {
                        "outcome": str(hit.outcome),
                        "reason": hit.reason.text(language),
                        "article": hit.article,
                        "lifted_by": hit.lifted_by.text(language),
                    }
                    for hit in sheet.limits
                ],
                "criteria": [
                    {
                        "key": row.criterion.key,
                        "unknown": row.unknown,
                        "value": [_known(row.value_low), _known(row.value_high)],
                        "unit": row.unit,
                        "score": [round(row.score_low, 6), round(row.score_high, 6)],
                        "weight": round(row.weight, 6),
                        "source": row.source,
                    }
                    for row in sheet.rows
                ],
            }
        )
    return entries


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)


if __name__ == "__main__":
    sys.exit(main())
