"""Make every output in both languages for every class of readers: ``python -m reports.everything``.

To look at: each file is one that somebody may hold in a council room. Made-up example plots only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.vocabulary import ReceptionKind
from geo import ground, layers
from geo.examples import example_plots
from messages import LANGUAGES
from reports.classes import Audience
from reports.content import content_of
from reports.drawing.ground import MapLayers
from reports.file_names import file_name
from reports.outputs import OUTPUTS, Beside
from reports.provincial import FILE_NAME, overview, provincial_pdf, provincial_xlsx
from reports.snapshot import FILE_NAME as SNAPSHOT_FILE_NAME
from reports.snapshot import snapshot_number, take_snapshot
from scoring.balance import balance
from scoring.indicators import Surroundings, facts_day, measure
from scoring.kader import Kader, load_kader

_QUARTER = dt.timedelta(days=91)


def make_everything(
    folder: Path,
    kind: ReceptionKind = ReceptionKind.AZC,
    *,
    languages: Iterable[str] = LANGUAGES,
    audiences: Iterable[Audience] = tuple(Audience),
) -> list[Path]:
    """Make all outputs of the example plots into a folder; gives the files."""
    plots, kader, day = example_plots(), load_kader(kind), facts_day()
    measured = measure(plots, kader, Surroundings.packaged())
    made: list[Path] = []

    def keep(name: str, language: str, content: bytes) -> None:
        path = folder / language / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        made.append(path)

    for language in languages:
        under = MapLayers(
            layers.municipalities(),
            layers.reception_locations(),
            sources=(ground.credit(language),),
        )
        for audience in audiences:
            given = content_of(plots, measured, None, audience, date=day)
            taken = take_snapshot(given.plots, given.ranking, date=day)
            content = content_of(
                plots, measured, None, audience, date=day, snapshot=snapshot_number(taken)
            )
            for output in OUTPUTS:
                made_of = output.make(content, Beside(language, under))
                keep(f"{audience}_{output.file_name(content)}", language, made_of)
            label = content.confidentiality
            name = file_name(SNAPSHOT_FILE_NAME, kind, label, content.date, "json")
            keep(f"{audience}_{name}", language, taken)
        now, before = (_balance(plots, kader, on) for on in (day, day - _QUARTER))
        told = overview(
            now, plots, date=day, before=before, since=day - _QUARTER,
            history=[(day - _QUARTER, before)],
        )  # fmt: skip
        for extension, maker in (("pdf", provincial_pdf), ("xlsx", provincial_xlsx)):
            name = file_name(FILE_NAME, None, "openbaar", day, extension)
            keep(name, language, maker(told, language=language))
    return made


def _balance(plots: gpd.GeoDataFrame, kader: Kader, on: dt.date) -> pd.DataFrame:
    return balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots, kader,
        cycle=1, on=on,
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Make everything and print where it is."""
    parser = argparse.ArgumentParser(prog="python -m reports.everything")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build") / "outputs")
    parser.add_argument("--kind", choices=[str(k) for k in ReceptionKind], default="azc")
    chosen = parser.parse_args(arguments)
    begun = dt.datetime.now(dt.UTC)
    made = make_everything(chosen.folder, ReceptionKind(chosen.kind))
    seconds = (dt.datetime.now(dt.UTC) - begun).total_seconds()
    print(f"{len(made)} files in {chosen.folder} ({seconds:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
