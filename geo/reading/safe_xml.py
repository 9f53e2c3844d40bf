"""Read XML that may not reach anything but itself."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import IO

import defusedxml
import defusedxml.ElementTree

from geo.reading.raw import ReadingError
from messages import Message


def refuse_entities(path: Path | IO[bytes]) -> ElementTree.Element:
    """Read XML without entities or references to elsewhere; gives its root.

    Raises:
        ReadingError: it is broken, or tries such a thing.
    """
    try:
        root: ElementTree.Element = defusedxml.ElementTree.parse(path).getroot()
    except (
        ElementTree.ParseError, defusedxml.DefusedXmlException, RecursionError, ValueError,
        LookupError,
    ) as problem:  # fmt: skip
        raise ReadingError(Message("read.xml_broken", {"reason": str(problem)[:120]})) from problem
    return root
