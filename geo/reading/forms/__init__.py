"""Know every form of file that is delivered: each module of this folder registers its own.

A new form is a module here with ``FORMS``, and its words in ``messages``.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path

from geo.reading.form import HEAD_BYTES, Form, Head
from geo.reading.raw import ReadingError
from messages import Message


@functools.cache
def all_forms() -> tuple[Form, ...]:
    """Give all forms in the order in which they are asked."""
    found: list[Form] = []
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        found += importlib.import_module(module.name).FORMS
    return tuple(sorted(found, key=lambda form: form.order))


def form_of(path: Path) -> Form:
    """Tell by its content what a file is; its name may say anything.

    Args:
        path: a file, or the folder of a geodatabase.

    Raises:
        ReadingError: it is nothing that can be read; the message says what would do.
    """
    start = b""
    if path.is_file():
        with path.open("rb") as stream:
            start = stream.read(HEAD_BYTES)
        if not start.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
            raise ReadingError(Message("read.empty_file"))
    head = Head(path, start)
    form = next((form for form in all_forms() if form.recognises(head)), None)
    if form is None:
        raise ReadingError(Message("read.unknown_kind"))
    if form.refusal is not None:
        raise ReadingError(form.refusal(head))
    return form


@functools.cache
def readable_suffixes() -> frozenset[str]:
    """Give the ends of names of files that are taken out of an archive."""
    return frozenset(s for form in all_forms() for s in (*form.suffixes, *form.companions))


@functools.cache
def companion_suffixes() -> frozenset[str]:
    """Give the ends of names of files that belong to another one beside them."""
    return frozenset(s for form in all_forms() for s in form.companions)


@functools.cache
def extra_suffixes() -> frozenset[str]:
    """Give the ends of names of files that programs put beside theirs, and that are not needed."""
    return frozenset(s for form in all_forms() for s in form.extras)


@functools.cache
def families() -> Mapping[str, tuple[str, ...]]:
    """Give for a file that has others beside it, by the end of its name, the ends of theirs."""
    return {
        form.suffixes[0]: (*form.companions, *form.extras)
        for form in all_forms()
        if form.companions
    }
