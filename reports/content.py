"""Gather what an output tells: plots in order, scores, kader and sources, for one audience.

All makers of outputs take a :class:`Content`, so that the same numbers stand in all of them.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from data.loader import data_versions, resource_info, short_names
from data.vocabulary import PAST_STATES, Confidentiality, LimitOutcome, highest_class
from geo.layers import municipalities
from messages import Message, text
from presentation.plain_text import TEXT_LIMIT, printable
from presentation.symbols import SIGN_SHAPES
from reports.classes import (
    Audience,
    class_of,
    for_class,
    may_see,
    measured_for_class,
    refuse_above,
)
from scoring.indicators import Measured, Surroundings, capacity
from scoring.kader import Criterion, Kader, layer_kind
from scoring.own_layers import OwnLayer
from scoring.ranking import Ranking, rank_measured
from store.records import Attachment, Left, Plan

_ONLY_READ = ("practice", "tasks_other")
"""Packaged tables that no score and no map rests on."""


@dataclass(frozen=True)
class LimitLine:
    """A limit that a plot meets, with the reason and where the rule comes from.

    ``who`` has to act to lift it, and ``months`` is how long that took in a known case.
    """

    plot_id: str
    outcome: LimitOutcome
    reason: Message
    article: str
    lifted_by: Message
    who: str | None = None
    months: float | None = None


@dataclass(frozen=True)
class Photo:
    """A photo of a plot; ``content`` is a JPEG, empty where it is only named."""

    about: Attachment
    content: bytes = b""


@dataclass(frozen=True)
class KaderStamp:
    """Which kader made the scores; ``fixed_on`` is None for one that has not been fixed."""

    version: str
    sha256: str
    fixed_on: datetime.date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Content:
    """What an output tells.

    Attributes:
        plots: in the order of the ranking, best first, EPSG:28992, columns of
            ``data.plot_schema.PLOT_COLUMNS`` and ``municipality`` (a name, None if not known).
        ranking: of just these plots, in the same order.
        limits: the limits that plots meet.
        stamp: which kader made the scores.
        date: the day on the output.
        audience: for whom it is made.
        data_versions: SHA-256 of each data set by its name.
        seed: of draws of weights, where an output has any.
        snapshot: the number of the snapshot, or nothing.
        plans: what comes next for a plot, by ``plot_id``, as far as the readers may see it.
        photos: a photo of a plot, by ``plot_id``, as far as the readers may see it.
        left: since when and why a plot is out of the running, by ``plot_id``; why is typed text
            without a class, so it is for the team alone.
    """

    plots: gpd.GeoDataFrame
    ranking: Ranking
    limits: tuple[LimitLine, ...]
    stamp: KaderStamp
    date: datetime.date
    audience: Audience = Audience.INTERN
    data_versions: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    snapshot: str = ""
    plans: Mapping[str, Plan] = field(default_factory=dict)
    photos: Mapping[str, Photo] = field(default_factory=dict)
    left: Mapping[str, Left] = field(default_factory=dict)

    @property
    def kader(self) -> Kader:
        """The kader that the plots were measured for."""
        return self.ranking.kader

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria, in the order of the kader."""
        return self.kader.criteria

    @property
    def exploration(self) -> bool:
        """Whether other weights than those of a fixed kader were used, or none was fixed."""
        return self.ranking.exploration or self.stamp.fixed_on is None

    @property
    def sources(self) -> tuple[str, ...]:
        """The packaged files that scores and reception on the map rest on."""
        return tuple(name for name in self.data_versions if name not in _ONLY_READ)

    @property
    def own_layers(self) -> tuple[OwnLayer, ...]:
        """The layers that users loaded and that are told of, see :func:`layers_told`."""
        return layers_told(self.kader, self.ranking.measured.surroundings)

    def short_sources(self, language: str) -> tuple[str, ...]:
        """Name each source of scores and reception once, for the edge of a picture.

        Made-up plots have a band of their own; layers of users are :attr:`own_layers`.
        """
        return short_names((n for n in self.sources if n != "example_plots"), language)

    def source_lines(self, language: str) -> tuple[str, ...]:
        """Give a line for each source: what it is, where from, of when, and under which licence."""
        own = (
            text(
                "reports.source.own",
                language,
                name=printable(layer.name),
                source=printable(layer.source, TEXT_LIMIT),
                date=printable(layer.source_date),
            )
            for layer in self.own_layers
        )
        return (*source_lines(self.sources, language), *own)

    @property
    def fictional(self) -> bool:
        """Whether there is a made-up plot in it."""
        column = self.plots.get("fictional")
        return column is not None and bool(column.fillna(False).astype(bool).any())

    @property
    def confidentiality(self) -> Confidentiality:
        """The class of an output with this content: layers of users are named in it too.

        Raises:
            ClassTooHighError: there is a plot that the audience may not see.
        """
        refuse_above(self.plots, self.audience)
        told = [str(plan.confidentiality) for plan in self.plans.values()]
        told += [str(photo.about.confidentiality) for photo in self.photos.values()]
        told += [str(own.confidentiality) for own in self.own_layers if own.confidentiality]
        return highest_class([str(class_of(self.plots)), *told])

    @property
    def ranks(self) -> list[int]:
        """The rank of each plot by its lower bound: 1 is best; equal totals share a rank."""
        return [int(rank) for rank in self.ranking.ranks]

    @functools.cached_property
    def places(self) -> list[tuple[float, float]]:
        """The places that each plot gives at least and at most, whole numbers; NaN: unknown."""
        room = capacity(self.plots, self.kader)
        return [
            (float(np.floor(low)), float(np.floor(high)))
            for low, high in zip(room["low"], room["high"], strict=True)
        ]

    @property
    def in_running(self) -> list[int]:
        """The positions of the plots that can still be chosen, best first; of all where none can.

        A dropped plot and one where reception is there already keep their rank, but nobody is
        asked to work them out.
        """
        states = enumerate(self.plots["state"])
        places = [place for place, state in states if state not in PAST_STATES]
        return places or list(range(len(self.plots)))

    def limits_of(self, plot_id: str) -> list[LimitLine]:
        """Give the limits that a plot meets."""
        return self._limits_by_plot.get(plot_id, [])

    @functools.cached_property
    def _limits_by_plot(self) -> dict[str, list[LimitLine]]:
        found: dict[str, list[LimitLine]] = {}
        for line in self.limits:
            found.setdefault(line.plot_id, []).append(line)
        return found


def source_lines(resources: Iterable[str], language: str) -> tuple[str, ...]:
    """Tell of packaged files in a line each: title, source, date and licence, in "nl" or "en".

    Raises:
        DataError: there is no file of such a name.
    """
    return tuple(
        text(
            "reports.source.line",
            language,
            title=info.title_in(language),
            source=info.source_in(language),
            date=info.date,
            licence=info.licence_in(language),
        )
        for info in map(resource_info, resources)
    )


def layers_told(kader: Kader, around: Surroundings) -> tuple[OwnLayer, ...]:
    """Give the layers of users that a kader measures to or that the map of a plot has signs of."""
    measures = [c.indicator for c in kader.criteria] + [limit.measure for limit in kader.limits]
    told = {layer_kind(measure) or measure for measure in measures} | set(SIGN_SHAPES)
    return tuple(layer for kind, layer in sorted(around.own.items()) if kind in told)


def content_of(
    plots: gpd.GeoDataFrame,
    measured: Measured,
    weights: Mapping[str, float] | None,
    audience: Audience | str,
    *,
    date: datetime.date,
    stamp: KaderStamp | None = None,
    only: Sequence[str] | None = None,
    seed: int = 0,
    snapshot: str = "",
    plans: Mapping[str, Plan] | None = None,
    photos: Mapping[str, Photo] | None = None,
    left: Mapping[str, Left] | None = None,
) -> Content:
    """Take out what an audience may not see, and only then rank what is left.

    Args:
        plots: candidate plots, in the order in which they were measured.
        measured: their measured values, whatever they rest on.
        weights: points for each criterion, those of the kader by default.
        audience: for whom the output is made.
        date: the day on the output.
        stamp: which kader; by default that of ``measured``, not fixed.
        only: identifiers of the plots that are wanted; their ranks are among themselves.
        seed: of draws of weights.
        snapshot: its number.
        plans: what comes next for plots, by ``plot_id``, whatever its class.
        photos: photos of plots, by ``plot_id``, whatever their class.
        left: since when and why plots are out of the running, by ``plot_id``.
    """
    seen = for_class(plots, audience)
    if only is not None:
        seen = seen[seen.index.isin(list(only))]
    measured = measured_for_class(measured, audience)
    places = plots.index.get_indexer(seen.index)
    ranking = rank_measured(measured.take(places), weights)
    order = ranking.order()
    ranking = rank_measured(measured.take(places[order]), weights)
    ordered = seen.iloc[order].copy()
    names = municipalities()["name"]
    ordered["municipality"] = ordered["municipality_code"].map(names).astype(object)
    lines = tuple(
        LimitLine(
            str(plot_id), hit.outcome, hit.reason, hit.article, hit.lifted_by, hit.who, hit.months
        )
        for plot_id, hits in zip(ordered.index, ranking.measured.limits, strict=True)
        for hit in hits
    )
    kader = measured.kader
    return Content(
        ordered,
        ranking,
        lines,
        _stamp_for(stamp or KaderStamp(kader.version, kader.hash), Audience(audience)),
        date,
        Audience(audience),
        _versions(ordered),
        seed,
        snapshot,
        {
            plot_id: plan
            for plot_id, plan in (plans or {}).items()
            if plot_id in ordered.index and may_see(audience, str(plan.confidentiality))
        },
        {
            plot_id: photo
            for plot_id, photo in (photos or {}).items()
            if plot_id in ordered.index and may_see(audience, str(photo.about.confidentiality))
        },
        {
            plot_id: one if Audience(audience) is Audience.INTERN else replace(one, reason="")
            for plot_id, one in (left or {}).items()
            if plot_id in ordered.index
        },
    )


def _stamp_for(stamp: KaderStamp, audience: Audience) -> KaderStamp:
    # Why a kader was fixed is what somebody typed: it has no class, so it is for the team alone.
    return stamp if audience is Audience.INTERN else replace(stamp, reason="")


def _versions(plots: gpd.GeoDataFrame) -> dict[str, str]:
    return {name: sha for name, sha in data_versions().items() if _used(name, plots)}


def _used(name: str, plots: gpd.GeoDataFrame) -> bool:
    # The examples are named only where one of them is in the output.
    fictional = "fictional" in plots and bool(pd.Series(plots["fictional"]).fillna(False).any())
    return name != "example_plots" or fictional
