"""What is asked of the store once for one drawing, and what is seen of writing meanwhile."""

import pytest
import sqlalchemy as sa

from geo.examples import example_plots
from store.access import LOCAL_USER
from store.database import open_store
from store.plots import change_plot, load_examples
from ui import session


@pytest.fixture
def both(tmp_path, monkeypatch):
    """A store that pages use, and that of another process on the same database."""
    address = f"sqlite:///{tmp_path / 'a.sqlite'}"
    own, other = open_store(address), open_store(address)
    load_examples(own, LOCAL_USER, example_plots().iloc[:2])
    monkeypatch.setattr(session, "store", lambda: own)
    yield own, other
    own.close()
    other.close()


def test_the_store_is_asked_once_and_own_writing_is_seen_at_once(both):
    own, other = both
    asked = []
    sa.event.listen(own.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    plot = str(example_plots().index[0])
    with session.asked_once():
        first, figures = session.version(), session.figures_key()
        before = len(asked)
        assert (session.version(), session.figures_key(), len(asked)) == (first, figures, before)
        change_plot(own, LOCAL_USER, plot, {"name": "Nieuw"}, reason="r")
        second = session.version()
        assert second != first
        change_plot(other, LOCAL_USER, plot, {"name": "Nieuwer"}, reason="r")
        assert session.version() == second
    assert session.version() != second
