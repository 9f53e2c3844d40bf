"""Read a file as candidate plots and say what became of every row."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from geo.cadastral import parse_cadastral_number, spellings_of_parcel
from geo.errors import GeoError
from geo.reading import archives, bounds
from geo.reading.form import Form
from geo.reading.forms import companion_suffixes, form_of
from geo.reading.lines import close_lines, holds_areas
from geo.reading.lists import look_up
from geo.reading.open_lines import take_lines
from geo.reading.parts import choose, combine, named_apart
from geo.reading.raw import RawLayer, ReadingError
from geo.reading.result import Reading, ReadOptions
from geo.reading.understand import understand
from messages import Message

_NOTES = 200  # rows of a text that are looked through for words about secrecy
Progress = Callable[[float], None]


def read_file(
    path: Path,
    options: ReadOptions | None = None,
    *,
    file_name: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read a file as candidate plots.

    Whatever is wrong with it is told in the reading; nothing is raised for a bad file.
    Files are to be read through :func:`geo.reading.bounded_process.read_apart`, which bounds time
    and memory; this function is what runs there.

    Args:
        path: the file, or one of the parts of a shapefile with the others beside it.
        options: what the user chose.
        file_name: how the user calls it.
        progress: told how far the work is, 0 to 1.
    """
    chosen = options or ReadOptions()
    reading = Reading(file_name or path.name)
    tell = progress or (lambda share: None)
    try:
        if path.stat().st_size > bounds.MAX_FILE_BYTES:
            raise ReadingError(
                Message("read.file_large", {"limit": bounds.MAX_FILE_BYTES // 1_000_000})
            )
        reading.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        with tempfile.TemporaryDirectory() as folder:
            reading.kind, layers, remarks = _layers(path, Path(folder), chosen)
        tell(0.4)
        if chosen.look_up is not None:
            reading.found = look_up(layers, chosen.look_up)
            return reading
        if chosen.lines:
            reading.lines = take_lines(layers, chosen)
            if reading.lines and not _hold_shapes(layers):
                return reading
        read = _understood(reading.file_name, reading.kind, layers, chosen, tell)
        read.lines = reading.lines
        read.messages = (*remarks, *read.messages)
        reading = dataclasses.replace(read, sha256=reading.sha256, kind=reading.kind)
    except GeoError as problem:
        reading.refused = problem.message
    return reading


def _hold_shapes(layers: Sequence[RawLayer]) -> bool:
    return any(row.geometry is not None for layer in layers for row in layer.rows)


# --- from file to layers -------------------------------------------------------------------------


def _layers(
    path: Path, folder: Path, options: ReadOptions
) -> tuple[str, list[RawLayer], list[Message]]:
    form = form_of(path)
    if form.container:
        return form.name, *_from_archive(path, folder, options)
    return form.name, _read_one(form, path, folder, options), []


def _read_one(form: Form, path: Path, folder: Path, options: ReadOptions) -> list[RawLayer]:
    assert form.read is not None  # noqa: S101
    try:
        layers = form.read(path, folder, options)
    except ReadingError:
        raise
    except Exception as problem:
        # The one place where anything is caught: libraries for a dozen formats raise whatever
        # they like on damaged files, as fuzzing shows, and for the user it is all one.
        raise ReadingError(Message("read.broken")) from problem
    for layer in layers:
        layer.assumed = form.assumed
    return layers


def _from_archive(
    path: Path, folder: Path, options: ReadOptions
) -> tuple[list[RawLayer], list[Message]]:
    files, left = archives.unpack(path, folder)
    layers, remarks = _from_files(files, folder, options, deeper=True)
    if left:
        said = ", ".join(left[:8]) + (", …" if len(left) > 8 else "")
        remarks.append(Message("read.zip_left", {"files": said}))
    return layers, remarks


def _from_within(archive: Path, options: ReadOptions) -> tuple[list[RawLayer], list[Message]]:
    """Read what is in an archive within an archive; a third one in that is refused."""
    # all that was unpacked so far counts, that of other archives too
    before = sum(f.stat().st_size for f in archive.parent.rglob("*") if f.is_file())
    folder = Path(tempfile.mkdtemp(dir=archive.parent))
    files, _ = archives.unpack(archive, folder, before=before)
    layers, remarks = _from_files(files, folder, options, deeper=False)
    for layer in layers:
        layer.name = f"{archive.name} \u203a {layer.name}"
    return layers, remarks


def _from_files(
    files: list[Path], folder: Path, options: ReadOptions, *, deeper: bool
) -> tuple[list[RawLayer], list[Message]]:
    """Read what was unpacked; what cannot be read is a remark as long as something can.

    Args:
        files: that were unpacked.
        folder: for what reading them makes.
        options: of the reading.
        deeper: whether an archive among them is read too.
    """
    layers: list[RawLayer] = []
    remarks: list[Message] = []
    last = ReadingError(Message("read.zip_nothing"))
    for file in files:
        if file.suffix.lower() in companion_suffixes():
            continue
        try:
            form = form_of(file)
            if not form.container:
                layers += _named_in(file, _read_one(form, file, folder, options))
            elif deeper:
                within, told = _from_within(file, options)
                layers += within
                remarks += told
            else:
                raise ReadingError(Message("read.zip_in_zip"))
        except ReadingError as problem:
            last = problem
            remarks.append(_skipped(file, problem))
    if not layers:
        raise last
    return layers, remarks


def _skipped(file: Path, problem: ReadingError) -> Message:
    return Message("read.zip_part", {"file": file.name[-80:], "reason": problem.message})


def _named_in(file: Path, layers: list[RawLayer]) -> list[RawLayer]:
    """Name the tables of a file in an archive after the file."""
    for layer in layers:
        own = layer.name not in ("", file.stem) and len(layers) > 1
        layer.name = f"{file.name} \u203a {layer.name}" if own else file.name
    return layers


# --- from layers to plots ------------------------------------------------------------------------


def _understood(
    name: str, kind: str, layers: list[RawLayer], options: ReadOptions, tell: Progress
) -> Reading:
    filled = [layer for layer in layers if layer.rows]
    if not filled:
        raise ReadingError(Message("read.no_rows"))
    # where other layers hold the areas, one of lines alone is something else
    with_areas = [layer for layer in filled if holds_areas(layer)]
    for layer in with_areas or filled:
        close_lines(layer)
    named_apart(filled)
    if options.parcels is not None:
        filled = _only_parcels(filled, options.parcels)
    taken, parts, asked = choose(filled, options)
    beside = _texts_beside(filled, taken)
    for layer in taken:
        layer.notes += beside
    readings = []
    for count, layer in enumerate(taken):
        begun, share = 0.4 + 0.6 * count / len(taken), 0.6 / len(taken)

        def part_of(done: float, begun: float = begun, share: float = share) -> None:
            tell(begun + share * done)

        own = layer.name if len(filled) > 1 else ""
        readings.append(understand(layer, kind, name, options, part_of, part=own))
    reading = combine(name, parts, readings)
    if asked and options.parcels is None:
        reading.questions = ("layer", *reading.questions)
    return reading


def _texts_beside(layers: list[RawLayer], taken: list[RawLayer]) -> list[str]:
    """Give what is written in tables that are no plots, such as a READ ME in a zip."""
    found: list[str] = []
    for layer in layers:
        if "place" in layer.questions and not any(layer is one for one in taken):
            for row in layer.rows[:_NOTES]:
                found += [*map(str, row.values), *map(str, row.values.values())]
    return found[: 10 * _NOTES]


def _only_parcels(layers: list[RawLayer], wanted: Sequence[str]) -> list[RawLayer]:
    """Keep of tables of parcels the rows with one of the numbers that are wanted."""
    numbers = {parse_cadastral_number(text) for text in wanted}
    found = []
    for layer in layers:
        rows = []
        for row in layer.rows:
            number = next(iter(spellings_of_parcel(row.values) & numbers), None)
            if number is not None:
                row.values = {"naam": str(number), "kadastraal nummer": str(number)}
                rows.append(row)
        if rows:
            found.append(dataclasses.replace(layer, rows=rows))
    if not found:
        said = ", ".join(sorted(map(str, numbers))[:5])
        raise ReadingError(Message("lookup.not_in_file", {"number": said}))
    return found
