"""Everything about a case and a plan that does not change from member to member: made once, used by all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.draws import stable_ids
from asylia.model.case import Case
from asylia.model.plan import Plan, Zone
from asylia.model.rules import RULES
from asylia.move.fronts import UNCLEAR, lines_crossed
from asylia.move.past import Past, read_past
from asylia.move.routes import ABROAD, INSIDE, ROWS, Ways, find_ways, ranks
from asylia.move.stock import Stock, largest_remainder, origins, read_stock
from asylia.move.tables import axes, days_from, frozen, zone_axes

OPTIONS: Final = 24
"""Most towns a place's people consider: the best by reference weight. The others together hold little weight."""
COUNTRIES: Final = 2
"""Most countries the people of a place think of: the nearest as if no border were closed."""
NOBODY_HOLDS: Final = ("", "mixed", "contested", "unknown")
"""Controllers that count half way between the same and another: their weight is the root of `other_control_weight`."""
SOFTENING_KM: Final = 36.0
"""Added to every distance in a weight, so that near places differ little (flee note, 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pull:
    """The parts of a destination's weight that a member's rules turn into a number, all logarithms or flags.

    Parameters
    ----------
    size, km, same_area, other_control
        float64 (epoch, place, option) for towns; (place, zone) for zones save km, (epoch, place, zone).
    """

    size: NDArray[np.float64]
    km: NDArray[np.float64]
    same_area: NDArray[np.float64]
    other_control: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What a case and a plan fix for every member.

    Parameters
    ----------
    plan
        Id of the plan.
    places, areas, zones
        Ids and names of the axes, sorted.
    starts
        int64 (epoch,), first day of each epoch.
    settled
        bool (place,), where people live: inside the country and no crossing.
    longest_km
        Longest of the ways to anything people consider: no trip is longer.
    fixed
        Arrays of `move.facts.Facts` that no draw changes, by name.
    towns, at_zones
        Parts of the weights of towns and zones.
    country_km
        float64 (epoch, place, country), log of km to places abroad as if no border were closed.
    capacities
        The plan's zones in the order of the axis.
    decrees
        By zone, in order of time: day and share of what it holds from then on.
    """

    plan: str
    places: tuple[str, ...]
    areas: tuple[str, ...]
    zones: tuple[str, ...]
    starts: NDArray[np.int64]
    longest_km: float
    settled: NDArray[np.bool_]
    fixed: Mapping[str, NDArray[np.generic]]
    towns: Pull
    at_zones: Pull
    country_km: NDArray[np.float64]
    capacities: tuple[Zone, ...]
    stock: Stock
    past: Past
    place_keys: NDArray[np.uint64]
    decrees: tuple[tuple[tuple[int, float], ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Map:
    """Places on their axis."""

    frame: pl.DataFrame
    ids: list[str]
    areas: list[str]
    rank: NDArray[np.int64]
    settled: NDArray[np.bool_]
    area_of: NDArray[np.int64]
    population: NDArray[np.int64]
    capacity: NDArray[np.int64]
    size: NDArray[np.float64]
    holder: NDArray[np.uint64]
    unclear: NDArray[np.bool_]
    lines: NDArray[np.int64] | None = None

    def same_area(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
        """Say whether two places where people live lie in one area: 1 or 0."""
        together = (self.area_of[start] == self.area_of[end]) & self.settled[start] & self.settled[end]
        return np.asarray(together, dtype=np.float64)

    def other_control(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
        """Say whether the holder differs: 0 no, 1 yes, 0.5 where one of the two is not clear; and lines crossed on the way."""
        differ = (self.holder[start] != self.holder[end]).astype(np.float64)
        ends = np.where(self.unclear[start] | self.unclear[end], 0.5, differ)
        return np.asarray(ends if self.lines is None else ends + self.lines[start, end])


def prepare(case: Case, plan: Plan, *, options: int = OPTIONS) -> Ground:
    """Work out once what all members of a case and a plan share.

    Parameters
    ----------
    options
        Most towns a place's people consider.
    """
    return prepare_all(case, (plan,), options=options)[0]


def prepare_all(
    case: Case, plans: Sequence[Plan], *, options: int = OPTIONS, on_the_way: bool = False
) -> tuple[Ground, ...]:
    """Prepare several plans; ways, options and stock are worked out once for all of them.

    Parameters
    ----------
    on_the_way
        Whether who controls the way counts too, not its ends alone (`move.fronts`), as of the first day.
    """
    atlas = _read_places(case)
    if on_the_way:
        atlas = replace(atlas, lines=_lines(case, atlas))
    ways = find_ways(case, atlas.frame)
    stock = read_stock(case, atlas.areas, atlas.area_of, atlas.population)
    land = {**_land(atlas, ways, options), "away": _away(stock.people, atlas)}
    land = {name: frozen(array) for name, array in land.items()}
    shared = {
        "places": tuple(atlas.ids),
        "areas": tuple(atlas.areas),
        "starts": ways.starts,
        "settled": atlas.settled,
        "towns": _town_pull(atlas, land),
        "country_km": np.log(_nearest(land["country_km"]) + SOFTENING_KM),
        "stock": stock,
        "past": read_past(case, atlas.ids),
        "place_keys": stable_ids(atlas.ids),
    }
    return tuple(_with_zones(case, plan, atlas, ways, land, shared) for plan in plans)


def _lines(case: Case, atlas: _Map) -> NDArray[np.int64]:
    number = np.unique(atlas.holder, return_inverse=True)[1].astype(np.int64)
    return lines_crossed(case, atlas.frame, 0, np.where(atlas.unclear, UNCLEAR, number))


def _with_zones(
    case: Case,
    plan: Plan,
    atlas: _Map,
    ways: Ways,
    land: Mapping[str, NDArray[Any]],
    shared: Mapping[str, Any],
) -> Ground:
    zones = tuple(sorted(plan.zones, key=lambda zone: zone.id))
    host = np.array([atlas.ids.index(zone.place) for zone in zones], dtype=np.int64)
    start = np.arange(len(atlas.ids))[:, None]
    own = {
        **zone_axes(atlas.areas, [zone.id for zone in zones]),
        "zone_km": ways.km[:, :, host],
        "zone_host": host,
        "zone_opens": np.array([days_from(case.first, zone.opens) for zone in zones], dtype=np.int64),
        "zone_ends": np.array([days_from(case.first, zone.closes) for zone in zones], dtype=np.int64),
        "admits": _admits(case, zones, atlas),
    }
    return Ground(
        plan=plan.id,
        zones=tuple(zone.id for zone in zones),
        longest_km=max(map(_longest, (_considered_km(land), land["country_km"], own["zone_km"]))),
        fixed={**land, **{name: frozen(array) for name, array in own.items()}},
        at_zones=Pull(
            size=np.zeros(len(zones)),
            km=np.log(ways.km[:, :, host] + SOFTENING_KM),
            same_area=atlas.same_area(start, host[None, :]),
            other_control=atlas.other_control(start, host[None, :]),
        ),
        capacities=zones,
        decrees=tuple(
            tuple(
                (days_from(case.first, one.on), one.share) for one in sorted(zone.decrees, key=lambda d: d.on)
            )
            for zone in zones
        ),
        **shared,
    )


def _land(atlas: _Map, ways: Ways, options: int) -> dict[str, NDArray[Any]]:
    abroad = ways.abroad
    count, chosen = _options(atlas, ways.km, options)
    by_axis = axes(atlas.ids, atlas.areas, atlas.area_of, atlas.settled)
    return {
        **by_axis,
        "option_count": count,
        "option_place": chosen,
        "option_salt": by_axis["place_salt"][chosen],
        "option_km": np.take_along_axis(ways.km, chosen, axis=2),
        "km": ways.km,
        "country_place": abroad,
        "country_km": _country_km(ways.km[:, :, abroad], ways.abroad_if_open),
        "country_open": np.isfinite(ways.km[:, :, abroad]),
        "abroad": atlas.rank == ABROAD,
        "site_capacity": np.where(atlas.settled, atlas.capacity, -1),
        "residents": atlas.population,
    }


def _read_places(case: Case) -> _Map:
    frame = case.places.sort("id")
    rank = ranks(case, frame)
    settled = rank == INSIDE
    areas = sorted({*frame.filter(settled)["admin1"].to_list(), *origins(case)})
    number = {area: row for row, area in enumerate(areas)}
    named = zip(frame["admin1"].to_list(), settled, strict=True)
    area_of = np.array([number[area] if here else -1 for area, here in named], dtype=np.int64)
    population = np.where(settled, frame["population"].fill_null(0).to_numpy(), 0).astype(np.int64)
    capacity = frame["capacity"].fill_null(-1).to_numpy().astype(np.int64)
    holders = frame["controller"].fill_null("").to_list()
    return _Map(
        frame=frame,
        ids=frame["id"].to_list(),
        areas=areas,
        rank=rank,
        settled=settled,
        area_of=area_of,
        population=population,
        capacity=capacity,
        size=np.log(np.maximum(np.maximum(population, capacity), 1).astype(np.float64)),
        holder=stable_ids(holders),
        unclear=np.array([holder in NOBODY_HOLDS for holder in holders], dtype=np.bool_),
    )


def _reference(atlas: _Map, start: NDArray[np.int64], km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh pairs by the middle of the default rules, as logarithm; minus infinity where no way is open."""
    middle = {name: spec.default.middle for name, spec in RULES.items()}
    end = np.arange(len(atlas.ids))
    return np.asarray(
        middle["population_power"] * atlas.size
        + np.log(middle["home_area_pull"]) * atlas.same_area(start, end)
        + np.log(middle["other_control_weight"]) * atlas.other_control(start, end)
        - middle["distance_power"] * np.log(km + SOFTENING_KM)
    )


def _options(atlas: _Map, km: NDArray[np.float64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose for each epoch and place the best towns, best first; equals in the order of their ids."""
    epochs, places, _ = km.shape
    count = np.empty((epochs, places), dtype=np.int64)
    chosen = np.empty((epochs, places, min(most, places)), dtype=np.int64)
    end = np.arange(places)
    for epoch, first in itertools.product(range(epochs), range(0, places, ROWS)):
        rows = slice(first, min(first + ROWS, places))
        start = end[rows, None]
        weights = _reference(atlas, start, km[epoch, rows])
        allowed = np.isfinite(weights) & atlas.settled[start] & atlas.settled & (start != end)
        ranked = np.argsort(np.where(allowed, -weights, np.inf), axis=1, kind="stable")
        count[epoch, rows] = np.minimum(allowed.sum(axis=1), most)
        chosen[epoch, rows] = ranked[:, :most]
    return count, chosen


def _considered_km(land: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    """Keep the way to each town people consider; infinite for the places after the last of them."""
    considered = np.arange(land["option_place"].shape[2]) < land["option_count"][:, :, None]
    return np.where(considered, land["option_km"], np.inf)


def _town_pull(atlas: _Map, land: Mapping[str, NDArray[Any]]) -> Pull:
    chosen = land["option_place"]
    start = np.arange(len(atlas.ids))[None, :, None]
    return Pull(
        size=atlas.size[chosen],
        km=np.log(_considered_km(land) + SOFTENING_KM),
        same_area=atlas.same_area(start, chosen),
        other_control=atlas.other_control(start, chosen),
    )


def _admits(case: Case, zones: tuple[Zone, ...], atlas: _Map) -> NDArray[np.bool_]:
    """Say which areas of origin a zone admits: those it names, those of places it names, or all."""
    admits = np.ones((len(atlas.areas), len(zones)), dtype=np.bool_)
    area_of = dict(zip(atlas.ids, atlas.area_of.tolist(), strict=True))
    for column, zone in enumerate(zones):
        if zone.admits_from and case.country not in zone.admits_from:
            named = {atlas.areas.index(name) for name in zone.admits_from if name in atlas.areas}
            named |= {area_of[name] for name in zone.admits_from if name in area_of}
            admits[:, column] = [row in named for row in range(len(atlas.areas))]
    return admits


def _country_km(km: NDArray[np.float64], if_open: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the open way where there is one, else the way as if no border were closed."""
    return np.where(np.isfinite(km), km, if_open)


def _away(people: NDArray[np.int64], atlas: _Map) -> NDArray[np.int64]:
    """Spread displaced people over the districts of their area of origin, by who lives there: int64 (place,)."""
    member = atlas.area_of[None, :] == np.arange(len(atlas.areas))[:, None]
    weights = member * np.maximum(atlas.population, 1)[None, :].astype(np.float64)
    known = np.where(member.any(axis=1), people, 0)
    away: NDArray[np.int64] = largest_remainder(known, weights).sum(axis=0)
    return away


def _nearest(km: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the nearest countries of each place, the others infinitely far; equals in the order of their ids."""
    rank = np.argsort(np.argsort(km, axis=2, kind="stable"), axis=2, kind="stable")
    return np.where(rank < COUNTRIES, km, np.inf)


def _longest(km: NDArray[np.float64]) -> float:
    return float(np.max(km, where=np.isfinite(km), initial=0.0))
