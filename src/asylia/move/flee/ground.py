"""The ground of a replay: everything that does not depend on the member, as arrays for the kernel."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.draws import stable_id, stable_ids
from asylia.core.errors import RunError
from asylia.core.units import EARTH_RADIUS_KM
from asylia.model.replay import NO_CAPACITY, Observed, Replay
from asylia.move.flee.calendar import CAMPS, Days, lay_out_days
from asylia.move.flee.closures import NOWHERE, lay_out_openings
from asylia.move.flee.cohorts import MOST_GROUPS, MOST_PLACES, MOST_ROUTES
from asylia.move.flee.facts import A_NUMBER, A_SHARE, BY_CHANCE, FROM_REPORTS, Facts
from asylia.move.flee.makeup import Groups, form_groups
from asylia.move.flee.network import Links, Ways, find_ways, millimetres, read_links
from asylia.move.flee.observed import observe

DUST: Final = 1e-6
"""Share of all people below which expected flow is not split any more, unless it is exact."""
SMALL: Final = 12
"""Up to so many places, what each person has travelled is kept exactly unless asked otherwise."""
GRAINS: Final = 6
"""Otherwise a day's travel is cut into at least so many grains; people in one grain count as their mean."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What all members of a replay share. All arrays are read only.

    Parameters
    ----------
    places
        Names, the place axis of `facts`.
    observed
        What was recorded.
    facts
        What the kernel reads.
    unit_mm
        Length of one unit of distance.
    """

    places: tuple[str, ...]
    observed: Observed
    facts: Facts
    unit_mm: int


def prepare(
    replay: Replay, *, capacities: bool = True, quirks: bool = False, exact: bool | None = None
) -> Ground:
    """Work out everything that does not depend on the member.

    Parameters
    ----------
    capacities
        False takes every capacity away.
    quirks
        Reproduce what the published engine does where that is not its documented rule.
    exact
        Keep what each person has travelled today and lately to the last metre. Without it, people who are alike in
        all else and have travelled about as far (to a sixth of a day's travel today, to a third lately) count as
        their mean, which keeps the cohorts few whatever the number of people. `None`: exact up to twelve places.

    Raises
    ------
    CaseError
        If a correction names a date without a report.
    RunError
        If the network is larger than the engine can number.
    """
    if not capacities:
        replay = replace(
            replay, places=replay.places.with_columns(capacity=pl.lit(NO_CAPACITY, dtype=pl.Int64))
        )
    observed = observe(replay, quirks=quirks)
    links = read_links(replay, quirks=quirks)
    marker = replay.places["kind"].to_numpy() == "marker"
    ways = find_ways(links, marker, _awareness(replay))
    days = lay_out_days(replay, quirks=quirks)
    people = _at_the_start(replay, observed, quirks=quirks)
    groups = form_groups(replay, _may_start(days, people), quirks=quirks)
    unit = _unit(replay, links)
    _check_size(replay, links, ways, groups)
    fields: dict[str, Any] = {
        **_day_fields(replay, observed, days),
        **_opening_fields(replay, links, ways, quirks=quirks),
        **_place_fields(replay, observed, ways, people, quirks=quirks),
        **_way_fields(replay, links, ways, unit),
        **_group_fields(replay, groups, quirks=quirks),
        **_rules(replay, unit, quirks=quirks),
        **_merging(replay, observed, people, unit, exact=exact),
    }
    for value in fields.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return Ground(places=tuple(replay.places["name"]), observed=observed, facts=Facts(**fields), unit_mm=unit)


def _awareness(replay: Replay) -> int:
    level = replay.settings.awareness_level
    return 1 if level < 0 else level


def _check_size(replay: Replay, links: Links, ways: Ways, groups: Groups) -> None:
    sizes = (max(replay.places.height, links.start.size), ways.link.size, groups.power.size)
    for size, most, what in zip(
        sizes, (MOST_PLACES, MOST_ROUTES, MOST_GROUPS), ("places and links", "ways", "groups"), strict=True
    ):
        if size >= most:
            raise RunError(
                f"{size} {what} are more than the engine can number ({most}); lower awareness_level"
            )


def _at_the_start(replay: Replay, observed: Observed, *, quirks: bool) -> NDArray[np.int64]:
    """Return the people at each place before day 0."""
    names = replay.places["name"].to_list()
    people = np.zeros(len(names), dtype=np.int64)
    if replay.settings.insert_day0 and not replay.settings.empty_camps_on_day0:
        for column, camp in enumerate(observed.camps):
            people[names.index(camp)] += observed.people[0, column]
    stated = replay.facts.filter(pl.col("name") == "initial_idps") if replay.facts.height else replay.facts
    for row in stated.iter_rows(named=True):
        place = names.index(row["place"])
        if row["value"] and (not quirks or replay.places["kind"][place] in CAMPS):
            people[place] += int(float(row["value"]))
    return people


def _may_start(days: Days, people: NDArray[np.int64]) -> NDArray[np.bool_]:
    found = (days.origin > 0).any(axis=0) | (days.hungry > 0).any(axis=0) | (days.leaving > 0).any(axis=0)
    return np.asarray(found | (people > 0))


def _unit(replay: Replay, links: Links) -> int:
    """Return the largest length, in millimetres, of which all lengths and speeds are multiples."""
    speeds = (replay.settings.max_move_speed, replay.settings.max_walk_speed)
    lengths = [millimetres(speed) for speed in speeds]
    return max(math.gcd(*lengths, *links.length_mm.tolist(), *links.speed_mm.tolist()), 1)


def _merging(
    replay: Replay, observed: Observed, people: NDArray[np.int64], unit: int, *, exact: bool | None
) -> dict[str, Any]:
    """Return the grain, as a power of two of units, and the people below which expected flow is not split."""
    if exact or (exact is None and replay.places.height <= SMALL):
        return {"grain": 0, "dust": 0.0}
    grain = max(millimetres(replay.settings.max_move_speed) // unit // GRAINS, 1).bit_length() - 1
    return {"grain": grain, "dust": DUST * float(people.sum() + observed.newcomers.sum())}


def _day_fields(replay: Replay, observed: Observed, days: Days) -> dict[str, Any]:
    return {
        "row_of_day": days.row_of_day,
        "newcomers": observed.newcomers.copy(),
        "score": days.score,
        "move": days.move,
        "origin": days.origin,
        "hungry": days.hungry,
        "leaving": days.leaving,
        "is_camp": days.is_camp,
        "is_town": days.is_town,
        "spawn": _spawn(replay),
    }


def _spawn(replay: Replay) -> int:
    settings = replay.settings
    mode = settings.flood_spawn_mode if settings.spawn_mode == "flood" else settings.spawn_mode
    return {"reports": FROM_REPORTS, "constant": A_NUMBER, "pop_ratio": A_SHARE, "poisson": BY_CHANCE}[mode]


def _opening_fields(replay: Replay, links: Links, ways: Ways, *, quirks: bool) -> dict[str, Any]:
    openings = lay_out_openings(replay, links, quirks=quirks)
    single = np.full(links.start.size + 1, NOWHERE)
    alone = np.flatnonzero(ways.rest < 0)
    single[ways.link[alone]] = alone
    return {
        "epoch_of_day": openings.epoch_of_day,
        "link_open": openings.link_open,
        "send_on": single[openings.send_on],
    }


def _place_fields(
    replay: Replay, observed: Observed, ways: Ways, people: NDArray[np.int64], *, quirks: bool
) -> dict[str, Any]:
    places = replay.places
    full = _full(replay, observed, quirks=quirks)
    limited = np.isfinite(full)
    owner = np.repeat(np.arange(places.height), np.diff(ways.begin))
    seen = np.unique(np.stack([ways.end, owner])[:, limited[ways.end]], axis=1)
    return {
        "people": people,
        "population": np.maximum(places["population"].fill_null(0).to_numpy(), 0).astype(np.int64),
        "full": full,
        "seen_begin": np.searchsorted(seen[0], np.arange(places.height + 1)).astype(np.int64),
        "seen_from": seen[1].astype(np.int64),
        "place_salt": stable_ids(places["name"].to_list()),
        "by_name": np.argsort(places["name"].to_numpy().astype(str)).astype(np.int64),
        "limited": np.flatnonzero(limited),
        "way_begin": ways.begin,
    }


def _full(replay: Replay, observed: Observed, *, quirks: bool) -> NDArray[np.float64]:
    """Return the number at which a place is full; infinite for no limit."""
    capacity = replay.places["capacity"].to_numpy().astype(np.float64)
    if quirks and replay.settings.insert_day0:
        names = replay.places["name"].to_list()
        for column, camp in enumerate(observed.camps):
            place = names.index(camp)
            left = capacity[place] - observed.people[0, column]
            capacity[place] = left if left > 0 else NO_CAPACITY
    full = capacity * replay.settings.capacity_scaling
    return np.where(full >= 1.0, full, np.inf)


def _way_fields(replay: Replay, links: Links, ways: Ways, unit: int) -> dict[str, Any]:
    settings = replay.settings
    return {
        "link_start": links.start,
        "link_end": links.end,
        "link_length": links.length_mm // unit,
        "link_speed": links.speed_mm // unit,
        "link_walk": links.walk_chance,
        "link_salt": links.salt,
        "way_link": ways.link,
        "way_end": ways.end,
        "way_rest": ways.rest,
        "way_option": ways.option,
        "way_near": (settings.softening + ways.km) ** -settings.distance_power,
        "way_many": ways.many,
        "way_salt": ways.salt,
    }


def _group_fields(replay: Replay, groups: Groups, *, quirks: bool) -> dict[str, Any]:
    names = replay.places["name"].to_list()
    homes = ["" if home < 0 else names[home] for home in groups.home]
    salts = [stable_id(f"{power}\n{home}") for power, home in zip(groups.power, homes, strict=True)]
    return {
        "group_power": groups.power,
        "group_home": groups.home,
        "group_share": groups.share,
        "group_salt": np.array(salts, dtype=np.uint64),
        "home_near": _home_near(replay, quirks=quirks),
        "stay_close": replay.settings.stay_close_to_home,
    }


def _home_near(replay: Replay, *, quirks: bool) -> NDArray[np.float64]:
    """Return the factor by which a place counts by its distance from another, (place, place)."""
    if not replay.settings.stay_close_to_home:
        return np.ones((1, 1))
    lat, lon = (np.radians(replay.places[name].to_numpy()) for name in ("lat", "lon"))
    if quirks:
        lat, lon = lon, lat
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    near: NDArray[np.float64] = np.maximum(km, 1.0) ** -replay.settings.home_distance_power
    return near


def _rules(replay: Replay, unit: int, *, quirks: bool) -> dict[str, Any]:
    settings = replay.settings
    speed = millimetres(settings.max_move_speed) // unit
    return {
        "speed": speed,
        "walking": millimetres(settings.max_walk_speed) // unit,
        "avoid_short": settings.avoid_short_stints,
        "on_foot": settings.start_on_foot,
        "day_limit": not quirks,
        "take": settings.take_from_population,
        "pop_power": settings.pop_power_for_loc_weight if settings.use_pop_for_loc_weight else 0.0,
        "buffer": settings.capacity_buffer,
        "weight_softening": settings.weight_softening,
        "weight_power": settings.weight_power,
        "pruning": settings.pruning_threshold,
    }
