"""Say what a form of file is: how it is recognised, what reads it, or why it cannot be read."""

from __future__ import annotations

import contextlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geo.reading.raw import RawLayer, ReadingError
from geo.reading.result import ReadOptions
from messages import Message

HEAD_BYTES = 65_536

FIRST, BY_CONTENT, BY_NAME, LAST = 0, 50, 80, 99
"""When a form is asked whether a file is one: what others would mistake for theirs goes first."""

Reader = Callable[[Path, Path, ReadOptions], list[RawLayer]]
"""Reads a file; the second path is a folder for what reading it makes.

Raises:
    ReadingError: it cannot be read; the message says what would do.
"""


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError,
        EOFError, StopIteration,
    ) as problem:  # fmt: skip
        raise ReadingError(Message("read.bad_zip")) from problem


@dataclass(frozen=True)
class Head:
    """What is seen of a file before it is read: its path (a folder for a geodatabase) and start."""

    path: Path
    start: bytes

    @cached_property
    def suffix(self) -> str:
        """Give the end of its name, in small letters."""
        return self.path.suffix.lower()

    @cached_property
    def text(self) -> str:
        """Give its start as text, from the first letter on."""
        encoding = "utf-8"
        if self.start.startswith((b"\xff\xfe", b"\xfe\xff")):
            encoding = "utf-16"
        return self.start.decode(encoding, errors="replace").lstrip("\ufeff \r\n\t\x00")

    @cached_property
    def xml(self) -> str:
        """Give XML from its root element on, "" for what is no XML."""
        if not self.text.startswith("<"):
            return ""
        return re.sub(
            r"<\?.*?\?>|<!--.*?-->|<!doctype[^>]*>", "", self.text, flags=re.S | re.I
        ).lstrip()

    @cached_property
    def root(self) -> str:
        """Give the name of the root element of XML, in small letters and without its prefix."""
        found = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", self.xml)
        return found.group(1).lower() if found else ""

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Give the names of what is in a zip, in small letters; nothing for what is no zip.

        Raises:
            ReadingError: the zip is broken.
        """
        if not self.is_zip:
            return ()
        with _told(), zipfile.ZipFile(self.path) as archive:
            return tuple(name.lower() for name in archive.namelist()[:5000])

    def entry(self, name: str) -> bytes:
        """Give the first 100,000 bytes of a file in a zip by its name in small letters.

        Raises:
            ReadingError: the zip is broken, or there is none.
        """
        with _told(), zipfile.ZipFile(self.path) as archive:
            found = next(own for own in archive.namelist() if own.lower() == name)
            with archive.open(found) as stream:
                return stream.read(100_000)

    @property
    def is_zip(self) -> bool:
        """Whether it is a zip, an empty one too."""
        return self.start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@dataclass(frozen=True)
class Form:
    """A form of file. It is registered by standing in ``FORMS`` of a module of ``forms``.

    Attributes:
        name: as readings and the command line call it.
        recognises: whether a file is one.
        read: its reader; None for what is refused, and for a container.
        refusal: why it is refused and what would do.
        suffixes: of its files within an archive, that are taken out of it.
        companions: of files that belong to it, and hold no plots of their own.
        extras: of files that programs put beside it and that are not needed.
        order: when it is asked; see ``FIRST`` and the others.
        container: whether it holds files, that are each read by their own form.
        assumed: the reference system that holds when a file says nothing.
    """

    name: str
    recognises: Callable[[Head], bool]
    read: Reader | None = None
    refusal: Callable[[Head], Message] | None = None
    suffixes: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    order: int = BY_CONTENT
    container: bool = False
    assumed: str | None = None


def refused(
    name: str,
    recognises: Callable[[Head], bool],
    *,
    key: str = "",
    order: int = BY_CONTENT,
    **values: str,
) -> Form:
    """Give a form that is named and refused.

    Args:
        name: of the form; ``read.<name>`` says what would do.
        recognises: whether a file is one.
        key: of that message, where it is another.
        order: when it is asked.
        values: of the message.
    """
    message = Message(key or f"read.{name}", dict(values))
    return Form(name, recognises, refusal=lambda head: message, order=order)


def starts(*marks: bytes) -> Callable[[Head], bool]:
    """Recognise a file by its first bytes."""
    return lambda head: head.start.startswith(marks)


def rooted(*names: str) -> Callable[[Head], bool]:
    """Recognise XML by the name of its root element."""
    return lambda head: head.root in names
