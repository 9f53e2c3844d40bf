"""What the documents say is what the code does."""

import re
from pathlib import Path

import numpy as np
import pytest

from data.vocabulary import PAST_STATES, ReceptionKind
from geo.examples import example_plots
from messages import text as said
from scoring.indicators import Surroundings, measure
from scoring.kader import load_kader, load_kaders
from scoring.ranking import rank_measured
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
    points = dict(found.value_function.points)
    assert (points[800], points[4000], points[10000]) == (1.0, 0.4, 0.0)


def weight_lines():
    """The table of weights: a row a criterion, a column a kind, in hundredths of the whole."""
    kaders = load_kaders()
    lines = ["| Criterium | " + " | ".join(ReceptionKind) + " |", "|---|" + "---:|" * len(kaders)]
    seen = {}
    for kind in ReceptionKind:
        for criterion in kaders[kind].criteria:
            seen.setdefault(criterion.key, criterion)
    order = ("omvang", "voorzieningen", "integratie", "haalbaarheid")
    for criterion in sorted(seen.values(), key=lambda c: order.index(c.group)):
        cells = []
        for kind in ReceptionKind:
            share = kaders[kind].weights.get(criterion.key)
            cells.append("" if share is None else f"{round(100 * share)}")
        name = said(f"scoring.criterion.{criterion.key}", "nl")
        lines.append(f"| {criterion.group}: {name} | " + " | ".join(cells) + " |")
    return lines


def known_lines():
    """The table of known cases: where each stands, and what happened."""
    from tests.scoring.known_cases import CASES, lines_of

    around = Surroundings.packaged()
    lines = [
        "| Geval | Soort | Score | Plaats | Kan worden | Wat er gebeurde |",
        "|---|---|---:|---:|---:|---|",
    ]
    for found in lines_of(CASES, around).values():
        case = found.case
        lines.append(
            f"| {case.name} | {case.kind} | {round(found.low)} tot {round(found.high)} | "
            f"{found.place} van {found.count} | {found.best} tot {found.worst} | {case.what} "
            f"({case.source}) |"
        )
    return lines


def certain_lines():
    """The table of how certain the order of the examples is, in the list and with all of them."""
    around, plots = Surroundings.packaged(), example_plots()
    live = ~plots["state"].isin(PAST_STATES).to_numpy()
    lines = ["| Soort | Breedte in punten | In de lijst | Met alle 32 |", "|---|---:|---:|---:|"]
    for kind in ReceptionKind:
        measured = measure(plots, load_kader(kind), around)
        cells = []
        for chosen in (live, np.ones(len(plots), dtype=bool)):
            ranking = rank_measured(measured.take(np.flatnonzero(chosen)))
            spans = (ranking.rank_worst - ranking.rank_best + 1) / chosen.sum()
            cells.append(f"{round(100 * float((spans > 0.5).mean()))} %")
            width = float(np.median(ranking.upper - ranking.lower))
        lines.append(f"| {kind} | {width:.1f} | ".replace(".", ",") + " | ".join(cells) + " |")
    return lines


@pytest.mark.parametrize("lines", [weight_lines, known_lines, certain_lines])
def test_the_tables_of_the_method_are_those_of_the_code(lines):
    written = (DOCS / "methode.md").read_text(encoding="utf-8").splitlines()
    missing = [line for line in lines() if line not in written]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("name", ["architecture.md", "methode.md"])
def test_documents_name_files_that_are_there(name):
    root = DOCS.parent
    for path in re.findall(
        r"`((?:data|geo|scoring|store|reports|ui|messages)/[\w./]*)`", (DOCS / name).read_text()
    ):
        assert (root / path).exists(), path
