"""Understand cadastral numbers as people write them.

A number names the cadastral municipality, the section (one or two letters) and the parcel. The
municipality is a code (three letters and two digits, ``EMN00``) or a name (``Eemnes``): parcels of
the Kadaster carry both, so that either can be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import GeoError
from geo.reading.values import plain
from messages import Message

_CODES = ("akrkadastralegemeentecodewaarde", "akr kadastrale gemeente code waarde",
          "kadastralegemeentecode", "kadgemcode", "kad gem code", "gemeentecode",
          "akr gemeentecode", "kad gemeentecode")  # fmt: skip
_NAMES = ("kadastralegemeentewaarde", "kadastrale gemeente waarde", "kadastrale gemeente",
          "kadastralegemeente", "kad gemeente", "kadgem", "kad gem", "gemeente", "gemeentenaam",
          "burgerlijke gemeente", "plaats")  # fmt: skip
_SECTION = ("sectie", "section", "kad sectie", "kadsectie", "kadastrale sectie", "sectieletter",
            "sec")  # fmt: skip
_PARCEL = ("perceelnummer", "perceel", "perceelnr", "nummer", "kad perceel", "perceel nr", "nr",
           "perceelsnummer", "perc", "kadperceel", "perceelnummers", "nummers", "kad nummer",
           "kadastraal perceelnummer")  # fmt: skip
_WHOLE = ("kadastrale aanduiding", "kadastraal nummer", "aanduiding", "kadastraleaanduiding",
          "kadastraal perceel", "kadaster", "perceel", "kadastraal", "perceelnummer",
          "identificatie", "kad nr", "kadnr", "sectie en nummer", "percelen")  # fmt: skip

_NR = r"(?:(?:NUMMERS?|NRS?|NO|PERCEEL|PERCELEN)\b[\s.]*)?"
_CODED = re.compile(
    r"([A-Z]{3})[\s_.-]*(\d{2})[\s_.,/|-]*(?:SECTIE\s*)?([A-Z]{1,2})[\s_.,/|-]*"
    + _NR
    + r"0*(\d{1,5})(?:[\s_.-]*(?:[GA][\s_-]*0*)?)?"
)
_NAMED = re.compile(
    r"(['\u2019]?[A-Z][A-Z'\u2019 .()-]*?)[\s_,;.|-]+(?:SECTIE\s*)?([A-Z]{1,2})[\s_,;.|-]*"
    + _NR
    + r"0*(\d{1,5})(?:[\s_.-]*[GA][\s_-]*0+)?"
)
_REVERSED = re.compile(
    r"(?:PERCEEL\s+)?(?:SECTIE\s*)?([A-Z]{1,2})[\s_.-]*"
    + _NR
    + r"0*(\d{1,5})[\s,]*(?:TE\s+|IN\s+|GEMEENTE\s+|GEM\.\s*|\()*"
    + r"(['\u2019]?[A-Z][A-Z'\u2019 -]{2,}?)\)?"
)
_NAME_AND_CODE = re.compile(r"[A-Z'\u2019 .-]+\(([A-Z]{3}\s?\d{2})\)(.+)")
_LEAD = re.compile(
    r"^(?:KAD(?:ASTRAAL|\.)?\s+)?(?:BEKEND\s+)?(?:ALS\s+)?(?:BIJ\s+)?(?:KADASTRALE\s+)?"
    r"(?:GEMEENTE\s+|GEM\.\s*)?"
)
_MORE = re.compile(r"(?:(?:SECTIE\s*)?([A-Z]{1,2})[\s_.-]*)?" + _NR + r"0*(\d{1,5})")
_RANGE = re.compile(r"\b(\d{1,5})\s*(?:t/m|tm|tot en met)\s*(\d{1,5})\b", re.I)
_MOST_NUMBERS = 50
_NO_NAME = {"SECTIE", "PERCEEL", "NUMMER", "KADASTRAAL", "GEMEENTE", "NIET", "NAAST", "NABIJ"}


class LookupFailedError(GeoError):
    """A number or address cannot be understood or found."""


@dataclass(frozen=True)
class CadastralNumber:
    """A parcel: ``EMN00`` or ``EEMNES``, ``A``, 1234."""

    municipality: str
    section: str
    parcel: int

    def __str__(self) -> str:
        """Give it as people write it."""
        return f"{self.municipality} {self.section} {self.parcel}"

    @property
    def has_code(self) -> bool:
        """Whether the municipality is a code and not a name."""
        return re.fullmatch(r"[A-Z]{3}\d{2}", self.municipality) is not None


def parse_cadastral_number(text: str) -> CadastralNumber:
    """Read a cadastral number as it is usually written.

    >>> str(parse_cadastral_number("emn00-a-01234")), str(parse_cadastral_number("UTT 00 AB 7 G0"))
    ('EMN00 A 1234', 'UTT00 AB 7')
    >>> str(parse_cadastral_number("gemeente Eemnes, sectie A, nummer 1234"))
    'EEMNES A 1234'

    Raises:
        LookupFailedError: it is none.
    """
    bare = " ".join(text[:120].upper().split()).strip(" .,;")
    found = _CODED.fullmatch(bare)
    if found is not None and int(found[4]):
        return CadastralNumber(found[1] + found[2], found[3], int(found[4]))
    both = _NAME_AND_CODE.fullmatch(_LEAD.sub("", bare))
    if both is not None:
        return parse_cadastral_number(f"{both[1]} {both[2].strip(' ,;')}")
    named = _NAMED.fullmatch(_LEAD.sub("", bare))
    order = (1, 2, 3)
    if named is None:
        named, order = _REVERSED.fullmatch(_LEAD.sub("", bare)), (3, 1, 2)
    name, section, parcel = (named[place].strip() if named else "" for place in order)
    if not int(parcel or 0) or len(name) < 3 or name.split()[0] in _NO_NAME:
        raise LookupFailedError(Message("lookup.bad_number", {"value": text.strip()[:60]}))
    return CadastralNumber(_name(name), section, int(parcel))


def parse_cadastral_numbers(text: str) -> tuple[CadastralNumber, ...]:
    """Read one number or several of one plot; a later one may leave out what it shares.

    >>> [str(n) for n in parse_cadastral_numbers("DBT00 B 1000, 1001 en C 7")]
    ['DBT00 B 1000', 'DBT00 B 1001', 'DBT00 C 7']

    Raises:
        LookupFailedError: one of them is none.
    """
    text = _RANGE.sub(_every_number, text)
    try:
        return (parse_cadastral_number(text),)
    except LookupFailedError:
        pieces = [p.strip() for p in re.split(r"[,;+/&\n]|\ben\b|\band\b", text) if p.strip()]
        if not 1 < len(pieces) <= _MOST_NUMBERS:
            raise
    numbers = [parse_cadastral_number(pieces[0])]
    for piece in pieces[1:]:
        more = _MORE.fullmatch(piece.upper())
        if more is None:
            numbers.append(parse_cadastral_number(piece))
        else:
            last = numbers[-1]
            numbers.append(
                CadastralNumber(last.municipality, more[1] or last.section, int(more[2]))
            )
    return tuple(dict.fromkeys(numbers))


def _every_number(found: re.Match[str]) -> str:
    first, last = int(found[1]), int(found[2])
    if not 0 < last - first < _MOST_NUMBERS:
        return found[0]
    return ", ".join(str(number) for number in range(first, last + 1))


def numbers_of_row(values: Mapping[str, Any]) -> tuple[CadastralNumber, ...]:
    """Read the cadastral numbers that a row of a table gives for its plot, none when it has none.

    Section and parcel may stand in columns of their own.
    """
    cells = {plain(str(header)): value for header, value in values.items()}
    municipality = next((cells[n] for n in (*_CODES, *_NAMES) if cells.get(n)), None)
    whole = _whole(cells)
    with_town = [f"{municipality} {text}" for text in whole if municipality and _short(text)]
    for texts in (_from_parts(cells, (*_CODES, *_NAMES)), whole, with_town):
        for text in texts:
            try:
                return parse_cadastral_numbers(text)
            except LookupFailedError:
                continue
    return ()


def _short(text: str) -> bool:
    """Say whether a text is a section and a parcel, without their municipality."""
    return re.match(r"\s*(?:sectie\s*)?[A-Z]{1,2}[\s_.-]*\d", text, re.I) is not None


def spellings_of_parcel(values: Mapping[str, Any]) -> set[CadastralNumber]:
    """Give the number of a row of a table of parcels, with the code and with the name."""
    cells = {plain(str(header)): value for header, value in values.items()}
    found = set()
    for text in (*_from_parts(cells, _CODES), *_from_parts(cells, _NAMES), *_whole(cells)):
        try:
            found.add(parse_cadastral_number(text))
        except LookupFailedError:
            continue
    return found


def has_parts(headers: Iterable[str]) -> bool:
    """Say whether headers name a municipality, a section and a parcel in columns of their own."""
    return bool(_from_parts({plain(str(h)): "x" for h in headers}, (*_CODES, *_NAMES)))


def _from_parts(cells: Mapping[str, Any], municipality: tuple[str, ...]) -> list[str]:
    parts = [
        next((cells[name] for name in names if cells.get(name) not in (None, "")), None)
        for names in (municipality, _SECTION, _PARCEL)
    ]
    return [] if None in parts else [" ".join(str(p).strip().removesuffix(".0") for p in parts)]


def _whole(cells: Mapping[str, Any]) -> list[str]:
    return [str(cells[name]) for name in _WHOLE if cells.get(name)]


def _name(text: str) -> str:
    return plain(text).upper()
