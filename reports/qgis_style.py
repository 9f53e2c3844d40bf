"""Give the style by which QGIS shows the plots as the app does."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from messages import text
from presentation.symbols import SUITABILITY_BREAKS, SUITABILITY_CLASSES


def _ranges() -> list[tuple[float, float, str, str]]:
    edges = [0.0, *(100 * b for b in SUITABILITY_BREAKS), 100.0]
    return [
        (edges[place], edges[place + 1], style.colour, style.label_key)
        for place, style in enumerate(SUITABILITY_CLASSES)
    ]


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def qgis_style(language: str) -> str:
    """Give a QML style: graduated by the lower bound, dashed where the class could be higher."""
    ranges, symbols = [], []
    for place, (low, high, colour, key) in enumerate(_ranges()):
        label = quoteattr(text(key, language))
        ranges.append(
            f'<range lower="{low:.6f}" upper="{high:.6f}" symbol="{place}" label={label} '
            'render="true"/>'
        )
        symbols.append(
            f'<symbol type="fill" name="{place}" alpha="0.9" clip_to_extent="1">'
            '<layer class="SimpleFill" enabled="1" pass="0" locked="0"><Option type="Map">'
            f'<Option name="color" value="{_rgba(colour)}" type="QString"/>'
            '<Option name="outline_color" value="51,64,74,255" type="QString"/>'
            '<Option name="outline_style" value="solid" type="QString"/>'
            '<Option name="outline_width" value="0.35" type="QString"/>'
            '<Option name="outline_width_unit" value="MM" type="QString"/>'
            '<Option name="style" value="solid" type="QString"/></Option></layer></symbol>'
        )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.28.0" styleCategories="Symbology|Labeling">'
        '<renderer-v2 type="graduatedSymbol" attr="score_low" graduatedMethod="GraduatedColor" '
        'enableorderby="0" forceraster="0" symbollevels="0">'
        f"<ranges>{''.join(ranges)}</ranges><symbols>{''.join(symbols)}</symbols>"
        '</renderer-v2><labeling type="simple"><settings calloutType="simple">'
        '<text-style fieldName="rank" fontSize="9" textColor="34,34,34,255" isExpression="0">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/>'
        "</text-style></settings></labeling></qgis>"
    )


def sld_style(language: str) -> str:
    """Give the same as an SLD, which other programs read."""
    rules = []
    for low, high, colour, key in _ranges():
        last = "PropertyIsLessThanOrEqualTo" if high >= 100 else "PropertyIsLessThan"
        name = quoteattr(text(key, language))[1:-1]
        rules.append(
            f"<se:Rule><se:Name>{name}</se:Name><ogc:Filter><ogc:And>"
            "<ogc:PropertyIsGreaterThanOrEqualTo><ogc:PropertyName>score_low</ogc:PropertyName>"
            f"<ogc:Literal>{low:g}</ogc:Literal></ogc:PropertyIsGreaterThanOrEqualTo>"
            f"<ogc:{last}><ogc:PropertyName>score_low</ogc:PropertyName>"
            f"<ogc:Literal>{high:g}</ogc:Literal></ogc:{last}></ogc:And></ogc:Filter>"
            '<se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">'
            f"{colour}</se:SvgParameter></se:Fill><se:Stroke>"
            '<se:SvgParameter name="stroke">#33404a</se:SvgParameter></se:Stroke>'
            "</se:PolygonSymbolizer></se:Rule>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" '
        'xmlns:ogc="http://www.opengis.net/ogc" xmlns:se="http://www.opengis.net/se">'
        "<NamedLayer><se:Name>locatiewijzer_plekken</se:Name><UserStyle><se:FeatureTypeStyle>"
        f"{''.join(rules)}</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
    )
