"""Write what became of each row of a delivery as a spreadsheet that an officer can keep."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from geo.reading.result import Reading
from messages import text
from presentation.plain_text import TEXT_LIMIT, harmless, printable

Extra = dict[tuple[str, int], list[str]]
"""More remarks, in words, by part and row."""


def delivery_report(
    reading: Reading, *, language: str, extra: Mapping[tuple[str, int], Sequence[str]] | None = None
) -> bytes:
    """Give a CSV (semicolons, UTF-8 with mark) with a line for every row of the file.

    Args:
        reading: what was understood of the file.
        language: "nl" or "en".
        extra: more remarks by part and row, in words.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    keys = ("part_name", "row", "name", "outcome", "messages")
    writer.writerow([text(f"deliver.{key}", language) for key in keys])
    for row in reading.rows:
        told = [message.text(language) for message in row.messages]
        told += list((extra or {}).get((row.part, row.row), []))
        writer.writerow(
            [
                harmless(printable(row.part, any_letter=True)),
                row.row,
                harmless(printable(row.name, any_letter=True)),
                text(f"deliver.outcome.{row.outcome}", language),
                harmless(printable(" ".join(told), 4 * TEXT_LIMIT, any_letter=True)),
            ]
        )
    return stream.getvalue().encode("utf-8-sig")
