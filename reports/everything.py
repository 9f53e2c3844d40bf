"""Make every output in both languages for every class of readers: ``python -m reports.everything``.

To look at: each file is one that somebody may hold in a council room. Made-up example plots only,
the best of which have a made-up plan and photo, and a map of many plots and one printed in grey.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from PIL import Image

from data.vocabulary import PAST_STATES, Confidentiality, ReceptionKind
from geo import layers
from geo.examples import example_plots
from geo.reading.read import read_file
from messages import LANGUAGES
from reports.classes import Audience
from reports.content import Photo, content_of
from reports.delivery_report import delivery_report
from reports.drawing.ground import MapLayers
from reports.file_names import file_name
from reports.map_picture import MANY_PLOTS, map_picture
from reports.outputs import OUTPUTS, Beside
from reports.provincial import FILE_NAME, overview, provincial_pdf, provincial_xlsx
from reports.snapshot import FILE_NAME as SNAPSHOT_FILE_NAME
from reports.snapshot import snapshot_number, take_snapshot
from scoring.balance import balance
from scoring.indicators import Surroundings, facts_day, measure
from scoring.kader import Kader, load_kader
from store.records import Answer, Attachment, Left, Plan, Step

_QUARTER = dt.timedelta(days=91)
_PLANNED = 4
"""So many plots of each class have a plan and a photo."""


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
    chosen = plots.groupby("confidentiality").head(_PLANNED)
    plans = {str(plot_id): _plan(str(plot_id), row, day) for plot_id, row in chosen.iterrows()}
    photos = {str(plot_id): _photo(str(plot_id), row, day) for plot_id, row in chosen.iterrows()}
    left = {
        str(plot_id): Left(day - _QUARTER, "De eigenaar verkoopt aan een ander.")
        for plot_id in plots.index[plots["state"].isin(PAST_STATES)]
    }
    made: list[Path] = []

    def keep(name: str, language: str, content: bytes) -> None:
        path = folder / language / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        made.append(path)

    for language in languages:
        under = MapLayers(layers.municipalities(), layers.reception_locations())
        for audience in audiences:
            given = content_of(plots, measured, None, audience, date=day)
            taken = take_snapshot(given.plots, given.ranking, date=day)
            content = content_of(
                plots, measured, None, audience, date=day, snapshot=snapshot_number(taken),
                plans=plans, photos=photos, left=left,
            )  # fmt: skip
            for output in OUTPUTS:
                made_of = output.make(content, Beside(language, under))
                keep(f"{audience}_{output.file_name(content)}", language, made_of)
            label = content.confidentiality
            name = file_name(SNAPSHOT_FILE_NAME, kind, label, content.date, "json")
            keep(f"{audience}_{name}", language, taken)
        many = _many(plots)
        content = content_of(
            many, measure(many, kader, Surroundings.packaged()), None, Audience.INTERN, date=day
        )
        crowd = map_picture(content, under, language=language, size="a4")
        keep("kaart_veel_plekken.png", language, crowd)
        keep("kaart_veel_plekken_grijs.png", language, _grey(crowd))
        now, before = (_balance(plots, kader, on) for on in (day, day - _QUARTER))
        told = overview(
            now, plots, date=day, before=before, since=day - _QUARTER,
            history=[(day - _QUARTER, before)],
        )  # fmt: skip
        for extension, maker in (("pdf", provincial_pdf), ("xlsx", provincial_xlsx)):
            name = file_name(FILE_NAME, None, "openbaar", day, extension)
            keep(name, language, maker(told, language=language))
        keep("verslag_aanlevering.xlsx", language, _report_of_a_delivery(language))
    return made


def _plan(plot_id: str, plot: pd.Series, day: dt.date) -> Plan:
    """Make up what comes next for a plot, as somebody of the team would write it."""

    def month(ahead: int) -> dt.date:
        months = day.year * 12 + day.month - 1 + ahead
        return dt.date(months // 12, months % 12 + 1, 1)

    return Plan(
        plot_id,
        (
            Step("Bodem en archeologie onderzoeken", "gemeente", month(-1), month(2)),
            Step("Gesprek met de buurt over de vraag hoe", "gemeente en COA", month(1), month(3)),
            Step("Besluit over de plek", "gemeenteraad", month(4), None, council=True),
            Step("Omgevingsvergunning", "gemeente", month(5), month(10)),
            Step("Aansluiting op het stroomnet", "netbeheerder"),
        ),
        (
            Answer("safety", who="de politie"),
            Answer(
                "costs", "Het Rijk betaalt per plaats; de gemeente betaalt de weg.", "COA",
                "brief van het COA (verzonnen)", day - _QUARTER,
            ),
        ),
        Confidentiality(plot["confidentiality"]),
    )  # fmt: skip


def _photo(plot_id: str, plot: pd.Series, day: dt.date) -> Photo:
    """Make up a photo of a plot: sky above a field."""
    field = np.zeros((600, 900, 3), dtype=np.uint8)
    field[:260] = np.linspace((150, 190, 225), (225, 235, 240), 260)[:, None]
    field[260:] = np.linspace((120, 150, 85), (80, 110, 55), 340)[:, None]
    made = io.BytesIO()
    Image.fromarray(field).save(made, "JPEG", quality=85)
    about = Attachment(
        plot_id, plot_id, "foto", "image/jpeg", len(made.getvalue()), "verzonnen", day - _QUARTER,
        Confidentiality(plot["confidentiality"]), dt.datetime.combine(day, dt.time(), dt.UTC), "x",
    )  # fmt: skip
    return Photo(about, made.getvalue())


def _report_of_a_delivery(language: str) -> bytes:
    """Make up a list of three, of which one is refused and one asks something, and its report."""
    field = "POLYGON ((136000 455000, 136100 455000, 136100 455080, 136000 455080, 136000 455000))"
    rows = (
        ("naam", "wkt", "openbaarheid", "eigenaar"),
        ("Weide aan de kade (verzonnen)", field, "openbaar", "gemeente"),
        ("Oude werf (verzonnen)", field.replace("455", "456"), "", "iemand anders"),
        ("Zonder vorm (verzonnen)", "", "openbaar", "rijk"),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lijst.csv"
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
        return delivery_report(read_file(path), language=language)


def _many(plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lay the example plots beside themselves until there are many."""
    times = MANY_PLOTS // len(plots) + 1
    parts = []
    for k in range(times):
        part = plots.copy()
        part.index = pd.Index([f"{plot_id}-{k}" for plot_id in plots.index], name="plot_id")
        east, north = 1300 * (k % 4), 1300 * (k // 4)
        parts.append(part.set_geometry(part.geometry.translate(east, north)))
    return gpd.GeoDataFrame(pd.concat(parts), crs=plots.crs)


def _grey(picture: bytes) -> bytes:
    made = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("L").save(made, "PNG")
    return made.getvalue()


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
