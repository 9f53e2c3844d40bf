"""Fill the page's HTML templates: every value is escaped unless the template was told otherwise."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import jinja2
import streamlit as st

TEMPLATES = Path(__file__).parent / "templates"
_environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def filled(template: str, **values: Any) -> str:
    """Give a template of ``ui/templates`` with its places filled."""
    return _environment.get_template(template).render(**values)


def show(template: str, **values: Any) -> None:
    """Show a filled template on the page."""
    st.html(filled(template, **values))


def image(svg: str) -> str:
    """Give a drawing as the address of an image: pages take no SVG of their own."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
