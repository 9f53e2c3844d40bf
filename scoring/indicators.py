"""Measure plots for a kader: one indicator for each criterion, an interval where not all is known.

An indicator gives ``low`` and ``high`` on the index of the plots; NaN says unknown. Travel time
can later stand where distance stands: an indicator is only a function of plots and surroundings.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import DataError
from data.loader import NOWHERE, Coverage, coverage_of, former_versions, is_kept, resource_info
from data.vocabulary import GridConnection, ObjectKind, OwnerKind, Zoning
from geo import layers
from geo.crs import RD
from geo.municipality import assign_municipality
from geo.places_layer import as_places
from messages import Message
from scoring import facilities, feasibility, integration, neighbourhoods, size
from scoring.days import day_of
from scoring.errors import ScoringError
from scoring.kader import METHODS, NEAREST, OVERLAP, Criterion, Kader
from scoring.limits import FITTING_ZONING, LimitHit, limits_of
from scoring.neighbourhoods import Middles, PeopleGrid
from scoring.own_layers import OwnLayer, line_interval_m, overlap_interval
from scoring.tasks import Exchange, gap_of, municipal_tasks

WALKING_REACH_M = 1200.0
"""About a quarter of an hour on foot; a choice of the team."""

_SHARED = ("capacity",)
"""Indicators of which the unknown is, beside what is not known of a plot, one for all plots: how
much room a place takes."""

_MOST_CELLS = 32
_CELLS_TIMES_PLOTS = 16_000
"""Into so many steps at most what is unknown for all plots alike is cut, fewer for many plots: the
possible ranks are then a little wider, never too narrow."""

_NEAREST = ("station", "bus_hub", "hospital", "isk")
_GRID_STEPS = {
    GridConnection.NIET: 0.0,
    GridConnection.BEPERKT: 1.0,
    GridConnection.BESCHIKBAAR: 2.0,
}


@functools.cache
def _packaged_people() -> PeopleGrid:
    """Spread the packaged inhabitants once, not for each surroundings with other figures."""
    return PeopleGrid.of(layers.neighbourhoods())


@functools.cache
def _province_grid(precision_m: float) -> PeopleGrid:
    area = layers.province()
    ground = {"inhabitants": [area.area], "precision_m": [precision_m]}
    return PeopleGrid.of(gpd.GeoDataFrame(ground, geometry=[area], crs=RD))


@dataclass(frozen=True)
class Surroundings:
    """What lies around plots; all layers in EPSG:28992.

    Attributes:
        locations: reception locations (points) with kind, status, places, precision_m and days.
        facilities: points with ``facility_kind``.
        inhabitants: a point for each postcode area with inhabitants and area_km2.
        gap_places: asylum places still to realise, ``low`` and ``high`` by municipality code; NaN
            when not known (see :mod:`scoring.tasks`).
        on: the day from which places nearby are counted; None counts them whatever their days.
        former_facilities: as :func:`geo.layers.facilities` gave them until November 2026, for
            kaders of then (way 1 of measuring).
        schools: points with ``facility_kind``.
        neighbourhoods: polygons with inhabitants and mean distances.
        nature: official outlines of Natura 2000 areas.
        coverage: where layers that a user loaded are complete, by kind of facility; of packaged
            kinds their own description tells it.
        own: layers that a user loaded, by kind.
        spread: gives the people of these neighbourhoods, where they are worked out once for all.
    """

    locations: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    inhabitants: gpd.GeoDataFrame
    gap_places: pd.DataFrame
    on: dt.date | None = None
    former_facilities: gpd.GeoDataFrame = field(
        default_factory=lambda: layers.facilities(former_versions("facilities")[0])
    )
    schools: gpd.GeoDataFrame = field(default_factory=layers.schools)
    neighbourhoods: gpd.GeoDataFrame = field(default_factory=layers.neighbourhoods)
    nature: gpd.GeoDataFrame = field(default_factory=layers.natura2000)
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    own: Mapping[str, OwnLayer] = field(default_factory=dict)
    spread: Callable[[], PeopleGrid] | None = None

    @functools.cached_property
    def people(self) -> PeopleGrid:
        """The inhabitants of the neighbourhoods, spread over their outlines."""
        return self.spread() if self.spread else PeopleGrid.of(self.neighbourhoods)

    @functools.cached_property
    def ground(self) -> PeopleGrid:
        """The ground of the province in m², for how much of a circle lies beyond it."""
        return _province_grid(self.people.precision_m)

    @functools.cached_property
    def middles(self) -> Middles:
        """Where the inhabitants of neighbourhoods live."""
        return Middles.of(self.neighbourhoods)

    @functools.cached_property
    def people_beyond(self) -> gpd.GeoDataFrame:
        """Postcode areas outside the province, where there are no neighbourhoods."""
        points = self.inhabitants.geometry
        return self.inhabitants[~points.within(layers.province())]

    def on_day(self, day: dt.date | None) -> Surroundings:
        """Give these surroundings on another day; None leaves them as they are.

        What municipalities have to find stays that of the day for which it was told.
        """
        if day is None or day == self.on:
            return self
        moved = replace(self, on=day)
        # nothing of these depends on the day
        for name in ("people", "ground", "middles", "people_beyond"):
            moved.__dict__[name] = getattr(self, name)
        return moved

    def with_layer(
        self, kind: str, places: gpd.GeoDataFrame, covered: Coverage = NOWHERE
    ) -> Surroundings:
        """Give these surroundings with places of a kind that a user has.

        A criterion with ``indicator = "nearest:KIND"`` measures to them.

        Args:
            kind: of facility; places of it that were there already stay.
            places: points in EPSG:28992, as :func:`geo.places_layer.as_places` gives them.
            covered: where the layer holds everything; by default nothing is said of that, so that
                a nearer place is always possible.
        """
        own = places.assign(facility_kind=kind)
        both = gpd.GeoDataFrame(pd.concat([self.facilities, own]), crs=self.facilities.crs)
        return replace(self, facilities=both, coverage={**self.coverage, kind: covered})

    def with_own(self, layer: OwnLayer) -> Surroundings:
        """Give these surroundings with a layer that a user loaded, in the place of an earlier one.

        A criterion or limit measures to it by ``nearest:KIND`` or ``overlap:KIND``.
        """
        there = self.facilities
        if layer.kind in self.own:
            there = there[~there["facility_kind"].eq(layer.kind)]
        around = replace(self, facilities=there, own={**self.own, layer.kind: layer})
        return around.with_layer(layer.kind, as_places(layer.shapes), layer.covered)

    @functools.cached_property
    def _by_kind(self) -> dict[str, gpd.GeoDataFrame]:
        return {}

    def coverage_of(self, kind: str) -> Coverage:
        """Say where the layer of a kind of facility is complete."""
        return self.coverage.get(kind) or coverage_of(kind)

    def places_of(self, kind: str) -> gpd.GeoDataFrame:
        """Give the facilities of a kind, schools among them."""
        if kind not in self._by_kind:
            layer = self.schools if kind.startswith("school_") else self.facilities
            self._by_kind[kind] = layer[layer["facility_kind"].eq(kind)]
        return self._by_kind[kind]

    @classmethod
    def packaged(
        cls,
        *,
        on: dt.date | None = None,
        entered: pd.DataFrame | None = None,
        exchanges: Sequence[Exchange] = (),
    ) -> Surroundings:
        """Give the surroundings that come with the package, with figures that users entered.

        Args:
            on: the day; by default that of the packaged locations, so that the same input gives
                the same answer on any day.
            entered: see :func:`scoring.tasks.municipal_tasks`.
            exchanges: see :func:`scoring.tasks.municipal_tasks`.
        """
        day = on or facts_day()
        locations = layers.reception_locations()
        tasks = municipal_tasks(
            layers.municipalities().index,
            layers.tasks(),
            locations,
            on=day,
            entered=entered,
            exchanges=exchanges,
        )
        return cls(
            locations,
            layers.facilities(),
            layers.inhabitants_pc4(),
            gap_of(tasks),
            day,
            spread=_packaged_people,
        )

    @classmethod
    def of_versions(
        cls,
        versions: Mapping[str, str],
        *,
        on: dt.date | None = None,
        gap_places: pd.DataFrame | None = None,
        coverage: Mapping[str, Coverage] | None = None,
    ) -> Surroundings:
        """Give the surroundings of former versions of the packaged files.

        Args:
            versions: SHA-256 by name; what was not kept is taken as it is now.
            on: the day.
            gap_places: as they were; None works them out as was done before the end of 2026.
            coverage: where layers were taken to be complete; None as their description says now.
        """
        kept = {name: sha for name, sha in versions.items() if is_kept(name, sha)}
        if gap_places is None:
            gap_places = _gap_before(layers.tasks(kept.get("tasks")))
        return cls(
            layers.reception_locations(kept.get("reception_locations")),
            layers.facilities(kept.get("facilities")),
            layers.inhabitants_pc4(kept.get("inhabitants_pc4")),
            gap_places,
            on,
            schools=layers.schools(kept.get("schools")),
            neighbourhoods=layers.neighbourhoods(
                kept.get("neighbourhoods"), kept.get("neighbourhood_outlines")
            ),
            nature=layers.natura2000(kept.get("natura2000")),
            coverage=coverage or {},
        )


def facts_day() -> dt.date:
    """Give the last day of the packaged reception locations."""
    day = day_of(resource_info("reception_locations").date, end=True)
    if day is None:
        raise DataError(Message("data.missing", {"file": "datapackage.json"}))
    return day


def _gap_before(tasks: pd.DataFrame) -> pd.DataFrame:
    """Give the gap of the first cycle as snapshots of before the end of 2026 knew it.

    Known only where both task and realised were.
    """
    first = tasks[tasks["cycle"].eq(1) & tasks["places"].notna()]
    first = first.sort_values("status", key=lambda status: status.ne("decided"), kind="stable")
    first = first.drop_duplicates("municipality_code").set_index("municipality_code")
    gap = (first["places"].astype(float) - first["realised_places"].astype(float)).clip(lower=0)
    return pd.DataFrame({"low": gap, "high": gap})


@dataclass(frozen=True)
class SharedUnknown:
    """Scores for each step of what is unknown, and turns out alike, for all plots.

    How much room a place takes is a figure of the kader, not of a plot: where it turns out low it
    does so for every plot, so that it cannot by itself turn the order of two plots.

    Attributes:
        columns: of the criteria that it moves.
        low: lowest scores, 0 to 1 (steps by plots by these columns).
        high: highest scores.
    """

    columns: tuple[int, ...]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]

    def take(self, places: npt.NDArray[np.intp]) -> SharedUnknown:
        """Give the same for some of the plots only, by position and in that order."""
        return SharedUnknown(self.columns, self.low[:, places], self.high[:, places])


ANSWERED_IN: Mapping[str, tuple[str, ...]] = {
    "capacity": ("object_kind", "gfa_m2"),
    "size_to_floor": ("object_kind", "gfa_m2"),
    "term": ("available_from", "available_until"),
    "first_day": ("available_from",),
    "existing_building": ("object_kind",),
    "public_owner": ("owner_kind",),
    "zoning_fits": ("zoning",),
    "mixed_living": ("mixed_living",),
    "grid": ("grid_connection",),
    "cost_per_place": ("cost_per_place_eur",),
}
"""In which columns of a plot the answer is kept, by indicator. The remaining task is a figure of
the municipality; classes of schools are a layer."""


@dataclass(frozen=True)
class Measured:
    """Plots measured for a kader: values, and scores as intervals.

    Attributes:
        plot_ids: the plots, in the order in which they were given.
        criteria: keys of the criteria, in the order of the columns.
        value_low: measured value, or its lower end, in the unit of the criterion; NaN: unknown.
        value_high: the upper end.
        score_low: lowest score that each value can have, 0 to 1 (plots by criteria).
        score_high: highest score; 1 where the value is unknown.
        unknown: where nothing is known of the value.
        limits: the limits that each plot meets.
        kader: for which the plots were measured.
        surroundings: in which they were.
        towns: a number for the municipality of each plot; -1 where that is not known.
        shared: what turns out alike for all plots; None when nothing does.
    """

    plot_ids: pd.Index
    criteria: tuple[str, ...]
    value_low: pd.DataFrame
    value_high: pd.DataFrame
    score_low: npt.NDArray[np.float64]
    score_high: npt.NDArray[np.float64]
    unknown: npt.NDArray[np.bool_]
    limits: list[tuple[LimitHit, ...]]
    kader: Kader
    surroundings: Surroundings
    towns: npt.NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    shared: SharedUnknown | None = None

    @functools.cached_property
    def lead_scores(self) -> npt.NDArray[np.float64]:
        """The scores by which plots stand: the lowest (way 1) or the middle of what may be."""
        low = self.score_low
        return low if self.kader.method == 1 else (low + self.score_high) / 2

    @property
    def municipal_columns(self) -> list[int]:
        """Columns of criteria of which the unknown is one of the municipality."""
        return [c for c, one in enumerate(self.kader.criteria) if one.indicator in MUNICIPAL]

    @functools.cached_property
    def text_order(self) -> npt.NDArray[np.intp]:
        """The place of each plot in the alphabet of identifiers: it settles ties."""
        places = np.empty(len(self.plot_ids), dtype=np.intp)
        names = np.asarray(self.plot_ids.astype(str), dtype=object)
        places[np.argsort(names, kind="stable")] = np.arange(len(names))
        return places

    def take(self, places: npt.NDArray[np.intp]) -> Measured:
        """Give the same values for some of the plots only, by position and in that order."""
        return Measured(
            self.plot_ids[places],
            self.criteria,
            self.value_low.iloc[places],
            self.value_high.iloc[places],
            self.score_low[places],
            self.score_high[places],
            self.unknown[places],
            [self.limits[place] for place in places],
            self.kader,
            self.surroundings,
            self.towns[places],
            self.shared and self.shared.take(places),
        )

    def without(self, columns: Collection[str]) -> Measured:
        """Give the same where nothing is known of what these columns of a plot hold.

        Criteria that are answered in one of them are unknown, and a limit that one of them tells
        is not met.
        """
        criteria = self.kader.criteria
        gone = [
            place
            for place, one in enumerate(criteria)
            if set(ANSWERED_IN.get(one.indicator, ())) & set(columns)
        ]
        untold = {limit.key for limit in self.kader.limits if limit.column in set(columns)}
        if not gone and not untold:
            return self
        nothing = np.full(len(self.plot_ids), np.nan)
        keys = [criteria[place].key for place in gone]
        score_low, score_high = self.score_low.copy(), self.score_high.copy()
        unknown = self.unknown.copy()
        for place in gone:
            score_low[:, place], score_high[:, place] = _scores(criteria[place], nothing, nothing)
            unknown[:, place] = True
        return replace(
            self,
            value_low=self.value_low.assign(**dict.fromkeys(keys, np.nan)),
            value_high=self.value_high.assign(**dict.fromkeys(keys, np.nan)),
            score_low=score_low,
            score_high=score_high,
            unknown=unknown,
            limits=[tuple(hit for hit in hits if hit.key not in untold) for hits in self.limits],
        )


def measure(plots: gpd.GeoDataFrame, kader: Kader, surroundings: Surroundings) -> Measured:
    """Measure plots (EPSG:28992, columns of ``data.plot_schema.PLOT_COLUMNS``) for a kader.

    A kader with a reference day measures on that day, whatever the day of the surroundings.

    Raises:
        ScoringError: a plot has no shape.
    """
    surroundings = surroundings.on_day(kader.day)
    empty = (plots.geometry.isna() | plots.geometry.is_empty).to_numpy()
    if empty.any():
        named = ", ".join(str(plot_id)[:60] for plot_id in plots.index[empty][:5])
        raise ScoringError(Message("scoring.error.empty", {"plots": named}))
    if "municipality_code" not in plots:
        plots = plots.join(assign_municipality(plots.geometry))
    keys = tuple(criterion.key for criterion in kader.criteria)
    low, high, score_low, score_high, unknown = {}, {}, [], [], []
    for criterion in kader.criteria:
        indicator = indicator_named(criterion.indicator, kader.method)
        interval = indicator(plots, kader, surroundings)
        first = interval["low"].to_numpy(dtype=float)
        last = interval["high"].to_numpy(dtype=float)
        low[criterion.key], high[criterion.key] = first, last
        worst, best = _scores(criterion, first, last)
        score_low.append(worst)
        score_high.append(best)
        unknown.append(np.isnan(first) & np.isnan(last))
    return Measured(
        plots.index,
        keys,
        pd.DataFrame(low, index=plots.index, columns=list(keys)),
        pd.DataFrame(high, index=plots.index, columns=list(keys)),
        np.column_stack(score_low),
        np.column_stack(score_high),
        np.column_stack(unknown),
        limits_of(
            plots, kader, on=surroundings.on, nature=surroundings.nature, own=surroundings.own
        ),
        kader,
        surroundings,
        pd.factorize(plots["municipality_code"])[0].astype(np.intp),
        _shared_unknown(plots, kader),
    )


def _scores(
    criterion: Criterion, first: npt.NDArray[np.float64], last: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Give the lowest and the highest score of values between ``first`` and ``last``."""
    worst, best = criterion.value_function.score_bounds(first, last)
    # an interval without an upper end still tells its lower end: more of it can only move the
    # score one way when the value function does
    open_ended = ~np.isnan(first) & np.isnan(last)
    if open_ended.any():
        end = np.full(len(first), criterion.value_function.points[-1][0])
        end = np.maximum(end, np.nan_to_num(first))
        a, b = criterion.value_function.score_bounds(first, end)
        worst, best = np.where(open_ended, a, worst), np.where(open_ended, b, best)
    return worst, best


def _shared_unknown(plots: gpd.GeoDataFrame, kader: Kader) -> SharedUnknown | None:
    """Score the plots for each step of the room that a place takes (way 3 on)."""
    columns = [c for c, one in enumerate(kader.criteria) if one.indicator in _SHARED]
    if kader.method < 3 or not columns or len(plots) == 0:
        return None
    steps = max(1, min(_MOST_CELLS, _CELLS_TIMES_PLOTS // len(plots)))
    floor, land = (_pair(kader, key) for key in ("gfa_m2_per_place", "land_m2_per_place"))
    both = floor[0] < floor[1] and land[0] < land[1]
    floors = _steps(floor, max(1, steps // 4) if both else steps)
    lands = _steps(land, min(4, steps) if both else steps)
    cells = list(itertools.product(floors, lands))
    if len(cells) == 1:
        return None
    low = np.empty((len(cells), len(plots), len(columns)))
    high = np.empty_like(low)
    # all steps in one table: a table for each would cost more than all the arithmetic
    extent = _extent(plots, kader)
    every = extent.iloc[np.tile(np.arange(len(plots)), len(cells))]
    floor_m2, land_m2 = (
        (np.repeat(least, len(plots)), np.repeat(most, len(plots)))
        for least, most in np.array(cells).transpose(1, 2, 0)
    )
    room = _room(every, floor_m2, land_m2)
    first, last = (room[end].to_numpy(dtype=float) for end in ("low", "high"))
    for place, column in enumerate(columns):
        worst, best = _scores(kader.criteria[column], first, last)
        low[:, :, place] = worst.reshape(len(cells), len(plots))
        high[:, :, place] = best.reshape(len(cells), len(plots))
    return SharedUnknown(tuple(columns), low, high)


def _steps(pair: tuple[float, float], count: int) -> list[tuple[float, float]]:
    """Cut a range of m² a place into steps that are alike in places a m²."""
    if pair[0] == pair[1]:
        return [pair]
    edges = 1 / np.linspace(1 / pair[0], 1 / pair[1], count + 1)
    edges[0], edges[-1] = pair
    return list(itertools.pairwise(edges.tolist()))


Indicator = Callable[[gpd.GeoDataFrame, Kader, Surroundings], pd.DataFrame]


def _exact(values: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"low": values, "high": values})


def _pair(kader: Kader, key: str) -> tuple[float, float]:
    value = kader.parameters[key]
    return value if isinstance(value, tuple) else (value, value)


def _single(kader: Kader, key: str) -> float:
    return _pair(kader, key)[0]


def _floor(plots: gpd.GeoDataFrame) -> pd.Series:
    floor: pd.Series = pd.to_numeric(plots["gfa_m2"]).astype(float)
    return floor


def _size_to_floor(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return size.by_object(
        plots["object_kind"],
        _exact(_floor(plots) / _single(kader, "gfa_floor_m2")),
        _exact(size.plot_area_m2(plots.geometry) / _single(kader, "land_floor_m2")),
    )


def _capacity(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return capacity(plots, kader)


def capacity(plots: gpd.GeoDataFrame, kader: Kader) -> pd.DataFrame:
    """Give the places that each plot can give for the kind of a kader: ``low`` and ``high``.

    Plots in EPSG:28992; NaN where not known (a building of unknown floor area).
    """
    floor_m2, land_m2 = (_pair(kader, f"{of}_m2_per_place") for of in ("gfa", "land"))
    return _room(_extent(plots, kader), floor_m2, land_m2)


def _object_kind(plots: gpd.GeoDataFrame, kader: Kader) -> pd.Series:
    """Give what each plot is; from way 3 on a plot of which a floor is told has a building."""
    told: pd.Series = plots["object_kind"]
    if kader.method >= 3:
        silent = told.isna() | told.eq(ObjectKind.ONBEKEND)
        told = told.mask(silent & (_floor(plots) > 0), str(ObjectKind.GEBOUW))
    return told


def _extent(plots: gpd.GeoDataFrame, kader: Kader) -> pd.DataFrame:
    """Give what each plot is, with its floor and its land in m²."""
    return pd.DataFrame(
        {
            "object_kind": _object_kind(plots, kader),
            "floor_m2": _floor(plots),
            "land_m2": size.plot_area_m2(plots.geometry),
        }
    )


def _room(extent: pd.DataFrame, floor_m2: size.PerPlace, land_m2: size.PerPlace) -> pd.DataFrame:
    """Give the places that plots give when a place takes so much floor, or so much land (m²)."""
    found = size.by_object(
        extent["object_kind"],
        size.places_by_floor(extent["floor_m2"], floor_m2),
        size.places_by_land(extent["land_m2"], land_m2),
    )
    return found.set_index(extent.index)


def _of_shape(function: Callable[[gpd.GeoSeries], pd.Series]) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        return _exact(function(plots.geometry))

    return indicator


def _nearest(kind: str) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        layer = around.former_facilities
        layer = layer[layer["facility_kind"].eq(kind)]
        return _exact(facilities.nearest_distance_m(plots.geometry, layer.geometry))

    return indicator


def _azc_near(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    there = around.locations[
        around.locations["kind"].eq("azc") & around.locations["status"].isin(["open", "planned"])
    ]
    return _exact(facilities.nearest_distance_m(plots.geometry, there.geometry))


def _grid(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return _exact(plots["grid_connection"].map(_GRID_STEPS).astype(float))


def _inhabitants(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return _exact(
        integration.inhabitants_within(plots.geometry, around.inhabitants, WALKING_REACH_M)
    )


def _load(reach_m: float) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        return integration.load_per_1000(
            plots.geometry, around.locations, around.inhabitants, reach_m, around.on
        )

    return indicator


def _remaining_task(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return integration.remaining_task(plots["municipality_code"], around.gap_places)


def _term(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return _exact(integration.term_years(plots["available_from"], plots["available_until"]))


def _mixed_living(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return _exact(plots["mixed_living"].map({True: 1.0, False: 0.0}).astype(float))


INDICATORS: Mapping[str, Indicator] = {
    "size_to_floor": _size_to_floor,
    "capacity": _capacity,
    "plot_area": _of_shape(size.plot_area_m2),
    "largest_circle": _of_shape(size.largest_circle_m),
    "compactness": _of_shape(size.compactness),
    **{kind: _nearest(kind) for kind in _NEAREST},
    "azc_near": _azc_near,
    "grid": _grid,
    "inhabitants": _inhabitants,
    "load_1km": _load(1000.0),
    "load_3km": _load(3000.0),
    "remaining_task": _remaining_task,
    "term": _term,
    "mixed_living": _mixed_living,
}
"""What can be measured, by the name that a criterion uses."""


# --- way 2 of measuring: precision, doubt and coverage of layers, the day, neighbourhoods --------


def _near(kind: str) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        found = _bounded(plots, around, around.places_of(kind), kind)
        own = around.own.get(kind)
        if own is None or not len(own.lines):
            return found
        lines = line_interval_m(plots.geometry, own)
        return pd.DataFrame({end: np.fmin(found[end], lines[end]) for end in ("low", "high")})

    return indicator


def _bounded(
    plots: gpd.GeoDataFrame, around: Surroundings, places: gpd.GeoDataFrame, kind: str
) -> pd.DataFrame:
    """Bound the distance to the nearest of some places by precision, doubt and coverage."""
    covered = around.coverage_of(kind)
    edge = layers.to_edge_m(plots.geometry, covered.margin_m) if covered.complete else None
    return facilities.nearest_interval_m(
        plots.geometry, places, complete=covered.complete, to_edge_m=edge
    )


def _intercity(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    stations = around.places_of("station")
    kinds = stations["station_type"] if "station_type" in stations else pd.Series(dtype=object)
    # where the type is not known the station may be one
    unknown = stations.assign(in_doubt=True)[kinds.isna().reindex(stations.index, fill_value=True)]
    return _bounded(plots, around, pd.concat([stations[kinds.eq("intercity")], unknown]), "station")


def _isk(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    """Bound the distance to an international class.

    Only those with a site of their own are known; others are part of a secondary school, so that
    none is nearer than the nearest school.
    """
    known = _bounded(plots, around, around.places_of("isk"), "isk")
    schools = pd.concat([around.places_of("school_secondary"), around.places_of("isk")])
    school = _bounded(plots, around, schools, "school_secondary")
    return pd.DataFrame({"low": np.fmin(school["low"], known["high"]), "high": known["high"]})


def _by_mean(column: str) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        return neighbourhoods.distance_by_mean(
            plots.geometry, around.neighbourhoods, around.middles, column
        )

    return indicator


def _supermarket(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    by_mean = _by_mean("supermarket_km")(plots, kader, around)
    loaded = around.places_of("supermarket")
    if loaded.empty:
        return by_mean
    return _both(by_mean, _bounded(plots, around, loaded, "supermarket"))


def _primary_school(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    by_point = _bounded(plots, around, around.places_of("school_primary"), "school_primary")
    return _both(by_point, _by_mean("primary_school_km")(plots, kader, around))


def _both(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Give what two bounds leave together; where they contradict, all between them."""
    low = np.fmax(one["low"], other["low"])
    high = np.fmin(one["high"], other["high"])
    return pd.DataFrame({"low": np.fmin(low, high), "high": np.fmax(low, high)}, index=one.index)


def _azc_known(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    there = around.locations
    there = there[there["kind"].eq("azc") & there["status"].isin(["open", "planned"])]
    # public sources do not tell of every one: a nearer one is possible
    return facilities.nearest_interval_m(plots.geometry, there, complete=False)


def _people(reach_m: float) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        return neighbourhoods.inhabitants_interval(
            plots.geometry, around.people, around.people_beyond, reach_m
        )

    return indicator


def _people_beyond_bounded(
    plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings
) -> pd.DataFrame:
    return neighbourhoods.inhabitants_interval(
        plots.geometry,
        around.people,
        around.people_beyond,
        WALKING_REACH_M,
        around.ground,
    )


def _cost(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    told = plots.get("cost_per_place_eur", pd.Series(np.nan, index=plots.index))
    return _exact(pd.to_numeric(told, errors="coerce").astype(float))


def _load_by_day(reach_m: float) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        places = integration.places_within(
            plots.geometry, around.locations, reach_m, around.on, plots[["address", "state"]]
        )
        # no locations are known beyond the province: people there do not count either
        people = neighbourhoods.inhabitants_interval(
            plots.geometry, around.people, around.people_beyond.iloc[:0], reach_m
        )
        return integration.load_interval(places, people)

    return indicator


def _day(around: Surroundings) -> dt.date:
    return around.on or facts_day()


def months_to_first_day(plots: gpd.GeoDataFrame, around: Surroundings) -> pd.Series:
    """Give the months until each plot can be used, from the day on which is measured.

    NaN where the first day is not known, or the term is over.
    """
    months: pd.Series = feasibility.months_until(
        plots["available_from"], plots["available_until"], _day(around)
    )["low"]
    return months


def _years_left(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return feasibility.years_left(plots["available_from"], plots["available_until"], _day(around))


def _first_day(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return feasibility.months_until(plots["available_from"], plots["available_until"], _day(around))


def _whether(column: str, yes: Sequence[str], unknown: str) -> Indicator:
    """Say 1 where a column holds one of some values, 0 where another, unknown where not told."""

    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        told = plots[column].notna() & plots[column].ne(unknown)
        return _exact(plots[column].isin(yes).astype(float).where(told))

    return indicator


_PUBLIC_OWNERS = tuple(o for o in OwnerKind if o not in (OwnerKind.PARTICULIER, OwnerKind.ONBEKEND))

_WAY_2: Mapping[str, Indicator] = {
    **INDICATORS,
    **{kind: _near(kind) for kind in ("station", "bus_hub", "hospital")},
    "isk": _isk,
    "intercity": _intercity,
    "supermarket": _supermarket,
    "general_practitioner": _by_mean("general_practitioner_km"),
    "primary_school": _primary_school,
    "secondary_school": _near("school_secondary"),
    "azc_near": _azc_known,
    "inhabitants": _people(WALKING_REACH_M),
    "load_1km": _load_by_day(1000.0),
    "load_3km": _load_by_day(3000.0),
    "term": _years_left,
    "first_day": _first_day,
    "existing_building": _whether("object_kind", [ObjectKind.GEBOUW], ObjectKind.ONBEKEND),
    "public_owner": _whether("owner_kind", _PUBLIC_OWNERS, OwnerKind.ONBEKEND),
    "zoning_fits": _whether("zoning", FITTING_ZONING, Zoning.ONBEKEND),
    "cost_per_place": _cost,
}


def _existing_building(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
    return _WAY_2["existing_building"](
        plots.assign(object_kind=_object_kind(plots, kader)), kader, around
    )


_WAY_3: Mapping[str, Indicator] = {
    **_WAY_2,
    "inhabitants": _people_beyond_bounded,
    "existing_building": _existing_building,
}


def _overlap(kind: str) -> Indicator:
    def indicator(plots: gpd.GeoDataFrame, kader: Kader, around: Surroundings) -> pd.DataFrame:
        return 100 * overlap_interval(plots.geometry, around.own.get(kind))

    return indicator


MUNICIPAL = ("remaining_task",)
"""Indicators of which the unknown is one of the municipality, and so the same for all its plots."""


def indicator_named(name: str, method: int = METHODS[-1]) -> Indicator:
    """Give an indicator by its name.

    ``nearest:X`` is the distance to facilities of kind X, ``overlap:X`` the share of the plot that
    lies in a layer of areas that a user loaded.

    A kind of which nothing is loaded gives an unknown distance, and so an interval.

    Args:
        name: of the indicator.
        method: one of :data:`scoring.kader.METHODS`.

    Raises:
        KeyError: there is no such indicator in that way of measuring.
    """
    if name.startswith(OVERLAP):
        return _overlap(name.removeprefix(OVERLAP))
    kind = name.removeprefix(NEAREST) if name.startswith(NEAREST) else None
    if method == 1:
        return INDICATORS[name] if kind is None else _nearest(kind)
    if kind is not None:
        return _near(kind)
    return (_WAY_2 if method == 2 else _WAY_3)[name]
