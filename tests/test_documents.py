"""What the documents say is what the code does."""

import re
from pathlib import Path

import numpy as np
import pytest

from scoring.kader import load_kader
from scoring.robustness import DRAWS, TOLERANCE

DOCS = Path(__file__).parents[1] / "docs"


def test_the_worked_example_is_what_the_code_computes():
    text = (DOCS / "methode.md").read_text(encoding="utf-8")
    functions = {c.key: c.value_function for c in load_kader("azc").criteria}

    def score(key, value):
        return float(functions[key].scores(np.array([value]))[0])

    weights = {"capacity": 50, "station": 30, "term": 20}
    a = {
        "capacity": score("capacity", 200),
        "station": score("station", 2500),
        "term": score("term", 6),
    }
    b = {"capacity": score("capacity", 300), "station": score("station", 7000)}
    total_a = sum(weights[k] * v for k, v in a.items())
    low = sum(weights[k] * v for k, v in b.items())
    for value in (*a.values(), *b.values()):
        assert f"{value:.2f}".replace(".", ",") in text and f"{value:.2f}" in text
    for value in (total_a, low, low + weights["term"]):
        assert f"{value:.1f}".replace(".", ",") in text and f"{value:.1f}" in text


def test_figures_of_the_method_are_those_of_the_code():
    text = (DOCS / "methode.md").read_text(encoding="utf-8")
    assert f"{DRAWS:,}".replace(",", ".") in text and f"{DRAWS:,}" in text
    assert f"{TOLERANCE:.0%}".replace("%", " %") in text
    (found,) = (c for c in load_kader("azc").criteria if c.key == "station")
    assert dict(found.value_function.points) == {1000: 1.0, 4000: 0.5, 10000: 0.0}


@pytest.mark.parametrize("name", ["architecture.md", "methode.md"])
def test_documents_name_files_that_are_there(name):
    root = DOCS.parent
    for path in re.findall(
        r"`((?:data|geo|scoring|store|reports|ui|messages)/[\w./]*)`", (DOCS / name).read_text()
    ):
        assert (root / path).exists(), path
