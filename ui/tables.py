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
    sentences: bool = False,
    dutch: Collection[str] = (),
) -> None:
    """Show columns as a table whose cells wrap; nothing in it is Markdown or HTML.

    Args:
        columns: by head; numbers are written in the user's manner and stand right.
        label: what the table is called for who hears it.
        height_px: from which height it scrolls.
        extra: heads that a telephone does without.
        chosen: the place of a row to mark.
        right: heads of words that stand right, as numbers do.
        sentences: whether cells hold sentences, so that few columns already are too many for a
            telephone.
        dutch: heads of words that stay in Dutch whatever the language of the page, as their source
            has them; who hears the table hears them as Dutch.
    """
    cells = {head: list(values) for head, values in columns.items()}
    looks = {
        head: " ".join(
            name
            for name, holds in (
                ("lw-right", head in right or any(_is_number(value) for value in values)),
                ("lw-extra", head in extra),
            )
            if holds
        )
        for head, values in cells.items()
    }
    html.show(
        "table.html",
        label=label,
        height=height_px,
        heads=list(looks.items()),
        rows=[
            [
                (_written(value), look, "nl" if head in dutch else "")
                for value, (head, look) in zip(row, looks.items(), strict=True)
            ]
            for row in zip(*cells.values(), strict=True)
        ],
        chosen=chosen,
        stack=sentences or len(cells) - len(extra) > _WIDE,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool)


def _written(value: object) -> str:
    if _is_number(value):
        whole = float(value) == int(float(value)) if value == value else True  # type: ignore[arg-type]
        return number(float(value), 0 if whole else 1)  # type: ignore[arg-type]
    return "" if value is None or value != value else str(value)
