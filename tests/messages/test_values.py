"""What stands in a text is written in the language of the text."""

import datetime as dt

from messages import Message


def test_several_deliveries_are_named_by_their_moment_in_the_language():
    at = dt.datetime(2026, 3, 5, 9, 7, 3)
    called = [Message("store.delivery_called", {"at": at, "file": f}) for f in ("a.csv", "b.csv")]
    said = Message("store.error.changed_by_delivery",
                   {"delivery": called[0], "count": 2, "deliveries": tuple(called)})  # fmt: skip
    assert said.text("nl").startswith("De aanlevering van 5 mrt 2026 09:07:03 UTC (a.csv) kan niet")
    assert "5 Mar 2026 09:07:03 UTC (a.csv), 5 Mar 2026 09:07:03 UTC (b.csv)." in said.text("en")
