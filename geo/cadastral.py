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
          "kadastralegemeentecode", "kadgemcode", "kad gem code", "gemeentecode")  # fmt: skip
_NAMES = ("kadastralegemeentewaarde", "kadastrale gemeente waarde", "kadastrale gemeente",
          "kadastralegemeente", "kad gemeente", "kadgem", "kad gem", "gemeente", "gemeentenaam",
          "burgerlijke gemeente", "plaats")  # fmt: skip
_SECTION = ("sectie", "section", "kad sectie", "kadsectie", "kadastrale sectie", "sectieletter")
_PARCEL = ("perceelnummer", "perceel", "perceelnr", "nummer", "kad perceel", "perceel nr", "nr",
           "perceelsnummer", "kad nummer", "kadastraal perceelnummer")  # fmt: skip
_WHOLE = ("kadastrale aanduiding", "kadastraal nummer", "aanduiding", "kadastraleaanduiding",
          "kadastraal perceel", "kadaster", "perceel", "kadastraal", "perceelnummer",
          "identificatie", "kad nr", "kadnr")  # fmt: skip

_CODED = re.compile(
    r"([A-Z]{3})[\s_.-]*(\d{2})[\s_.,-]*(?:SECTIE\s*)?([A-Z]{1,2})[\s_.,-]*"
    r"(?:(?:NUMMER|NR|NO|PERCEEL)\b[\s.]*)?0*(\d{1,5})(?:[\s_.-]*(?:[GA][\s_-]*0*)?)?"
)
_NAMED = re.compile(
    r"([A-Z][A-Z' .()-]*?)[\s_,;.-]+(?:SECTIE\s*)?([A-Z]{1,2})[\s_,;.-]+"
    r"(?:(?:NUMMER|NR|NO|PERCEEL)\b[\s.]*)?0*(\d{1,5})(?:[\s_.-]*[GA][\s_-]*0+)?"
)
_LEAD = re.compile(
    r"^(?:KADASTRAAL\s+)?(?:BEKEND\s+)?(?:ALS\s+)?(?:BIJ\s+)?(?:KADASTRALE\s+)?(?:GEMEENTE\s+|GEM\.\s*)?"
)
_MORE = re.compile(r"(?:(?:SECTIE\s*)?([A-Z]{1,2})[\s_.-]+)?(?:(?:NUMMER|NR)\b[\s.]*)?0*(\d{1,5})")


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
    named = _NAMED.fullmatch(_LEAD.sub("", bare))
    if named is None or not int(named[3]) or len(named[1].strip()) < 3:
        raise LookupFailedError(Message("lookup.bad_number", {"value": text.strip()[:60]}))
    return CadastralNumber(_name(named[1]), named[2], int(named[3]))


def parse_cadastral_numbers(text: str) -> tuple[CadastralNumber, ...]:
    """Read one number or several of one plot; a later one may leave out what it shares.

    >>> [str(n) for n in parse_cadastral_numbers("DBT00 B 1000, 1001 en C 7")]
    ['DBT00 B 1000', 'DBT00 B 1001', 'DBT00 C 7']

    Raises:
        LookupFailedError: one of them is none.
    """
    try:
        return (parse_cadastral_number(text),)
    except LookupFailedError:
        pieces = [p.strip() for p in re.split(r"[,;+/&\n]|\ben\b|\band\b", text) if p.strip()]
        if not 1 < len(pieces) <= 50:
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


def numbers_of_row(values: Mapping[str, Any]) -> tuple[CadastralNumber, ...]:
    """Read the cadastral numbers that a row of a table gives for its plot, none when it has none.

    Section and parcel may stand in columns of their own.
    """
    cells = {plain(str(header)): value for header, value in values.items()}
    for texts in (_from_parts(cells, (*_CODES, *_NAMES)), _whole(cells)):
        for text in texts:
            try:
                return parse_cadastral_numbers(text)
            except LookupFailedError:
                continue
    return ()


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
