"""What every place is like on each day: kind, fighting, score, chance to move on, weight as a place of origin.

Day tables hold one row for each different day; `row_of_day` says which. Rules: `docs/explanation/flee-rules.md`,
"Conflicts", "Scores", "Chance to move on", "Food" and "Floods".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.replay import Replay, ReplaySettings
from asylia.move.flee.closures import camp_closed

CAMPS = ("camp", "idpcamp")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Days:
    """Tables of shape (row, place).

    Parameters
    ----------
    row_of_day
        int64 (day,).
    score
        The published score of a place as an end, without capacity.
    move
        Chance that a person there moves on, without population scaling beyond what was there at the start.
    origin
        Weight of a resident as one who sets out: intensity times decay by age.
    hungry
        Weight of a resident who sets out of hunger.
    leaving
        People (or share of residents) a day, where fighting or floods set the number.
    is_camp
        Counts as a camp that may be too full to set out for.
    is_town
        A place people are forced on from after a short way.
    """

    row_of_day: NDArray[np.int64]
    score: NDArray[np.float64]
    move: NDArray[np.float64]
    origin: NDArray[np.float64]
    hungry: NDArray[np.float64]
    leaving: NDArray[np.float64]
    is_camp: NDArray[np.bool_]
    is_town: NDArray[np.bool_]


@dataclass(slots=True, kw_only=True, eq=False)
class _Fighting:
    """What is carried from one day to the next."""

    kappa: NDArray[np.float64]
    onset: NDArray[np.int64]
    tamed: NDArray[np.bool_]


def lay_out_days(replay: Replay, *, quirks: bool) -> Days:
    """Work out the day tables."""
    kinds = _kinds(replay)
    kappa, age, tamed = _fighting(replay, kinds, quirks=quirks)
    fighting = kappa > 0.0
    closed = camp_closed(replay)
    is_camp = np.isin(kinds, CAMPS) & ~closed
    town = np.isin(kinds, ("town", "conflict", "flood")) | (np.isin(kinds, CAMPS) & closed)
    is_town = (town & ~fighting) | (tamed & ~fighting)
    hunger, water = _hunger(replay), _water(replay)
    decay = _decay(replay.settings, age)
    settings = replay.settings
    origin = np.where(fighting, kappa * decay, 0.0)
    tables = (
        _score(replay, is_camp, origin, hunger, water, kinds == "flood" if quirks else None),
        _move(replay, kinds, closed, fighting, tamed, hunger, water),
        origin,
        _hungry(settings, hunger, fighting),
        _leaving(replay, kappa, water),
        is_camp,
        is_town,
    )
    return Days(**_by_row(tables))


def _by_row(tables: tuple[NDArray[np.float64] | NDArray[np.bool_], ...]) -> dict[str, Any]:
    """Keep one row of each run of equal days."""
    new = np.zeros(tables[0].shape[0], dtype=np.bool_)
    new[:1] = True
    for table in tables:
        new[1:] |= (table[1:] != table[:-1]).any(axis=1)
    names = ("score", "move", "origin", "hungry", "leaving", "is_camp", "is_town")
    found: dict[str, Any] = {
        name: np.ascontiguousarray(table[new]) for name, table in zip(names, tables, strict=True)
    }
    found["row_of_day"] = np.cumsum(new) - 1
    return found


def _kinds(replay: Replay) -> NDArray[np.str_]:
    """Kind of each place on each day, (day, place), after `changes`."""
    own = replay.places["kind"].to_numpy().astype("U10")
    kinds = np.tile(own, (replay.days, 1))
    position = {name: number for number, name in enumerate(replay.places["name"])}
    if replay.changes.height:
        for row in replay.changes.sort("day", maintain_order=True).iter_rows(named=True):
            kinds[max(row["day"], 0) :, position[row["place"]]] = row["kind"]
    return kinds


def _fighting(
    replay: Replay, kinds: NDArray[np.str_], *, quirks: bool
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return intensity (0: none), age in days, and (quirk) whether fighting has turned the place into a town."""
    table = _intensity(replay, kinds)
    days, places = table.shape
    kappa, age, tamed = (
        np.zeros_like(table),
        np.zeros(table.shape, dtype=np.int64),
        np.zeros(table.shape, dtype=bool),
    )
    now = _Fighting(
        kappa=np.zeros(places), onset=np.zeros(places, dtype=np.int64), tamed=np.zeros(places, dtype=bool)
    )
    if quirks:
        now.kappa = _at_the_start(replay)
    for day in range(days):
        before = table[day - 1] if day else np.zeros(places)
        starts = (table[day] > 0) & (before <= 0)
        ends = (table[day] <= 0) & (before > 0)
        now.onset[starts] = day
        if quirks:
            now.kappa[starts], now.kappa[ends] = table[day][starts], 0.0
            now.tamed = (now.tamed & ~starts) | ends
        else:
            now.kappa = table[day]
        kappa[day], age[day], tamed[day] = now.kappa, day - now.onset, now.tamed
    return kappa, age, tamed


def _intensity(replay: Replay, kinds: NDArray[np.str_]) -> NDArray[np.float64]:
    """Intensity by day and place; a place made a conflict by `changes` counts 1 where the table says nothing."""
    days, places = replay.days, replay.places.height
    table = np.zeros((days, places))
    given = replay.intensity[:days]
    table[: given.shape[0]] = given
    if given.shape[0] < days and given.shape[0]:
        table[given.shape[0] :] = given[-1]
    own = replay.places["kind"].to_numpy()
    made = (kinds == "conflict") & (own != "conflict")[None, :]
    return np.where(made & (table <= 0), 1.0, table)


def _at_the_start(replay: Replay) -> NDArray[np.float64]:
    """Places typed as conflicts from the first day keep 1, whatever the table says, until it changes."""
    conflict = replay.places["kind"].to_numpy() == "conflict"
    onset = replay.places["onset_day"].fill_null(0).to_numpy()
    kappa = np.where(conflict & (onset <= 0), 1.0, 0.0)
    stated = (
        replay.facts.filter(pl.col("name") == "conflict_intensity") if replay.facts.height else replay.facts
    )
    for row in stated.iter_rows(named=True):
        at = replay.places["name"].to_list().index(row["place"])
        kappa[at] = float(row["value"]) if kappa[at] > 0 and row["value"] else kappa[at]
    return kappa


def _decay(settings: ReplaySettings, age: NDArray[np.int64]) -> NDArray[np.float64]:
    factors = np.array(settings.conflict_spawn_decay or (1.0,))
    step = np.clip(age // settings.conflict_spawn_decay_interval, 0, factors.size - 1)
    decay: NDArray[np.float64] = factors[step]
    return decay


def _score(
    replay: Replay,
    is_camp: NDArray[np.bool_],
    origin: NDArray[np.float64],
    hunger: NDArray[np.float64],
    water: NDArray[np.float64],
    twice: NDArray[np.bool_] | None,
) -> NDArray[np.float64]:
    settings = replay.settings
    country = replay.places["country"].to_numpy()
    foreign = country != country[0]
    score = np.where(foreign, settings.foreign_weight, 1.0) * np.where(is_camp, settings.camp_weight, 1.0)
    score = score * np.where(origin > 0.0, settings.conflict_weight**origin, 1.0)
    if settings.avoid_food_deprived_locations:
        fed = np.where(foreign, 1.0, 1.0 - hunger**2)
        fed[0] = 1.0
        score = score * fed
    if settings.flood_loc_weights:
        factor = np.where(water > 0.0, _between(water, settings.flood_loc_weights), 1.0)
        score = score * factor
        if twice is not None:
            score = np.where(twice, score * factor, score)
    return np.asarray(score, dtype=np.float64)


def _move(
    replay: Replay,
    kinds: NDArray[np.str_],
    closed: NDArray[np.bool_],
    fighting: NDArray[np.bool_],
    tamed: NDArray[np.bool_],
    hunger: NDArray[np.float64],
    water: NDArray[np.float64],
) -> NDArray[np.float64]:
    settings = replay.settings
    move = np.full(kinds.shape, settings.default_movechance)
    move[np.isin(kinds, ("forward", "marker"))] = 1.0
    move[(kinds == "camp") & ~closed] = settings.camp_movechance
    move[(kinds == "idpcamp") & ~closed] = settings.idpcamp_movechance
    move[tamed] = settings.default_movechance
    move[fighting] = settings.conflict_movechance
    size = np.maximum(replay.places["population"].to_numpy(), replay.places["capacity"].to_numpy())
    if settings.movechance_pop_scale_factor != 0.0:
        scale = np.maximum(size, 0) / settings.movechance_pop_base
        move = move * scale**settings.movechance_pop_scale_factor
    if settings.flee_when_starving:
        move = hunger + (1.0 - hunger) * move
    if settings.flood_movechances:
        move = np.where(water > 0.0, _between(water, settings.flood_movechances), move)
    return np.asarray(np.clip(move, 0.0, 1.0), dtype=np.float64)


def _hungry(
    settings: ReplaySettings, hunger: NDArray[np.float64], fighting: NDArray[np.bool_]
) -> NDArray[np.float64]:
    if not settings.starvation_driven_spawning:
        return np.zeros_like(hunger)
    return np.where(fighting, hunger, 0.0) if settings.conflict_zone_spawning_only else hunger


def _leaving(replay: Replay, kappa: NDArray[np.float64], water: NDArray[np.float64]) -> NDArray[np.float64]:
    """People, or share of the residents, who set out each day where the reports do not say."""
    settings = replay.settings
    if settings.spawn_mode == "flood":
        return np.where(water > 0.0, _between(water, settings.displaced_per_flood_day), 0.0)
    if settings.spawn_mode == "reports":
        return np.zeros_like(kappa)
    return kappa * settings.displaced_per_conflict_day


def _between(level: NDArray[np.float64], table: tuple[float, ...]) -> NDArray[np.float64]:
    return np.asarray(np.interp(level, np.arange(len(table)), np.array(table)))


def _hunger(replay: Replay) -> NDArray[np.float64]:
    """Share of people in acute hunger, (day, place): straight lines between the days of a region."""
    found = np.zeros((replay.days, replay.places.height))
    if not replay.food.height:
        return found
    regions = replay.places["region"].to_numpy()
    for (region,), rows in replay.food.sort("day").group_by("region", maintain_order=True):
        series = np.interp(np.arange(replay.days), rows["day"].to_numpy(), rows["percent"].to_numpy())
        found[:, regions == region] = series[:, None] / 100.0
    return found


def _water(replay: Replay) -> NDArray[np.float64]:
    """Flood level, (day, place): the latest one stated."""
    found = np.zeros((replay.days, replay.places.height))
    if not replay.floods.height:
        return found
    position = {name: number for number, name in enumerate(replay.places["name"])}
    for row in replay.floods.sort("day", maintain_order=True).iter_rows(named=True):
        found[max(row["day"], 0) :, position[row["place"]]] = row["level"]
    return found
