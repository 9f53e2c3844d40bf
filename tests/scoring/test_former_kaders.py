"""Kaders of earlier versions give their own ranking, to the digit.

The figures in ``tests/fixtures/former_kaders.json`` were written before way 3 of measuring came: the
example plots by every packaged kader of then.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from scoring.indicators import measure
from scoring.kader import FORMER, load_kaders
from scoring.ranking import rank_measured

KEPT = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "former_kaders.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("version", ["2026-1", "2026-2", "2026-3"])
def test_an_earlier_kader_ranks_as_it_did(version, plots, surroundings):
    for kind, kader in load_kaders(FORMER[version]).items():
        kept = KEPT[f"{version} {kind}"]
        assert kader.hash == kept["hash"]
        ranking = rank_measured(measure(plots, kader, surroundings))
        for end in ("lower", "upper"):
            wanted = np.array([float(total) for total in kept[end]])
            np.testing.assert_allclose(getattr(ranking, end), wanted, rtol=0, atol=2e-9)
        assert ranking.rank_best.tolist() == kept["best"]
        assert ranking.rank_worst.tolist() == kept["worst"]
        assert ranking.order().tolist() == kept["order"]
