"""What is drawn or typed on the map: asked about when very large, told when another was first."""

import shapely
import shapely.affinity
from streamlit.testing.v1 import AppTest

from geo.corners import corners_text
from geo.examples import example_plots
from store.access import LOCAL_USER
from store.plots import change_plot, list_plots, plot_history
from ui.deliver.drawn import is_large


def test_four_hundred_hectares_are_asked_about_and_a_large_plot_is_not():
    assert is_large(shapely.box(140_000, 450_000, 142_000, 452_000))
    assert not is_large(shapely.box(140_000, 450_000, 140_600, 450_600))


def page() -> None:
    """The tab with the map to draw on, as the page shows it."""
    from ui import frame
    from ui.deliver import drawn

    frame.begin()
    with frame.told_errors():
        drawn.show()


def test_a_shape_that_another_changed_meanwhile_is_told_and_not_lost(store):
    plot_id = example_plots().index[0]
    first = list_plots(store, LOCAL_USER).geometry[plot_id]
    ours, theirs = (shapely.affinity.translate(first, x, 0) for x in (40.0, -40.0))
    test = AppTest.from_function(page, default_timeout=90).run()
    test.selectbox(key="drawn_plot").set_value(plot_id).run()
    test.text_area[0].set_value(corners_text(ours)).run()
    test.text_input(key="drawn_changed_reason").set_value("nieuwe grens")
    change_plot(store, LOCAL_USER, plot_id, {"geometry": theirs}, reason="een ander")
    test.button[-1].click().run()
    assert not test.exception, [e.value for e in test.exception]
    assert "Iemand anders" in test.error[0].value
    assert list_plots(store, LOCAL_USER).geometry[plot_id].equals_exact(theirs, 0.01)
    # the second press is a choice made with that in sight
    test.button[-1].click().run()
    assert list_plots(store, LOCAL_USER).geometry[plot_id].equals_exact(ours, 0.06)
    assert [entry.reason for entry in plot_history(store, LOCAL_USER, plot_id)][1:] == [
        "een ander", "nieuwe grens",
    ]  # fmt: skip
