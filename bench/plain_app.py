"""The alternative to measure against: a plain st_folium page that redraws a GeoJson."""

from __future__ import annotations

import os

import folium
import numpy as np
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from bench.many_plots import many_plots
from data.vocabulary import ReceptionKind
from geo.crs import to_wgs84
from scoring.indicators import Surroundings, measure
from scoring.kader import load_kader
from scoring.ranking import rank_measured
from ui.kept import leaflet_folder

# under an address of its own: the page of Locatiewijzer serves it by a version
leaflet = components.declare_component("leaflet", path=str(leaflet_folder()))
folium.Map.default_js = [("leaflet", f"/component/{leaflet.name}/leaflet.js")]
folium.Map.default_css = [("leaflet_css", f"/component/{leaflet.name}/leaflet.css")]


@st.cache_resource
def prepared():
    plots = many_plots(int(os.environ["PLOTS"]))
    kader = load_kader(ReceptionKind.AZC)
    return to_wgs84(plots[["name", "geometry"]]), measure(plots, kader, Surroundings.packaged())


plots, measured = prepared()
step = st.session_state.get("step", 0)
if st.button("volgende"):
    step = st.session_state["step"] = step + 1
keys = list(measured.criteria)
weights = np.ones(len(keys))
weights[0] = 1 + step
ranking = rank_measured(measured, dict(zip(keys, weights / weights.sum(), strict=True)))
ramp = ["#FFF3B0", "#A1DAB4", "#41B6C4", "#2C7FB8", "#253494"]
classes = np.clip(ranking.lower // 20, 0, 4).astype(int)
drawn = plots.assign(colour=[ramp[c] for c in classes])
chart = folium.Map([52.09, 5.17], zoom_start=10, tiles=None, prefer_canvas=True)
group = folium.FeatureGroup("plots")
folium.GeoJson(
    drawn,
    style_function=lambda f: {"fillColor": f["properties"]["colour"], "weight": 1},
    tooltip=folium.GeoJsonTooltip(["name"]),
).add_to(group)
st_folium(
    chart,
    key="kaart",
    feature_group_to_add=group,
    returned_objects=["last_object_clicked"],
    width=800,
    height=600,
)
best = ranking.order("lower")[:50]
st.dataframe({"naam": drawn["name"].iloc[best], "score": ranking.lower[best].round(1)})
