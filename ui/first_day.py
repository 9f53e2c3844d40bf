"""Ask within how many months a plot has to be ready."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from ui import links
from ui.text import t

KEY = "start"
"""In the state of the session and in the address."""
_MOST_MONTHS = 600


def ask_latest_start(part: DeltaGenerator) -> int:
    """Show the field, kept in the address; gives 0 for no demand, which is an empty field."""
    links.take_number(KEY, _MOST_MONTHS, None, least=1)
    within = part.number_input(
        t("explore.filter.start"), 1, _MOST_MONTHS, None, 3, key=KEY,
        help=t("explore.filter.unknown_kept"),
    )  # fmt: skip
    links.put(KEY, str(int(within or 0)), "0")
    return int(within or 0)
