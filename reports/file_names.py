"""Name the files that leave the app, with the class of what is in them.

A file name tells what, for which kind of reception, of which class and of which day. It never
holds a name of a plot or of a municipality: a name is read by more people than the file.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from data.vocabulary import Confidentiality, ReceptionKind


def file_name(
    output: str,
    kind: ReceptionKind | str | None,
    confidentiality: Confidentiality | str,
    date: datetime.date,
    extension: str,
) -> str:
    """Give ``locatiewijzer_<what>_<kind>_<class>_<date>.<ext>``, safe on every file system.

    Args:
        output: what it is: the name of an :class:`reports.outputs.Output`, or of another file.
        kind: the kind of reception; None for an output about all kinds.
        confidentiality: the class of the output.
        date: the day on which it was made, or the day of its snapshot.
        extension: without the dot.

    Raises:
        ValueError: the class or the kind is not one of the vocabulary.

    >>> file_name("ranglijst", "azc", "openbaar", datetime.date(2026, 11, 24), "xlsx")
    'locatiewijzer_ranglijst_azc_openbaar_2026-11-24.xlsx'
    """
    parts = [
        "locatiewijzer",
        _safe(output),
        "alle" if kind is None else ReceptionKind(kind).value,
        Confidentiality(confidentiality).value,
        date.isoformat()[:10],
    ]
    return "_".join(parts) + "." + _safe(extension)


def _safe(text: str, limit: int = 30) -> str:
    """Keep letters without accents, digits and hyphens, at most ``limit`` of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:limit] or "bestand"
