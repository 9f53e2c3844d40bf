"""What the page of deliveries says of the rows that were read."""

import re

from streamlit.testing.v1 import AppTest

POINTS = "naam;x;y\nWeiland;140250;455300\n"
NONSENSE = "naam;wkt\nWeiland;POLYGON ((140000 455000, 140100\n"


def page(text: str) -> None:
    """What is shown of one file and its rows."""
    from ui import frame
    from ui.deliver.files import one_file
    from ui.deliver.from_file import deliver

    frame.begin()
    deliver([one_file("plekken.csv", text.encode())], None)


def shown(text):
    test = AppTest.from_function(page, args=(text,), default_timeout=90).run()
    assert not test.exception, [e.value for e in test.exception]
    return test


def test_what_only_waits_for_an_answer_is_no_error_and_every_word_is_in_the_table(store):
    test = shown(POINTS)
    assert not test.error and "hangt af van wat hieronder" in test.warning[0].value
    (table,) = [h.proto.body for h in test.get("html") if "<table" in h.proto.body]
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", table)
    assert cells[4:] == [
        "2", "Weiland", "geweigerd",
        "Dit is een punt, geen vlak. Geef de omtrek, of kies dat punten een vlak moeten worden.",
    ]  # fmt: skip


def test_what_no_answer_can_mend_is_an_error(store):
    assert "Geen enkele rij kon" in shown(NONSENSE).error[0].value
