"""Where displaced people are on the first day. Origins are published; where they stay often is not.

The rule: a share stays in its own first-level area; the others spread over the areas by a mix of recent arrivals
and the last published stock map, each area multiplied by a random factor; within an area over towns by population.
Whole people, by largest remainder.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.model.case import Case
from asylia.model.scenario import Scenario

RECENT_DAYS = 366
"""How far back arrivals count as recent."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stock:
    """What is published on displaced people at the start.

    Parameters
    ----------
    people
        int64 (area,), displaced people by area of origin.
    arrivals, mapped
        float64 (area,), shares of recent arrivals and of the last stock map; zeros if there is none.
    host_share
        float64 (area, place), how an area's hosted people spread over its places; rows add up to 1 or 0.
    keys
        uint64 (area,), stable ids for the spread.
    """

    people: NDArray[np.int64]
    arrivals: NDArray[np.float64]
    mapped: NDArray[np.float64]
    host_share: NDArray[np.float64]
    keys: NDArray[np.uint64]


def origins(case: Case) -> list[str]:
    """List the areas that published stocks name as origin."""
    return sorted(set(_by_origin(case)["origin"].to_list()))


def read_stock(
    case: Case, areas: list[str], area_of: NDArray[np.int64], population: NDArray[np.int64]
) -> Stock:
    """Read the stock of displaced people and the weights of the areas that may host them.

    Parameters
    ----------
    areas
        Areas of origin, sorted.
    area_of, population
        int64 (place,).
    """
    rows = dict(_by_origin(case).iter_rows())
    recent = case.people.filter(
        (pl.col("measure") == "newly_displaced")
        & (pl.col("date") > case.first - dt.timedelta(days=RECENT_DAYS))
        & _everybody(case)
    )
    arrivals = dict(recent.group_by("area").agg(pl.col("persons").sum()).iter_rows())
    people = np.array([rows.get(area, 0) for area in areas], dtype=np.int64)
    if people.sum() == 0:  # no origin is published: by who lives where
        weights = np.array([population[area_of == number].sum() for number in range(len(areas))])
    else:
        weights = people
    return Stock(
        people=_whole_country(case, people, weights),
        arrivals=_shares([arrivals.get(a, 0) for a in areas]),
        mapped=_shares([_last_map(case).get(a, 0) for a in areas]),
        host_share=_spread_over_towns(len(areas), area_of, population),
        keys=stable_ids(areas),
    )


def place_stock(stock: Stock, scenario: Scenario) -> NDArray[np.int64]:
    """Place the displaced people of each origin, int64 (area, place)."""
    values = scenario.values
    weights = _area_weights(stock, values["stock_rule_mix"])
    luck = uniforms(scenario.seed, int(Stream.STOCK), scenario.member, 0, stock.keys, 1)[:, 0]
    weights = weights * np.exp(values["stock_spread"] * ndtri(luck)) * (stock.host_share.sum(axis=1) > 0)
    own = values["stock_same_area_share"]
    elsewhere = np.tile(weights, (weights.size, 1))
    np.fill_diagonal(elsewhere, 0.0)
    total = elsewhere.sum(axis=1, keepdims=True)
    shares = (1.0 - own) * elsewhere / np.where(total > 0, total, 1.0)
    shares += own * np.eye(weights.size)
    places = shares @ stock.host_share
    anywhere = stock.host_share.sum(axis=0, keepdims=True)
    places = np.where(places.sum(axis=1, keepdims=True) > 0, places, anywhere)
    return largest_remainder(stock.people, places)


def largest_remainder(people: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share out whole people by weights: int64 (row, column), each row adds up to its people.

    Parameters
    ----------
    people
        int64 (row,).
    weights
        float64 (row, column), 0 or more; a row of zeros is shared evenly.

    Examples
    --------
    >>> largest_remainder(np.array([10]), np.array([[1.0, 1.0, 1.0]])).tolist()
    [[4, 3, 3]]
    """
    total = weights.sum(axis=1, keepdims=True)
    share = np.where(total > 0, weights / np.where(total > 0, total, 1.0), 1.0 / weights.shape[1])
    exact = share * people[:, None]
    out = np.floor(exact).astype(np.int64)
    rank = np.argsort(np.argsort(-(exact - out), axis=1, kind="stable"), axis=1, kind="stable")
    out += rank < (people - out.sum(axis=1))[:, None]
    return out


def _everybody(case: Case) -> pl.Expr:
    """Keep counts of everybody, known and not later than the first day."""
    whole = pl.col("group").is_null() | (pl.col("group") == "")
    return whole & pl.col("persons").is_not_null() & (pl.col("date") <= case.first)


def _stocks(case: Case) -> pl.DataFrame:
    return case.people.filter(
        (pl.col("measure") == "stock") & (pl.col("status") == "idp") & _everybody(case)
    ).with_columns(pl.col("origin").fill_null(""))


def _latest(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    newest = rows.filter(pl.col("date") == pl.col("date").max().over(key))
    return newest.group_by(key).agg(pl.col("persons").max()).sort(key)


def _by_origin(case: Case) -> pl.DataFrame:
    rows = _stocks(case).filter((pl.col("area") == case.country) & (pl.col("origin") != ""))
    return _latest(rows, "origin")


def _last_map(case: Case) -> dict[str, int]:
    rows = _stocks(case).filter((pl.col("area") != case.country) & (pl.col("origin") == ""))
    return dict(_latest(rows, "area").iter_rows())


def _whole_country(case: Case, people: NDArray[np.int64], weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Scale origins to the published national stock, if there is one."""
    rows = _latest(_stocks(case).filter((pl.col("area") == case.country) & (pl.col("origin") == "")), "area")
    if rows.height == 0 or people.size == 0:
        return people
    national = np.array([rows["persons"][0]], dtype=np.int64)
    shared: NDArray[np.int64] = largest_remainder(national, weights[None, :].astype(np.float64))[0]
    return shared


def _shares(people: list[int]) -> NDArray[np.float64]:
    weights = np.array(people, dtype=np.float64)
    return np.asarray(weights / weights.sum() if weights.sum() > 0 else weights)


def _spread_over_towns(
    areas: int, area_of: NDArray[np.int64], population: NDArray[np.int64]
) -> NDArray[np.float64]:
    member = area_of[None, :] == np.arange(areas)[:, None]
    weights = member * population[None, :].astype(np.float64)
    nobody = weights.sum(axis=1, keepdims=True) <= 0
    weights = np.where(nobody, member.astype(np.float64), weights)
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, 1.0))


def _area_weights(stock: Stock, mix: float) -> NDArray[np.float64]:
    if stock.arrivals.sum() <= 0 and stock.mapped.sum() <= 0:
        return np.asarray(stock.host_share.sum(axis=1) > 0, dtype=np.float64)
    if stock.arrivals.sum() <= 0:
        return stock.mapped
    if stock.mapped.sum() <= 0:
        return stock.arrivals
    return np.asarray(mix * stock.arrivals + (1.0 - mix) * stock.mapped)


def displaced_by_origin(case: Case) -> dict[str, int]:
    """Return people displaced inside the country by the area they come from, as published."""
    return dict(_by_origin(case).iter_rows())


def people_displaced(case: Case) -> int:
    """Return how many people are displaced inside the country at the start, by the latest published stock."""
    rows = dict(_by_origin(case).iter_rows())
    people = np.array([sum(rows.values())], dtype=np.int64)
    return int(_whole_country(case, people, np.ones(1, dtype=np.int64)).sum())
