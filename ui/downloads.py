"""Offer the ranking, the plots and the map as files, made when they are asked for."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import streamlit as st

from data.vocabulary import Confidentiality, ReceptionKind, highest_class
from geo import layers
from reports.classes import HIGHEST_VISIBLE, Audience, class_of, for_class
from reports.content import Content, content_of, layers_told
from reports.drawing.ground import MapLayers
from reports.outputs import OUTPUTS, Beside, Output
from scoring.indicators import Measured, Surroundings
from scoring.kader import Kader
from scoring.ranking import Ranking
from ui import offer, session, shared
from ui.text import language, t


def map_layers() -> MapLayers:
    """Give what lies under the plots of a picture: all of it is public."""
    return MapLayers(layers.municipalities(), layers.reception_locations())


def show(
    *,
    kind: ReceptionKind,
    plots: gpd.GeoDataFrame,
    kept: npt.NDArray[np.bool_],
    measured: Measured,
    ranking: Ranking,
) -> None:
    """Show the buttons; the files hold the plots that are kept."""
    lang = language()
    today = dt.date.today()
    folded = st.expander(
        t("download.title"), icon=":material/download:", key="downloads", on_change="rerun"
    )
    if not folded.open:
        return
    plots = plots[kept]
    with folded:
        audience = st.segmented_control(
            t("download.audience"),
            list(Audience),
            default=Audience.INTERN,
            required=True,
            wrap=True,
            key="audience",
            format_func=lambda value: t(f"download.audience.{value}"),
            help=t("download.audience_help"),
        )
        seen = Audience(audience or Audience.INTERN)
        weights = dict(ranking.weights)

        def made() -> Content:
            allowed = session.measured(measured.kader, HIGHEST_VISIBLE[seen])
            places = allowed.plot_ids.get_indexer(plots.index)
            return content_of(
                plots,
                allowed.take(places),
                weights,
                seen,
                date=today,
                stamp=session.stamp(kind),
            )

        around = session.surroundings(HIGHEST_VISIBLE[seen])
        label = class_of_file(plots, seen, measured.kader, around)
        with st.container(horizontal=True):
            for output in OUTPUTS:
                if output.on_explore:
                    offer.download_button(
                        output.label.text(language()),
                        functools.partial(_make, output, made, lang),
                        output.file_name_of(kind, label, today),
                        key=f"download_{output.key}",
                    )


def _make(output: Output, content: Callable[[], Content], language: str) -> bytes:
    told = content()
    found = output.make(told, Beside(language, map_layers()))
    shared.note_output(output.name, len(told.plots), told.confidentiality)
    return found


def class_of_file(
    plots: gpd.GeoDataFrame, audience: Audience, kader: Kader, around: Surroundings
) -> Confidentiality:
    """Give the class of a file before it is made: of its plots, columns and layers of users."""
    layers = [str(own.confidentiality) for own in layers_told(kader, around) if own.confidentiality]
    return highest_class([str(class_of(for_class(plots, audience))), *layers])
