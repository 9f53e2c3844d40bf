"""Say once how everything looks on a map: on the screen, in a picture and in a GIS file.

Colours are chosen so that they stay apart for people who are colour-blind and on a grey print:
kinds of reception differ in shape as well as in colour, statuses differ in filling and mark,
suitability runs evenly from light to dark, and an unknown is hatched as well as grey.

The colours of the kinds are those of Okabe and Ito, "Color Universal Design" (2008); those of
suitability are the five-class YlGnBu scheme of ColorBrewer (Brewer and Harrower), with a somewhat
stronger lightest step. The class breaks are a choice of the team.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from data.vocabulary import LimitOutcome, LocationStatus, ReceptionKind

Outline = tuple[tuple[float, float], ...]
"""Corners of a closed shape within the square from -1 to 1, y upward, anti-clockwise."""


SIGN_SHAPES = {
    "station": "square",
    "school_secondary": "triangle",
    "gp_practice": "plus",
    "supermarket": "diamond",
}
"""Facilities of which the map of a plot names the nearest, as far as it is known where it is, and
the key of :data:`SHAPES` of their sign. Primary schools are not among them: most are placed by
their postcode area alone."""


@dataclass(frozen=True)
class KindSymbol:
    """How a kind of reception is drawn: ``shape`` is a key of :data:`SHAPES`."""

    colour: str
    shape: str
    label_key: str


@dataclass(frozen=True)
class StatusStyle:
    """How the status of a location changes its symbol.

    ``fill`` is "full" (the colour of the kind), "tint" (a light tint of it) or "empty" (white);
    ``dash`` is the dash pattern of the outline in pixels, empty for an unbroken line; ``mark`` is
    a line over the symbol: "", "slash" or "cross".
    """

    fill: str
    dash: tuple[int, ...]
    mark: str
    label_key: str


@dataclass(frozen=True)
class SuitabilityStyle:
    """How a class of suitability is drawn. ``hatch`` is in the notation of matplotlib."""

    colour: str
    label_key: str
    dash: tuple[int, ...] = ()
    hatch: str = ""


def _regular(corners: int, *, turn_degrees: float = 90.0, radius: float = 1.0) -> Outline:
    """Give a regular polygon with its first corner at ``turn_degrees`` (90 is upward)."""
    steps = [math.radians(turn_degrees + 360.0 * k / corners) for k in range(corners)]
    return tuple((round(radius * math.cos(a), 4), round(radius * math.sin(a), 4)) for a in steps)


def _star(points: int, *, inner_radius: float) -> Outline:
    """Give a star with one point upward."""
    outer = _regular(points)
    inner = _regular(points, turn_degrees=90.0 + 180.0 / points, radius=inner_radius)
    return tuple(corner for pair in zip(outer, inner, strict=True) for corner in pair)


SHAPES: dict[str, Outline] = {
    "circle": _regular(32, radius=0.9),
    "triangle": _regular(3, radius=1.1),
    "square": ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)),
    "diamond": _regular(4, radius=1.1),
    "hexagon": _regular(6),
    "star": _star(5, inner_radius=0.5),
    "plus": (
        (-0.35, -1.0),
        (0.35, -1.0),
        (0.35, -0.35),
        (1.0, -0.35),
        (1.0, 0.35),
        (0.35, 0.35),
        (0.35, 1.0),
        (-0.35, 1.0),
        (-0.35, 0.35),
        (-1.0, 0.35),
        (-1.0, -0.35),
        (-0.35, -0.35),
    ),
}

KIND_SYMBOLS: dict[ReceptionKind, KindSymbol] = {
    ReceptionKind.AZC: KindSymbol("#0072B2", "circle", "vocabulary.ReceptionKind.azc"),
    ReceptionKind.CRISISNOODOPVANG: KindSymbol(
        "#D55E00", "triangle", "vocabulary.ReceptionKind.crisisnoodopvang"
    ),
    ReceptionKind.OEKRAINE: KindSymbol("#E69F00", "square", "vocabulary.ReceptionKind.oekraine"),
    ReceptionKind.STATUSHOUDERS: KindSymbol(
        "#009E73", "diamond", "vocabulary.ReceptionKind.statushouders"
    ),
    ReceptionKind.AMV: KindSymbol("#CC79A7", "star", "vocabulary.ReceptionKind.amv"),
    ReceptionKind.GEMENGD: KindSymbol("#333333", "plus", "vocabulary.ReceptionKind.gemengd"),
}

STATUS_STYLES: dict[LocationStatus, StatusStyle] = {
    LocationStatus.OPEN: StatusStyle("full", (), "", "vocabulary.LocationStatus.open"),
    LocationStatus.PLANNED: StatusStyle("empty", (), "", "vocabulary.LocationStatus.planned"),
    LocationStatus.CLOSED: StatusStyle("tint", (), "slash", "vocabulary.LocationStatus.closed"),
    LocationStatus.WITHDRAWN: StatusStyle(
        "empty", (2, 2), "cross", "vocabulary.LocationStatus.withdrawn"
    ),
}

SUITABILITY_BREAKS: tuple[float, ...] = (0.2, 0.4, 0.6, 0.8)
"""Between the five classes, on the total score of 0 to 1; a break belongs to the class above."""

SUITABILITY_CLASSES: tuple[SuitabilityStyle, ...] = (
    SuitabilityStyle("#FFF3B0", "symbols.suitability.0"),
    SuitabilityStyle("#A1DAB4", "symbols.suitability.1"),
    SuitabilityStyle("#41B6C4", "symbols.suitability.2"),
    SuitabilityStyle("#2C7FB8", "symbols.suitability.3"),
    SuitabilityStyle("#253494", "symbols.suitability.4"),
)
"""From the least to the most suitable: ever darker, so that a grey print keeps the order."""

SUITABILITY_UNKNOWN = SuitabilityStyle(
    "#FFFFFF", "symbols.suitability.unknown", dash=(4, 3), hatch="////"
)
"""A plot without a score: hatched with a broken outline, so that it resembles no class."""

PLOT_SHAPE = "hexagon"
"""The mark of a plot that is too small to be seen as an area; no kind of reception has it."""

PLOT_OUTLINE = "#222222"
SELECTED_OUTLINE = "#D7191C"

LIMIT_COLOURS: dict[LimitOutcome, str] = {
    LimitOutcome.GEBLOKKEERD: "#7F0000",
    LimitOutcome.JURIDISCH_RISICO: "#B35900",
    LimitOutcome.PROCEDURE_NODIG: "#4D4D4D",
}

CAPTION_INK = "#4C5B66"
"""Of captions and words beside a chart: Streamlit's own grey is too pale to be read."""

SHADES: tuple[str, ...] = ("#F4F4F4", "#E6E6E6", "#D6D6D6", "#C4C4C4", "#B0B0B0")
"""Five greys by which municipalities are shaded: below every colour of a plot or a symbol."""

SHADE_UNKNOWN = SuitabilityStyle("#FFFFFF", "symbols.shade.unknown", hatch="....")

AREA_FROM_PRECISION_M = 1000.0
"""A location known to this many metres or worse is drawn as an area, never as a point."""


def suitability_class(score: float | None) -> int | None:
    """Give the class, 0 (least) to 4 (most suitable), of a total score; None when unknown.

    Args:
        score: a total of 0 to 1, or None or NaN when it is not known.

    Raises:
        ValueError: the score is below 0 or above 1.

    >>> suitability_class(0.2), suitability_class(1.0), suitability_class(None)
    (1, 4, None)
    """
    if score is None or math.isnan(score):
        return None
    if not -1e-9 <= score <= 1 + 1e-9:
        raise ValueError(f"a total score lies between 0 and 1, not at {score}")
    # A sum of shares ends a hair below a break at times (0.6000000000000001 and 0.5999999999999999
    # are the same score to a reader), so breaks are compared at nine decimals.
    return bisect_right(SUITABILITY_BREAKS, round(score, 9))


def suitability_style(score: float | None) -> SuitabilityStyle:
    """Give the style of a total score of 0 to 1, or that of an unknown."""
    found = suitability_class(score)
    return SUITABILITY_UNKNOWN if found is None else SUITABILITY_CLASSES[found]


def text_colour(background: str) -> str:
    """Give black or white, whichever reads best on a background colour (WCAG 2.2 contrast).

    >>> text_colour("#253494"), text_colour("#FFF3B0")
    ('#FFFFFF', '#000000')
    """
    return "#FFFFFF" if luminance(background) < 0.179 else "#000000"


def luminance(colour: str) -> float:
    """Give the relative luminance, 0 to 1, of a colour ``#RRGGBB`` by the formula of WCAG 2.2."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def tint(colour: str, share: float = 0.3) -> str:
    """Mix a colour with white, ``share`` being how much of the colour is left.

    >>> tint("#000000", 0.5)
    '#808080'
    """
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - p) * share):02X}" for p in parts)


def svg_symbol(
    kind: ReceptionKind | str, status: LocationStatus | str = LocationStatus.OPEN, size_px: int = 18
) -> str:
    """Draw the symbol of a reception location as an SVG element, for the map and its legend.

    Nothing in it comes from a file or a user.

    Raises:
        ValueError: the kind or the status is not one of the vocabulary.
    """
    symbol = KIND_SYMBOLS[ReceptionKind(kind)]
    style = STATUS_STYLES[LocationStatus(status)]
    fills = {"full": symbol.colour, "tint": tint(symbol.colour), "empty": "#FFFFFF"}
    corners = " ".join(f"{x:g},{-y:g}" for x, y in SHAPES[symbol.shape])
    dash = f' stroke-dasharray="{" ".join(f"{d / 9:.2f}" for d in style.dash)}"'
    edge = "#FFFFFF" if style.fill == "full" else symbol.colour
    width = 0.14 if style.fill == "full" else 0.22
    lines = {"": "", "slash": "M-1,1 L1,-1", "cross": "M-1,1 L1,-1 M-1,-1 L1,1"}[style.mark]
    over = f'<path d="{lines}" stroke="#222222" stroke-width="0.2"/>' if lines else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_px}" height="{size_px}" '
        'viewBox="-1.25 -1.25 2.5 2.5" aria-hidden="true">'
        f'<polygon points="{corners}" fill="{fills[style.fill]}" stroke="{edge}" '
        f'stroke-width="{width}"{dash if style.dash else ""}/>{over}</svg>'
    )


def plot_sign(*, uncertain: bool = False, blocked: bool = False, size_px: int = 16) -> str:
    """Draw the sign of a candidate plot as an SVG element, for a legend.

    Dashed says that the class could be higher than the certain score tells; thick and black with a
    barred disc says that a limit blocks the plot. The map draws the same signs.
    """
    corners = " ".join(f"{0.8 * x:g},{-0.8 * y:g}" for x, y in SHAPES[PLOT_SHAPE])
    dash = ' stroke-dasharray="0.34 0.26"' if uncertain and not blocked else ""
    width, colour = (0.34, "#000000") if blocked else (0.16, PLOT_OUTLINE)
    disc = (
        '<circle cx="0.7" cy="-0.7" r="0.45"/>'
        '<path d="M0.45,-0.7 h0.5" stroke="#FFFFFF" stroke-width="0.18"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_px}" height="{size_px}" '
        'viewBox="-1.25 -1.25 2.5 2.5" aria-hidden="true">'
        f'<polygon points="{corners}" fill="#FFFFFF" stroke="{colour}" stroke-width="{width}"'
        f"{dash}/>{disc if blocked else ''}</svg>"
    )
