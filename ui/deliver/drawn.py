"""Deliver a plot by drawing it, or change the shape of one that is there."""

from __future__ import annotations

import json
from typing import Any

import folium
import geopandas as gpd
import shapely
import streamlit as st
from branca.element import MacroElement
from folium.plugins import Draw
from jinja2 import Template
from streamlit_folium import st_folium

from geo import layers
from geo.corners import CornersError, corners_text, polygon_from_corners
from geo.crs import RD, WGS84, to_rd, to_wgs84
from geo.municipality import assign_municipality
from geo.reading.checks import flat_area
from messages import Message
from ui import done, session
from ui.components import LEAFLET_URL
from ui.deliver.files import one_file
from ui.deliver.from_file import deliver
from ui.map import ONE_COLOUR, PROVINCE_CENTRE, build_payload, live_map, shortened
from ui.reason import ask_reason
from ui.text import language, number, t, told

DRAWING_HEIGHT_PX = 520
_SEEN = "drawn_seen"

Draw.default_js = [("leaflet_draw_js", LEAFLET_URL + "draw/leaflet.draw.js")]
Draw.default_css = [("leaflet_draw_css", LEAFLET_URL + "draw/leaflet.draw.css")]


DRAW_TEXTS = (
    *("polygon", "rectangle", "cancel", "finish", "undo", "start", "cont", "end", "drag"),
    *("release", "crossing", "save", "clear", "edit", "remove", "move", "pick"),
)


class DrawTexts(MacroElement):
    """The words of the drawing tool in the user's language."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "locatiewijzerDraw({{ this.texts|tojson }}, {{ this.language|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, texts: dict[str, str], language: str) -> None:
        """Take a text for each of ``DRAW_TEXTS``."""
        super().__init__()
        self._name = "DrawTexts"
        self.texts = texts
        self.language = language


class DrawnBefore(MacroElement):
    """Shapes that are there to be changed; streamlit-folium calls the layer ``drawnItems``."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.parts|tojson }}.forEach(function (part) {"
        ' L.geoJSON(part, { style: { color: "#d4006a", weight: 3 } })'
        ".eachLayer(function (layer) { drawnItems.addLayer(layer); }); });"
        "{% endmacro %}"
    )

    def __init__(self, parts: list[dict[str, Any]]) -> None:
        """Take GeoJSON polygons in WGS84."""
        super().__init__()
        self._name = "DrawnBefore"
        self.parts = parts


_LARGE_M2 = 1_000_000
"""A hundred hectares, some 140 football fields; a choice of the team."""


def show() -> None:
    """Show the tab."""
    st.caption(t("deliver.drawn.help"))
    plots = session.candidate_plots()
    chosen = st.selectbox(
        t("deliver.drawn.which"),
        ["", *plots.index],
        key="drawn_plot",
        format_func=lambda i: str(plots["name"].get(i) or i)[:80] if i else t("deliver.drawn.new"),
    )
    round_ = st.session_state.setdefault("drawn_round", 0)
    if st.session_state.get("drawn_of") != (chosen, round_):
        # another's change after this is told, not lost
        st.session_state["drawn_of"] = chosen, round_
        st.session_state[_SEEN] = done.version_of(chosen)
    shape = ask_shape(chosen, key=f"drawing-{round_}", height=DRAWING_HEIGHT_PX)
    if shape is None:
        return
    if chosen:
        _change(chosen, shape, plots)
    else:
        _new(shape)


def ask_shape(
    plot_id: str, *, key: str, height: int = 380
) -> shapely.Polygon | shapely.MultiPolygon | None:
    """Show a map to draw on, with the shape of a plot on it if one is named.

    Returns:
        What was drawn (EPSG:28992); None while there is nothing, or while it is not yet said that
        a very large shape was meant.
    """
    answer = st_folium(
        _map(session.view(), session.version(), plot_id, language(), session.channel()),
        key=f"{key}-{plot_id}-{language()}",
        height=height,
        use_container_width=True,
        returned_objects=["all_drawings"],
    )
    shape = _typed(plot_id, key) or drawn_shape((answer or {}).get("all_drawings"))
    if shape is None:
        st.info(t("deliver.drawn.same" if plot_id else "deliver.drawn.none"))
        return None
    st.markdown(f"**{t('deliver.drawn.area', area=number(shape.area))}**")
    return shape if not is_large(shape) or _meant(shape) else None


SAME_M = 0.05
"""Corners that lie within it did not move."""


def shape_values(shape: shapely.Geometry) -> dict[str, Any]:
    """Give what changes with the shape of a plot (EPSG:28992): its municipality as well."""
    place = assign_municipality(gpd.GeoSeries([shape], crs=RD)).iloc[0]
    return {
        "geometry": shape,
        "municipality_code": place["municipality_code"],
        "municipality_certain": bool(place["municipality_certain"]),
    }


def _typed(plot_id: str, key: str) -> shapely.Polygon | None:
    """Let the corners be typed, for who does not draw with a mouse; a drawing gives way to them."""
    plots = session.candidate_plots()
    before = corners_text(plots.geometry[plot_id]) if plot_id else ""
    with st.expander(t("deliver.corners.title"), icon=":material/keyboard:"):
        text = st.text_area(
            t("deliver.corners.field"),
            before,
            key=f"corners-{key}-{plot_id}",
            help=t("deliver.corners.help"),
            max_chars=20_000,
        )
    if not text.strip() or text == before:
        return None
    try:
        return polygon_from_corners(text)
    except CornersError as problem:
        st.error(told(problem.message))
        return None


def is_large(shape: shapely.Polygon | shapely.MultiPolygon) -> bool:
    """Say whether an area (EPSG:28992) is so large that a slip of the hand is likely."""
    return bool(shape.area >= _LARGE_M2)


def _meant(shape: shapely.Polygon | shapely.MultiPolygon) -> bool:
    """Ask whether a very large shape was meant; another shape is asked about anew."""
    st.warning(t("deliver.drawn.large", hectares=number(shape.area / 10_000)))
    return st.checkbox(t("deliver.drawn.large_meant"), key=f"drawn_large_{shape.area:.0f}")


def drawn_shape(
    drawings: list[dict[str, Any]] | None,
) -> shapely.Polygon | shapely.MultiPolygon | None:
    """Give what was drawn as one valid area in EPSG:28992, None when there is none."""
    shapes = [
        shapely.from_geojson(json.dumps(drawing["geometry"]))
        for drawing in drawings or []
        if drawing.get("geometry", {}).get("type") in ("Polygon", "MultiPolygon")
    ]
    if not shapes:
        return None
    union = shapely.union_all(shapely.make_valid(shapes))
    placed = to_rd(gpd.GeoSeries([union], crs=WGS84)).iloc[0]
    return flat_area(placed).polygon


def _new(shape: shapely.Geometry) -> None:
    name = st.text_input(t("deliver.drawn.name"), key="drawn_name", max_chars=200)
    if not name.strip():
        return
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    feature = {
        "type": "Feature",
        "properties": {"naam": name.strip()},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
    content = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}).encode()
    deliver([one_file(f"{t('deliver.drawn.file')}.geojson", content)], None)


def _change(plot_id: str, shape: shapely.Geometry, plots: gpd.GeoDataFrame) -> None:
    if shapely.equals_exact(shape, plots.geometry[plot_id], tolerance=SAME_M):
        return
    reason = ask_reason(
        "deliver.drawn.reason", "deliver.drawn.save", key="drawn_changed", primary=True
    )
    if reason:
        name = shortened([plots["name"].get(plot_id)], language())[0]
        message = Message("deliver.drawn.saved", {"name": name})
        if done.change(
            plot_id, shape_values(shape), reason=reason, message=message, seen_key=_SEEN
        ):
            st.session_state["drawn_round"] += 1
            st.rerun()


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _payload(seen_by: str, plots_at: str, chosen: str, lang: str) -> str:
    plots = session.candidate_plots()
    return build_payload(
        municipalities=layers.municipalities(),
        locations=layers.reception_locations().iloc[:0],
        facilities=layers.facilities().iloc[:0],
        plots=plots[plots.index != chosen],
        shades={},
        lang=lang,
        initial=ONE_COLOUR,
    )


@st.cache_resource(max_entries=session.KEPT_VIEWS, show_spinner=False)
def _map(seen_by: str, plots_at: str, chosen: str, lang: str, channel: str) -> folium.Map:
    payload = _payload(seen_by, plots_at, chosen, lang)
    # on the plot that is to be changed, if there is one, else on the province
    chart = live_map(payload, f"drawing-{channel}", centre=PROVINCE_CENTRE if chosen else None)
    parts: list[dict[str, Any]] = []
    if chosen:
        lonlat = to_wgs84(session.candidate_plots().geometry.loc[[chosen]]).iloc[0]
        parts = [json.loads(shapely.to_geojson(part)) for part in shapely.get_parts(lonlat)]
        west, south, east, north = lonlat.bounds
        chart.fit_bounds([[south, west], [north, east]], max_zoom=17)
    shape_options = {"showArea": True, "metric": True, "allowIntersection": False,
                     "shapeOptions": {"color": "#d4006a", "weight": 3}}  # fmt: skip
    chart.add_child(DrawTexts({key: t(f"draw.{key}") for key in DRAW_TEXTS}, lang))
    Draw(
        position="topleft",
        show_geometry_on_click=False,
        draw_options={
            "polyline": False,
            "circle": False,
            "circlemarker": False,
            "marker": False,
            "polygon": shape_options,
            "rectangle": {**shape_options, "allowIntersection": True},
        },
    ).add_to(chart)
    chart.add_child(DrawnBefore(parts))
    return chart
