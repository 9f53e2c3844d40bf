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


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the house, and a way to change it that refuses files that the table does not name."""
    place = tmp_path_factory.mktemp("copy") / "house"
    shutil.copytree(ROOT, place, ignore=LEFT_BEHIND)

    def edit(change, edits):
        assert set(edits) <= named_files(change), change
        for name, (old, new) in edits.items():
            path = place / name
            text = path.read_text(encoding="utf-8")
            assert old in text or not old, name
            path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return place, edit


def test_a_column_of_a_plot_by_the_table_alone(copy, tmp_path):
    place, edit = copy
    edit(
        "a column of a plot",
        {
            "data/plot_schema.py": (
                'PlotColumn("remarks"',
                'PlotColumn("noise_db", ColumnType.NUMBER, readers=_ALL, sheet=18, report=10),\n'
                '    PlotColumn("remarks"',
            ),
            "data/column_names.toml": ("[headers]\n", '[headers]\nnoise_db = ["geluid"]\n'),
            "messages/nl/deliver.po": (
                "", '\nmsgid "deliver.field.noise_db"\nmsgstr "geluid"\n'),
            "messages/en/deliver.po": (
                "", '\nmsgid "deliver.field.noise_db"\nmsgstr "noise"\n'),
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
