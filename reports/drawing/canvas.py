"""The page that a picture is drawn on, measured in inches."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, Literal

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke

INK = "#17242D"
SOFT_INK = "#4A5963"
HAIR = "#C9D2D8"
PAPER = "#FFFFFF"

Bounds = tuple[float, float, float, float]
"""West, south, east, north in metres RD."""


class Canvas(FigureCanvasAgg):
    """A canvas drawn once, when it is saved: geopandas asks for a drawing at every layer."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: nobody looks on."""


def new_figure(width_in: float, height_in: float, dots_per_inch: int) -> Figure:
    """Give an empty white page."""
    figure = Figure(figsize=(width_in, height_in), dpi=dots_per_inch, facecolor=PAPER)
    Canvas(figure)
    return figure


def axes_in_inches(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Add axes without ticks at a place (left, bottom, width, height), with limits in inches."""
    width, height = figure.get_size_inches()
    left, bottom, wide, high = box
    axes = figure.add_axes((left / width, bottom / height, wide / width, high / height))
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(0, high)
    return axes


def framed(axes: Axes, colour: str = HAIR, width: float = 0.8) -> None:
    """Show the axes' background and a thin frame, without ticks."""
    axes.set_axis_on()
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlabel("")
    axes.set_ylabel("")
    for spine in axes.spines.values():
        spine.set_color(colour)
        spine.set_linewidth(width)


def write(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    colour: str = INK,
    weight: str = "normal",
    align: Literal["left", "center", "right"] = "left",
    **more: Any,
) -> Any:
    """Write a text as it is: a dollar sign in it never starts a formula."""
    return axes.text(
        x,
        y,
        words,
        fontsize=size,
        color=colour,
        fontweight=weight,
        ha=align,
        va=more.pop("va", "center"),
        family="DejaVu Sans",
        parse_math=False,
        **more,
    )


def halo(width: float = 2.0, colour: str = PAPER) -> list[withStroke]:
    """Give the white edge around letters on a map."""
    return [withStroke(linewidth=width, foreground=colour)]


def fitted(axes: Axes, words: str, size: float, width: float, *, weight: str = "normal") -> str:
    """Shorten a text until it fits in so many units of the axes, with an ellipsis."""
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    room = axes.transData.transform((width, 0))[0] - axes.transData.transform((0, 0))[0]

    def wide(text: str) -> float:
        probe = write(axes, 0, 0, text, size, weight=weight)
        extent: float = probe.get_window_extent(renderer).width
        probe.remove()
        return extent

    if wide(words) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if wide(words[:middle].rstrip() + "…") <= room:
            low = middle
        else:
            high = middle - 1
    return words[:low].rstrip() + "…"


def broken(axes: Axes, words: str, size: float, width: float) -> list[str]:
    """Break a text into lines of at most so many units of the axes; a longer word stands alone."""
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    room = axes.transData.transform((width, 0))[0] - axes.transData.transform((0, 0))[0]
    font = FontProperties(family="DejaVu Sans", size=size)

    left, lines = words.split(" "), []

    def wide(count: int) -> float:
        part = " ".join(left[:count])
        return float(renderer.get_text_width_height_descent(part, font, ismath=False)[0])

    while left:
        # To lay out a line takes longest here: it is halved to, not tried word by word.
        count = 1 + bisect_right(range(2, len(left) + 1), room, key=wide)
        lines.append(" ".join(left[:count]))
        left = left[count:]
    return lines


def dots_per_pt(axes: Axes) -> float:
    """Give how many dots a typographic point is."""
    return float(axes.figure.dpi) / 72


def widened(extent: Bounds, axes: Axes) -> Bounds:
    """Give an extent widened to the shape of the axes, around the same middle."""
    box = axes.get_window_extent()
    west, south, east, north = extent
    wide, high = max(east - west, 1.0), max(north - south, 1.0)
    shape = box.width / box.height
    if wide / high < shape:
        wide = high * shape
    else:
        high = wide / shape
    x, y = (west + east) / 2, (south + north) / 2
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def wrapped(words: str, letters: int) -> Iterable[str]:
    """Break a text into lines of at most so many letters; a longer word is cut."""
    line = ""
    for word in words.split():
        pieces = [word[k : k + letters] for k in range(0, len(word), letters)]
        for piece in pieces:
            if line and len(line) + 1 + len(piece) > letters:
                yield line
                line = piece
            else:
                line = f"{line} {piece}".strip()
    if line:
        yield line


def saved(figure: Figure, fmt: str, title: str, sources: str = "") -> bytes:
    """Give the file without anything that changes from run to run.

    Args:
        figure: the picture.
        fmt: "png" or "svg".
        title: kept in the file.
        sources: kept in the file too: what the edge of the picture names in short, whole.
    """
    stream = io.BytesIO()
    told = {"Title": title, "Source": sources} if sources else {"Title": title}
    if fmt == "svg":
        with matplotlib.rc_context({"svg.hashsalt": "locatiewijzer", "svg.fonttype": "path"}):
            figure.savefig(stream, format="svg", metadata={"Date": None, **told})
    else:
        figure.savefig(
            stream,
            format="png",
            metadata={**told, "Software": "Locatiewijzer"},
            # harder takes nearly twice the time for a twentieth of the size
            pil_kwargs={"compress_level": 3},
        )
    return stream.getvalue()
