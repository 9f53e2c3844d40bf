"""Make archival, accessible PDF (PDF/UA-1 and PDF/A-3a) from a template and data, with Typst."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from messages import Message
from presentation.plain_text import font_folder
from reports.errors import ReportError

TEMPLATES = Path(__file__).parent / "templates"
# (its stub knows fewer forms of the arguments than it takes)
_compile: Any = typst.compile
STANDARDS: tuple[str, ...] = ("ua-1", "a-3a")


def compile_pdf(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], date: dt.date
) -> bytes:
    """Fill a template with data and pictures.

    Args:
        template: name of a file in ``reports/templates``.
        data: what the template says, embedded as ``data.json``; text in it is never markup.
        pictures: files by name.
        date: the moment that the PDF bears, so that the same data give the same bytes.

    Raises:
        ReportError: the template could not be filled.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / template).write_bytes((TEMPLATES / template).read_bytes())
        content = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
        (root / "data.json").write_text(content, encoding="utf-8")
        for name, picture in pictures.items():
            (root / name).write_bytes(picture)
        moment = dt.datetime.combine(date, dt.time(12), tzinfo=dt.UTC)
        try:
            made = _compile(
                root / template,
                root=root,
                font_paths=[font_folder()],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=list(STANDARDS),
                timestamp=int(moment.timestamp()),
            )
        except typst.TypstError as problem:
            raise ReportError(
                Message("reports.error.pdf", {"reason": str(problem)[:300]})
            ) from problem
    if not isinstance(made, bytes):
        raise ReportError(Message("reports.error.pdf", {"reason": template}))
    return made
