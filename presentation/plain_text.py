"""Make any text fit to be printed: bounded, without control characters, in a font that has it.

Names come from files of others. A control character can turn a line around, a missing letter
makes the maker of an archival PDF refuse the page, and a name may be as long as a book.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

NAME_LIMIT = 80
"""Characters of a name that are shown where there is little room; a choice of the team."""

TEXT_LIMIT = 600
"""Characters of a longer text (a remark) that are printed; a choice of the team."""

_MISSING = "\u25a1"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def font_folder() -> Path:
    """Give the folder of the fonts that come with matplotlib; no font is taken from elsewhere."""
    import matplotlib  # imported here: who verifies a snapshot prints nothing

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@functools.cache
def _drawable() -> frozenset[int]:
    """Give the code points that DejaVu Sans, the font of all outputs, can draw."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(font_folder() / "DejaVuSans.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: object, limit: int = NAME_LIMIT, *, any_letter: bool = False) -> str:
    """Give a text as one line that every output can show.

    Args:
        text: anything; None gives an empty text.
        limit: the most characters that are kept; a longer text ends with an ellipsis.
        any_letter: whether to keep letters that the font does not have, for outputs that other
            programs show in fonts of their own.

    Returns:
        The text in normal form C without control, format and private characters, blanks joined,
        and a square for each letter that the font of the outputs does not have.

    >>> printable("a\\u202eb\\n c\\U0001f3e0")
    'ab c□'
    """
    if text is None:
        return ""
    # Cut before the work as well as after it: a text of megabytes costs nothing this way.
    raw = unicodedata.normalize("NFC", str(text)[: 4 * limit + 100])
    blanks = "".join(" " if c.isspace() else c for c in raw)
    seen = "".join(c for c in blanks if unicodedata.category(c) not in _UNSEEN)
    shown = " ".join(seen.split())
    if not any_letter:
        drawable = _drawable()
        shown = "".join(c if ord(c) in drawable else _MISSING for c in shown)
    if len(shown) > limit or len(str(text)) > 4 * limit + 100:
        return shown[: limit - 1].rstrip() + "…"
    return shown


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "|")
"""With these a spreadsheet may take a text for a formula, also when copied or saved as CSV."""


def harmless(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula when it opens a CSV.

    >>> harmless("=1+1"), harmless("plek")
    ("'=1+1", 'plek')
    """
    return "'" + text if text.startswith(FORMULA_SIGNS) else text
