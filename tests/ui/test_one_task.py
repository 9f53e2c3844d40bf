"""What a municipality has to do is the same number wherever somebody reads it."""

import datetime as dt
import io
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.vocabulary import Confidentiality
from presentation.numbers import bounds
from store.access import LOCAL_USER
from store.figures import enter_task

BY_HAND = {
    # task, gap, still to find: from data/tasks.csv and data/reception_locations.csv
    "Houten": (344, (0, 344), (0, 169)),
    "Renswoude": (39, (0, 0), (0, 0)),
    "Nieuwegein": (364, (47, 47), (47, 47)),
    "Woerden": (337, (0, 337), (0, 0)),
    "Baarn": (500, (400, 400), (400, 400)),  # entered: 500 with 100 realised
}


@pytest.fixture
def entered(store):
    enter_task(
        store, LOCAL_USER, municipality_code="GM0308", cycle=1, status="decided", places=500,
        realised_places=100, source="raadsbrief", source_date="2026-10-01",
        confidentiality=Confidentiality.OPENBAAR,
    )  # fmt: skip
    return store


def page(name):
    from ui import frame

    frame.begin()
    with frame.told_errors():
        frame.PAGES[name][1]()


def rows_of(markup):
    """Read a table of the page: cells by row, heads from the first."""
    root = ElementTree.fromstring(f"<all>{markup}</all>")
    rows = [[cell.text or "" for cell in row] for row in root.iter("tr")]
    return pd.DataFrame(rows[1:], columns=rows[0])


def test_one_task_on_every_page_and_in_every_file(entered):
    from geo import layers
    from reports.provincial import overview, provincial_xlsx
    from scoring.balance import balance
    from scoring.kader import load_kader
    from scoring.puzzle_candidates import asked_places, puzzle_candidates
    from scoring.ranking import rank_measured
    from ui import session
    from ui.shades import municipality_figures, municipality_shades

    names = layers.municipalities()["name"]
    code_of = {name: code for code, name in names.items()}
    plots, kader = session.candidate_plots(), load_kader("azc")

    # Balans, as it is on the screen
    test = AppTest.from_function(page, kwargs={"name": "balans"}, default_timeout=60).run()
    assert not test.exception
    tables = [e.proto.body for e in test.get("html") if "lw-table" in e.proto.body]
    on_page = next(f for f in map(rows_of, tables) if "Tekort" in f.columns).set_index("Gemeente")
    # Verkennen: figure and label
    figures, shades = municipality_figures(), municipality_shades("nl")
    # the criterion, as the sheet tells it
    gaps = session.measured(kader).surroundings.gap_places
    # the puzzle
    ranking = rank_measured(session.measured(kader))
    candidates = puzzle_candidates(plots, ranking, names)
    asked = asked_places(session.tasks(), names, candidates, 20)
    # the quarterly overview
    entered_figures, exchanges = session.figures(Confidentiality.OPENBAAR)
    table = balance(
        layers.municipalities(), layers.tasks(), layers.reception_locations(), plots, kader,
        cycle=1, on=dt.date.today(), entered=entered_figures, exchanges=exchanges,
    )  # fmt: skip
    book = openpyxl.load_workbook(
        io.BytesIO(provincial_xlsx(overview(table, plots, date=dt.date.today())))
    )
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    heads = next(row for row in rows if row[0] == "Gemeente")
    quarterly = {row[0]: dict(zip(heads, row)) for row in rows[rows.index(heads) + 1 :]}

    for name, (task, gap, to_find) in BY_HAND.items():
        code = code_of[name]
        assert on_page.at[name, "Taak"] == bounds(task, task, "nl"), name
        assert on_page.at[name, "Tekort"] == bounds(*gap, "nl"), name
        assert on_page.at[name, "Nog te vinden"] == bounds(*to_find, "nl"), name
        assert figures.at[code, "task_low"] == figures.at[code, "task_high"] == task, name
        assert (figures.at[code, "gap_low"], figures.at[code, "gap_high"]) == gap, name
        place = list(names.index).index(code)
        assert shades["task"].labels[place] == bounds(task, task, "nl")
        assert shades["gap"].labels[place] == bounds(*gap, "nl")
        assert tuple(gaps.loc[code]) == gap, name
        assert asked.places.get(name, 0) + asked.short.get(name, 0) == to_find[1], name
        assert quarterly[name]["Taak"] == task, name
        assert quarterly[name]["Tekort, ten minste"] == gap[0], name
        assert quarterly[name]["Tekort, hooguit"] == gap[1], name


def test_a_confidential_figure_stays_out_of_what_leaves(entered):
    from scoring.kader import load_kader
    from ui import session

    kader = load_kader("azc")
    enter_task(
        entered, LOCAL_USER, municipality_code="GM0307", cycle=1, status="decided", places=900,
        realised_places=100, source="vertrouwelijke brief", source_date="2026-10-01",
    )  # fmt: skip
    inside = session.measured(kader).surroundings.gap_places
    outside = session.measured(kader, Confidentiality.OPENBAAR).surroundings.gap_places
    assert inside.loc["GM0307"].tolist() == [800, 800]
    assert outside.loc["GM0307"].isna().all()
    # what was made public is in both
    assert outside.loc["GM0308"].tolist() == [400, 400]
    public, _ = session.figures(Confidentiality.OPENBAAR)
    assert "vertrouwelijke brief" not in set(public["source"])
    assert not np.isnan(session.tasks().at["GM0307", "gap_low"])
