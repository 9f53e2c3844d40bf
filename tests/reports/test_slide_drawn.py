"""LibreOffice draws the slide: a page for each slide, and something on it."""

import datetime as dt
import os
import shutil
import subprocess

import pikepdf
import pptx
import pytest

from reports.content import content_of
from reports.slide import slide


def test_another_program_draws_each_slide(plots, measured, tmp_path):
    if shutil.which("soffice") is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("LibreOffice is missing: run scripts/install_system_packages.sh")
    content = content_of(plots, measured, None, "intern", date=dt.date(2026, 11, 24))
    (tmp_path / "slide.pptx").write_bytes(slide(content))
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}"),
            *("--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "slide.pptx"),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with pikepdf.open(tmp_path / "slide.pdf") as drawn:
        pages = len(drawn.pages)
    words = subprocess.run(
        ["pdftotext", tmp_path / "slide.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    with (tmp_path / "slide.pptx").open("rb") as stream:
        slides = len(pptx.Presentation(stream).slides)
    assert pages == slides >= 1 and len(words) > 100
