"""Give the style by which QGIS shows the plots as the app does."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from presentation.symbols import PLOT_OUTLINE, SUITABILITY_BREAKS, SUITABILITY_CLASSES
from presentation.words import suitability_label

POINTS_BELOW = 25_000
"""On a map of a smaller scale than 1 to this a plot is a point."""

_DASH = "CASE WHEN \"may_rise\" AND NOT \"blocked\" THEN 'dash' ELSE 'solid' END"
_INK = f"CASE WHEN \"blocked\" THEN '0,0,0' ELSE '{PLOT_OUTLINE.lower()}' END"
_PLAIN_MM, _THICK_MM = 0.35, 0.8


def _ranges(language: str, *, fixed: bool) -> list[tuple[float, float, str, str]]:
    edges = [0.0, *(100 * b for b in SUITABILITY_BREAKS), 100.0]
    return [
        (
            edges[place],
            edges[place + 1],
            style.colour,
            suitability_label(place, language, fixed=fixed),
        )
        for place, style in enumerate(SUITABILITY_CLASSES)
    ]


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _options(**values: str) -> str:
    told = "".join(
        f'<Option name="{name}" value={quoteattr(value)} type="QString"/>'
        for name, value in values.items()
    )
    return f'<Option type="Map">{told}</Option>'


def _by_data(**expressions: str) -> str:
    """Let properties of a symbol follow from the columns of a plot."""
    told = "".join(
        f'<Option name="{name}" type="Map"><Option name="active" value="true" type="bool"/>'
        f'<Option name="expression" value={quoteattr(expression)} type="QString"/>'
        '<Option name="type" value="3" type="int"/></Option>'
        for name, expression in expressions.items()
    )
    return (
        '<data_defined_properties><Option type="Map"><Option name="name" value="" type="QString"/>'
        f'<Option name="properties" type="Map">{told}</Option>'
        '<Option name="type" value="collection" type="QString"/></Option></data_defined_properties>'
    )


def _layer(kind: str, options: str, by_data: str = "", inside: str = "") -> str:
    return (
        f'<layer class="{kind}" enabled="1" pass="0" locked="0">{options}{by_data}{inside}</layer>'
    )


_OUTLINE = _by_data(
    outlineStyle=_DASH,
    outlineColor=_INK,
    outlineWidth=f'CASE WHEN "blocked" THEN {_THICK_MM} ELSE {_PLAIN_MM} END',
)
_ONLY_BLOCKED = _by_data(enabled='"blocked"')


def _shape(name: int, colour: str) -> str:
    options = _options(
        color=_rgba(colour),
        outline_color=_rgba(PLOT_OUTLINE),
        outline_style="solid",
        outline_width=str(_PLAIN_MM),
        outline_width_unit="MM",
        style="solid",
    )
    return (
        f'<symbol type="fill" name="{name}" alpha="1" clip_to_extent="1">'
        f"{_layer('SimpleFill', options, _OUTLINE)}</symbol>"
    )


def _point(name: int, colour: str) -> str:
    """Give a hexagon on the plot; a barred disc beside it where a limit blocks it."""

    def marker(**options: str) -> str:
        return _options(**{"size_unit": "MM", "outline_width_unit": "MM", **options})

    hexagon = marker(
        name="hexagon", size="5", color=_rgba(colour), outline_color=_rgba(PLOT_OUTLINE),
        outline_style="solid", outline_width=str(_PLAIN_MM),
    )  # fmt: skip
    disc = marker(
        name="circle", size="2.2", color="0,0,0,255", outline_style="no", offset="2,-2",
        offset_unit="MM",
    )  # fmt: skip
    bar = marker(
        name="line", size="1.2", angle="90", outline_color="255,255,255,255", outline_width="0.4",
        offset="-2,-2", offset_unit="MM",
    )  # fmt: skip
    inside = (
        f'<symbol type="marker" name="@{name}@0" alpha="1" clip_to_extent="1">'
        f"{_layer('SimpleMarker', hexagon, _OUTLINE)}"
        f"{_layer('SimpleMarker', disc, _ONLY_BLOCKED)}"
        f"{_layer('SimpleMarker', bar, _ONLY_BLOCKED)}</symbol>"
    )
    options = _options(point_on_all_parts="0", point_on_surface="1")
    return (
        f'<symbol type="fill" name="{name}" alpha="1" clip_to_extent="1">'
        f"{_layer('CentroidFill', options, '', inside)}</symbol>"
    )


def qgis_style(language: str, *, fixed: bool, labels: Mapping[str, str]) -> str:
    """Give a QML style: by the lower bound, dashed where the class could be higher, thick and
    black where a limit blocks, and as points on small scales.

    Args:
        language: "nl" or "en".
        fixed: whether the kader was fixed, see :func:`presentation.words.suitability_label`.
        labels: what columns are called; QGIS reads them from the style.
    """
    aliases = "".join(
        f"<alias field={quoteattr(field)} name={quoteattr(label)}/>"
        for field, label in labels.items()
    )
    rules, symbols = [], []
    for place, (low, high, colour, label) in enumerate(_ranges(language, fixed=fixed)):
        last = "&lt;=" if high >= 100 else "&lt;"
        wanted = f"score_low &gt;= {low:.6f} AND score_low {last} {high:.6f}"
        for name, scales, told in (
            (2 * place, f'scalemindenom="{POINTS_BELOW}" scalemaxdenom="0"', label),
            (2 * place + 1, f'scalemindenom="0" scalemaxdenom="{POINTS_BELOW}"', label),
        ):
            rules.append(
                f'<rule key="{{{name:08d}}}" filter="{wanted}" symbol="{name}" {scales} '
                f"label={quoteattr(told)}/>"
            )
        symbols += [_point(2 * place, colour), _shape(2 * place + 1, colour)]
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.28.0" styleCategories="Symbology|Labeling|Fields" labelsEnabled="1">'
        '<renderer-v2 type="RuleRenderer" enableorderby="0" forceraster="0" symbollevels="0">'
        f'<rules key="{{rules}}">{"".join(rules)}</rules><symbols>{"".join(symbols)}</symbols>'
        '</renderer-v2><labeling type="simple"><settings calloutType="simple">'
        '<text-style fieldName="rank" fontSize="9" textColor="34,34,34,255" isExpression="0">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/>'
        '</text-style><placement placement="1" quadOffset="4" dist="0"/></settings></labeling>'
        f"<aliases>{aliases}</aliases></qgis>"
    )


def sld_style(language: str, *, fixed: bool) -> str:
    """Give the same as an SLD, which other programs read."""
    rules = []
    for low, high, colour, label in _ranges(language, fixed=fixed):
        last = "PropertyIsLessThanOrEqualTo" if high >= 100 else "PropertyIsLessThan"
        name = quoteattr(label)[1:-1]
        rules.append(
            f"<se:Rule><se:Name>{name}</se:Name><ogc:Filter><ogc:And>"
            "<ogc:PropertyIsGreaterThanOrEqualTo><ogc:PropertyName>score_low</ogc:PropertyName>"
            f"<ogc:Literal>{low:g}</ogc:Literal></ogc:PropertyIsGreaterThanOrEqualTo>"
            f"<ogc:{last}><ogc:PropertyName>score_low</ogc:PropertyName>"
            f"<ogc:Literal>{high:g}</ogc:Literal></ogc:{last}></ogc:And></ogc:Filter>"
            '<se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">'
            f"{colour}</se:SvgParameter></se:Fill><se:Stroke>"
            f'<se:SvgParameter name="stroke">{PLOT_OUTLINE.lower()}</se:SvgParameter></se:Stroke>'
            "</se:PolygonSymbolizer></se:Rule>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" '
        'xmlns:ogc="http://www.opengis.net/ogc" xmlns:se="http://www.opengis.net/se">'
        "<NamedLayer><se:Name>locatiewijzer_plekken</se:Name><UserStyle><se:FeatureTypeStyle>"
        f"{''.join(rules)}</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
    )
