"""Turn a recorded conflict into what the fitted rules know: nothing that was counted after the first day but totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.fitted import HostCountries
from asylia.model.replay import Observed, Replay
from asylia.move.fitted.facts import Facts
from asylia.move.fitted.ways import all_ways

SOFTENING_KM: Final = 36.0
"""Added to every way, as in the static gravity that scores are held against: a camp next door is no black hole."""
SITES: Final = ("camp", "idpcamp")

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedGround:
    """A recorded conflict, ready for the fitted rules.

    Parameters
    ----------
    facts
        By day, or by stretch of days.
    ways
        Km from each place of origin to each camp, (o, c).
    origins
        Places of origin.
    countries
        Host countries, in the order of their numbers.
    unknown
        Host countries whose income is not known; they count as the middle of the others.
    """

    id: str
    camps: tuple[str, ...]
    facts: Facts
    ways: Table
    origins: tuple[str, ...]
    countries: tuple[str, ...]
    unknown: tuple[str, ...]
    starts: NDArray[np.int64]


def prepare(
    replay: Replay,
    observed: Observed,
    hosts: HostCountries,
    *,
    capacities: bool,
    starts: NDArray[np.int64] | None = None,
) -> FittedGround:
    """Work out what the fitted rules know of a conflict.

    Parameters
    ----------
    observed
        Camps that are places of the replay. Only the first day and the newcomers are looked at.
    hosts
        Income of host countries.
    capacities
        Whether the stated capacities are used; they then stand for size, income and networks.
    starts
        First day of each stretch of days that are taken together, from 0; every day by itself if not given.
    """
    days = np.arange(replay.days) if starts is None else starts
    places = replay.places
    fighting = replay.intensity[: replay.days]
    people = places["population"].to_numpy().astype(np.float64)
    from_here = _origins(replay, people, fighting)
    ways = all_ways(replay, observed.camps)[from_here]
    income, countries, unknown = _incomes(replay, observed.camps, hosts)
    hosted = _column(replay, observed.camps, "country")
    lengths = np.diff(np.append(days, replay.days)).astype(np.float64)
    middles = days + ((lengths - 1) // 2).astype(np.int64)
    used = 0.0 if capacities else 1.0
    facts = Facts(
        days=lengths,
        newcomers=np.add.reduceat(_newcomers(replay, observed), days).astype(np.float64),
        fighting=np.ascontiguousarray(fighting[middles][:, from_here]),
        since=np.ascontiguousarray(_since(fighting > 0)[middles][:, from_here]),
        log_way=np.log((ways + SOFTENING_KM) / 100),
        log_people=np.log(np.maximum(people[from_here], 1) / 1e5),
        country=np.array([countries.index(name) for name in hosted], dtype=np.int64),
        log_size=used * _log_sizes(replay, observed.camps),
        log_income=used * income,
        log_capacity=_log_capacities(replay, observed.camps) * (1 - used),
        networks=used,
        is_open=_is_open(replay, observed.camps)[middles],
        crossing=_crossing(replay, hosted, from_here)[middles],
        start=_start(replay, observed),
        room=_room(replay, observed.camps) if capacities else np.full(len(observed.camps), np.inf),
    )
    return FittedGround(
        id=replay.id, camps=observed.camps, facts=facts, ways=ways, countries=countries, unknown=unknown, starts=days,
        origins=tuple(name for name, here in zip(places["name"], from_here, strict=True) if here),
    )  # fmt: skip


def _origins(replay: Replay, people: Table, fighting: Table) -> NDArray[np.bool_]:
    """Say where people flee from: places with people and fighting; without any, all that are no camps; else all."""
    choices = (
        (people > 0) & (fighting.sum(axis=0) > 0),
        ~np.isin(replay.places["kind"].to_numpy(), SITES),
        np.ones(people.size, dtype=np.bool_),
    )
    return next(choice for choice in choices if choice.any())


def _column(replay: Replay, camps: tuple[str, ...], name: str) -> list[str]:
    value = dict(zip(replay.places["name"], replay.places[name], strict=True))
    return [value[camp] for camp in camps]


def _newcomers(replay: Replay, observed: Observed) -> NDArray[np.int64]:
    if replay.settings.spawn_mode == "reports":
        return observed.newcomers
    totals = observed.people.sum(axis=1)
    rises = np.diff(totals, prepend=int(_start(replay, observed).sum()))
    return np.asarray(np.maximum(rises, 0), dtype=np.int64)


def _start(replay: Replay, observed: Observed) -> Table:
    if not replay.settings.insert_day0:
        return np.zeros(len(observed.camps))
    return np.asarray(observed.people[0], dtype=np.float64)


def _since(fighting: NDArray[np.bool_]) -> Table:
    """Days since fighting began, 0 on the first; it begins again after a day without."""
    ages = np.zeros(fighting.shape)
    for day in range(1, len(fighting)):
        ages[day] = np.where(fighting[day] & fighting[day - 1], ages[day - 1] + 1, 0)
    return ages


def _log_sizes(replay: Replay, camps: tuple[str, ...]) -> Table:
    """Count the places in a camp's region of the host country, shared among its camps: more than 1 where it has hubs."""
    kinds = replay.places.with_columns(pl.col("kind").is_in(SITES).alias("site"))
    counted = kinds.group_by("country", "region").agg(
        pl.len().alias("all"), pl.col("site").sum().alias("sites")
    )
    found = {(row[0], row[1]): row[2] / max(row[3], 1) for row in counted.iter_rows()}
    fled = set(replay.places.filter(pl.col("kind") == "conflict")["country"])
    where = zip(_column(replay, camps, "country"), _column(replay, camps, "region"), strict=True)
    return np.log([1.0 if country in fled else found[country, region] for country, region in where])


def _incomes(
    replay: Replay, camps: tuple[str, ...], hosts: HostCountries
) -> tuple[Table, tuple[str, ...], tuple[str, ...]]:
    hosted = _column(replay, camps, "country")
    countries = tuple(sorted(set(hosted)))
    found = {name: hosts.income_before(name, replay.first.year) for name in countries}
    logs = {name: np.log(income) for name, income in found.items() if income}
    middle = float(np.mean(list(logs.values()))) if logs else 0.0
    unknown = tuple(name for name in countries if name not in logs)
    return np.array([logs.get(name, middle) - middle for name in hosted]), countries, unknown


def _capacities(replay: Replay, camps: tuple[str, ...]) -> Table:
    return np.array(_column(replay, camps, "capacity"), dtype=np.float64)


def _log_capacities(replay: Replay, camps: tuple[str, ...]) -> Table:
    """Log of the capacity against the middle one; a camp without one counts as the middle."""
    stated = _capacities(replay, camps)
    known = stated[stated > 0]
    if not known.size:
        return np.zeros(len(camps))
    logs = np.log(np.where(stated > 0, stated, np.median(known)))
    return np.asarray(logs - logs.mean(), dtype=np.float64)


def _room(replay: Replay, camps: tuple[str, ...]) -> Table:
    stated = _capacities(replay, camps)
    return np.where(stated > 0, stated, np.inf)


def _is_open(replay: Replay, camps: tuple[str, ...]) -> Table:
    found = np.ones((replay.days, len(camps)))
    closed = replay.closures.filter(pl.col("what").is_in(["camp", "idpcamp", "location"]))
    for row in closed.iter_rows(named=True):
        if row["name1"] in camps:
            found[_closed(row["start"], row["end"], replay.days), camps.index(row["name1"])] = 0.0
    return found


def _crossing(replay: Replay, hosted: list[str], from_here: NDArray[np.bool_]) -> Table:
    """Say when the border between the country most places of origin lie in and each camp's country is open."""
    fled = replay.places.filter(pl.Series(from_here))["country"].to_list()
    home = max(sorted(set(fled)), key=fled.count)
    found = np.ones((replay.days, len(hosted)))
    for row in replay.closures.filter(pl.col("what") == "country").iter_rows(named=True):
        for camp, country in enumerate(hosted):
            if country != home and {row["name1"], row["name2"]} == {home, country}:
                found[_closed(row["start"], row["end"], replay.days), camp] = 0.0
    return found


def _closed(start: int, end: int, days: int) -> slice:
    """Days of a closure: an end before the start never comes."""
    return slice(max(start, 0), days if end < start else max(end, 0))
