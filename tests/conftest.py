"""What many tests share: the example plots, measured once."""

from collections import Counter
from pathlib import Path

import pytest

from geo.examples import example_plots
from scoring.indicators import Surroundings, measure
from scoring.kader import load_kader

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def plots():
    return example_plots()


@pytest.fixture(scope="session")
def surroundings():
    return Surroundings.packaged()


@pytest.fixture(scope="session")
def measured(plots, surroundings):
    return measure(plots, load_kader("azc"), surroundings)


@pytest.fixture
def shared():
    """The folder with real files of others; tests that need it are skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the folder with files of others is not here")
    return SHARED


def pytest_terminal_summary(terminalreporter):
    """Say in one line how many tests did not run, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
        why = "; ".join(f"{count} since {reason}" for reason, count in reasons.most_common())
        terminalreporter.write_line(f"{len(skipped)} tests did not run: {why}")
