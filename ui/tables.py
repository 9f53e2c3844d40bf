"""Show what is only read as a real table: every word is there, at any width and size of text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from numbers import Number

from ui import html
from ui.text import number

_WIDE = 4
"""More columns than these become lines of their own on a telephone."""


def show_table(
    columns: Mapping[str, Iterable[object]],
    *,
    label: str,
    height_px: int | None = None,
    extra: Collection[str] = (),
    chosen: int | None = None,
    right: Collection[str] = (),
) -> None:
    """Show columns as a table whose cells wrap; nothing in it is Markdown or HTML.

    Args:
        columns: by head; numbers are written in the user's manner and stand right.
        label: what the table is called for who hears it.
        height_px: from which height it scrolls.
        extra: heads that a telephone does without.
        chosen: the place of a row to mark.
        right: heads of words that stand right, as numbers do.
    """
    cells = {head: list(values) for head, values in columns.items()}
    stands = {h: h in right or any(_is_number(v) for v in vs) for h, vs in cells.items()}
    html.show(
        "table.html",
        label=label,
        height=height_px,
        heads=[(head, stands[head], head in extra) for head in cells],
        rows=[
            [(_written(v), stands[head], head in extra) for head, v in zip(cells, row, strict=True)]
            for row in zip(*cells.values(), strict=True)
        ],
        chosen=chosen,
        stack=len(cells) - len(extra) > _WIDE,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool)


def _written(value: object) -> str:
    if _is_number(value):
        whole = float(value) == int(float(value)) if value == value else True  # type: ignore[arg-type]
        return number(float(value), 0 if whole else 1)  # type: ignore[arg-type]
    return "" if value is None or value != value else str(value)
