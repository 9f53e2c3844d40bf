"""The table of likely changes in docs/architecture.md is true: a copy is changed by it and works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "var", "build", "__pycache__", ".*_cache")


def named_files(change):
    """Give the files that the table names for a change."""
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    row = next(line for line in table.splitlines() if line.startswith(f"| {change} |"))
    found = set()
    for name in re.findall(r"`([\w/*.]+)`", row.split("|")[2]):
        found |= {name.replace("*", lang) for lang in ("nl", "en")} if "*" in name else {name}
    return found


def _said(key, name):
    return "".join(
        f'\nmsgid "scoring.criterion.{key}{more}"\nmsgstr "{name}{words}"\n'
        for more, words in (("", ""), (".explained", ", hemelsbreed."))
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the house, and a way to change it that refuses files that the table does not name."""
    place = tmp_path_factory.mktemp("copy") / "house"
    shutil.copytree(ROOT, place, ignore=LEFT_BEHIND)

    def edit(change, edits):
        named = named_files(change)
        assert all(name in named or f"{Path(name).parent}/" in named for name in edits), change
        for name, (old, new) in edits.items():
            path = place / name
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            assert old in text or not old, name
            path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return place, edit


HOUSEHOLD = """
library-zeist,library,Bibliotheek Zeist,GM0355,Zeist,,5.2333,52.0880,,,100,true,false,,voorbeeld,2026-11,true
library-veenendaal,library,Bibliotheek Veenendaal,GM0345,Veenendaal,,5.5583,52.0266,,,100,true,false,,voorbeeld,2026-11,true
""".lstrip()

NAMES = '''"""Write the names of plots, a line each."""

from __future__ import annotations

from reports.content import Content


def names(content: Content) -> bytes:
    """Give the names that the readers may see."""
    return "\\n".join(content.plots["name"].astype(str)).encode()
'''


def test_a_column_a_criterion_a_layer_and_an_output_by_the_table_alone(copy, tmp_path):
    place, edit = copy
    edit(
        "a criterion that measures what is measured already",
        {
            "scoring/criteria.toml": (
                "[criteria.isk]",
                """[criteria.bus]
group = "voorzieningen"
indicator = "bus_hub"
unit = "m"
points = [[500, 1.0], [5000, 0.0]]
source = "keuze van het team"

[criteria.library]
group = "voorzieningen"
indicator = "nearest:library"
unit = "m"
points = [[1000, 1.0], [9000, 0.0]]
source = "keuze van het team"

[criteria.isk]""",
            ),
            "messages/nl/scoring.po": ("", _said("bus", "Bus") + _said("library", "Bibliotheek")),
            "messages/en/scoring.po": ("", _said("bus", "Bus") + _said("library", "Library")),
        },
    )
    for kind in ("azc", "amv"):
        head = f"[kinds.{kind}.weights]"
        edit(
            "a criterion that measures what is measured already",
            {"scoring/criteria.toml": (head, f"{head}\nbus = 4\nlibrary = 6")},
        )
    edit(
        "a layer of facilities",
        {
            "data/facilities.csv": ("", HOUSEHOLD),
            "data/datapackage.json": (
                '"bus_hub"\n              ],',
                '"bus_hub", "library"\n              ],',
            ),
            "messages/nl/data.po": ("", '\nmsgid "data.facility.library"\nmsgstr "Bibliotheken"\n'),
            "messages/en/data.po": ("", '\nmsgid "data.facility.library"\nmsgstr "Libraries"\n'),
        },
    )
    edit(
        "a layer of facilities",
        {
            "data/datapackage.json": (
                '"hospital": {\n            "complete"',
                '"library": {"complete": true, "margin_m": 0},\n          "hospital": {\n            "complete"',
            )
        },
    )
    edit(
        "an output",
        {
            "reports/names.py": ("", NAMES),
            "reports/outputs.py": (
                "OUTPUTS: tuple[Output, ...] = (",
                "OUTPUTS: tuple[Output, ...] = (\n"
                '    Output("namen", "txt", lambda content, beside: names(content)),',
            ),
            "messages/nl/reports.po": (
                "",
                '\nmsgid "reports.output.namen"\nmsgstr "Namen ({format})"\n',
            ),
            "messages/en/reports.po": (
                "",
                '\nmsgid "reports.output.namen"\nmsgstr "Names ({format})"\n',
            ),
        },
    )
    edit(
        "an output",
        {
            "reports/outputs.py": (
                "from reports.slide import slide",
                "from reports.names import names\nfrom reports.slide import slide",
            )
        },
    )
    edit(
        "a column of a plot",
        {
            "data/plot_schema.py": (
                'PlotColumn("remarks"',
                'PlotColumn("vibration_mm", ColumnType.NUMBER, readers=_ALL, sheet=30, report=10),\n'
                '    PlotColumn("remarks"',
            ),
            "data/column_names.toml": ("[headers]\n", '[headers]\nvibration_mm = ["trilling"]\n'),
            "messages/nl/deliver.po": (
                "", '\nmsgid "deliver.field.vibration_mm"\nmsgstr "trilling"\n'),
            "messages/en/deliver.po": (
                "", '\nmsgid "deliver.field.vibration_mm"\nmsgstr "vibration"\n'),
        },
    )  # fmt: skip
    database = tmp_path / "old.sqlite"
    shutil.copy(ROOT / "tests" / "fixtures" / "version_0_1" / "database.db", database)
    address = f"sqlite:///{database}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.likely_change", address],
        cwd=place,
        env={**os.environ, "LOCATIEWIJZER_DATABASE": address, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.stdout.strip().endswith("walked"), done.stderr[-3000:]
