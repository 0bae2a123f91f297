"""Which ways are open when, and how far it is along them.

Days fall into epochs: stretches in which the same ways are open. For each epoch there are two tables of shortest
ways: along what is open, and as if no border and no crossing were closed (to know who wants to cross and cannot).

Closures: `both`, `out` or `in`. For a border and for a leg between inside and outside, `out` stops leaving the
country and `in` stops entering it. For a place, `out` stops leaving the place and `in` stops entering it. For a leg
inside the country, `out` closes it from its first to its second place, `in` the other way. Nobody travels through a
place abroad: whoever gets there is abroad.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from asylia.core.errors import CaseError, Problem
from asylia.model.case import Case

INSIDE, CROSSING, ABROAD = 0, 1, 2
FAR = 2**40
"""More days than any case has."""
ROWS = 512
"""Places whose ways are worked out at a time, so that what is only passing stays small."""
MOST_TABLE_BYTES = 4 * 2**30
"""Most that the tables of shortest ways may take: 23,000 places whose ways never change, or 10,000 that change five times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One direction of one leg: indices of its places, km, the days it is open and the days it is closed."""

    start: int
    end: int
    km: float
    windows: tuple[tuple[int, int], ...]
    border_windows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Shortest ways per epoch.

    Parameters
    ----------
    starts
        int64 (epoch,), first day of each epoch; the first is 0.
    km
        float64 (epoch, place, place), along open ways, infinite where there is none.
    abroad
        int64 (country,), the places abroad.
    abroad_if_open
        float64 (epoch, place, country), as if no border and no crossing leg were closed.
    """

    starts: NDArray[np.int64]
    km: NDArray[np.float64]
    abroad: NDArray[np.int64]
    abroad_if_open: NDArray[np.float64]


def ranks(case: Case, places: pl.DataFrame) -> NDArray[np.int64]:
    """Tell places inside the country (0), crossings (1) and places abroad (2), int64 (place,)."""
    kind, country = places["kind"].to_list(), places["country"].to_list()
    return np.array(
        [
            CROSSING if k == "crossing" else ABROAD if k == "country" or c != case.country else INSIDE
            for k, c in zip(kind, country, strict=True)
        ],
        dtype=np.int64,
    )


def find_ways(case: Case, places: pl.DataFrame) -> Ways:
    """Find the epochs and the shortest ways in each.

    Parameters
    ----------
    places
        The case's places, sorted by id: the place axis.

    Raises
    ------
    CaseError
        If the tables, one a stretch of days and each places by places, would not fit.
    """
    rank = ranks(case, places)
    ways = _list_ways(case, places, rank)
    starts = _epochs(ways)
    _check_size(places.height, len(starts))
    abroad = np.nonzero(rank == ABROAD)[0].astype(np.int64)
    km = np.empty((len(starts), places.height, places.height))
    abroad_if_open = np.empty((len(starts), places.height, abroad.size))
    for epoch, day in enumerate(starts):
        if_open = [w for w in ways if _open(w.windows, day)]
        is_open = [w for w in if_open if _open(w.border_windows, day)]
        for rows, found in _shortest(is_open, places.height):
            km[epoch, rows] = found
            abroad_if_open[epoch, rows] = found[:, abroad]
        for rows, found in _shortest(if_open, places.height) if len(if_open) > len(is_open) else ():
            abroad_if_open[epoch, rows] = found[:, abroad]
    return Ways(starts=np.array(starts, dtype=np.int64), km=km, abroad=abroad, abroad_if_open=abroad_if_open)


def _check_size(places: int, epochs: int) -> None:
    size = 8 * epochs * places**2
    if size > MOST_TABLE_BYTES:
        raise CaseError(
            [
                Problem(
                    file="places.csv",
                    must=(
                        f"with {places:,} places and ways that change on {epochs - 1:,} days, the tables of shortest ways "
                        f"take {size / 2**30:,.1f} GB; at most {MOST_TABLE_BYTES / 2**30:g} GB are possible"
                    ),
                    mend="Put small places together, or leave out closures that change little.",
                )
            ]
        )


def legs(case: Case, places: pl.DataFrame, day: int) -> tuple[list[Way], NDArray[np.bool_]]:
    """List both directions of all legs, and say which are open on a day: bool (leg,).

    Parameters
    ----------
    places
        The case's places, sorted by id: the place axis.
    """
    ways = _list_ways(case, places, ranks(case, places))
    is_open = [_open(way.windows, day) and _open(way.border_windows, day) for way in ways]
    return ways, np.array(is_open, dtype=np.bool_)


def _list_ways(case: Case, places: pl.DataFrame, rank: NDArray[np.int64]) -> list[Way]:
    """List both directions of all legs, without those that start abroad."""
    at_border = {p for p, r in zip(places["id"].to_list(), rank, strict=True) if r != INSIDE}
    closures = [_Closure.read(row, case.first, at_border) for row in case.closures.iter_rows(named=True)]
    index = {name: number for number, name in enumerate(places["id"].to_list())}
    names = _names(places)
    ways = []
    for row in case.routes.iter_rows(named=True):
        first, second = index[row["from"]], index[row["to"]]
        for start, end in ((first, second),) if row["one_way"] else ((first, second), (second, first)):
            if rank[start] == ABROAD:
                continue
            outward = rank[end] > rank[start] or (rank[end] == rank[start] and start == first)
            shut = [c for c in closures if c.shuts(row["id"], names[start], names[end], outward=outward)]
            inside = max(rank[start], rank[end]) == INSIDE
            window = (_day(row["open_from"], case.first, -FAR), _day(row["open_to"], case.first, FAR))
            ways.append(_way(start, end, float(row["distance_km"]), window, shut, inside=inside))
    return ways


def _way(
    start: int, end: int, km: float, window: tuple[int, int], shut: list[_Closure], *, inside: bool
) -> Way:
    """Tell what closes a border from what closes everything: only the first can be wished away."""
    border = [(c.first, c.last) for c in shut if c.border or (c.what == "route" and not inside)]
    other = [(c.first, c.last) for c in shut if not (c.border or (c.what == "route" and not inside))]
    always = [(-FAR, FAR)]
    return Way(
        start=start,
        end=end,
        km=km,
        windows=tuple(_without([window] if inside else always, other)),
        border_windows=tuple(_without(always if inside else [window], border)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closure:
    what: str
    where: str
    direction: str
    first: int
    last: int
    border: bool

    @staticmethod
    def read(row: dict[str, object], start: dt.date, at_border: set[str]) -> _Closure:
        return _Closure(
            what=str(row["what"]),
            where=str(row["where"]),
            direction=str(row["direction"] or "both"),
            first=_day(row["from"], start, -(FAR)),
            last=_day(row["to"], start, FAR),
            border=row["what"] == "border" or (row["what"] == "place" and row["where"] in at_border),
        )

    def shuts(self, route: str, start: tuple[str, ...], end: tuple[str, ...], *, outward: bool) -> bool:
        """Say whether this closure shuts one direction of a leg; places come as id, then names abroad."""
        out, into = self.direction != "in", self.direction != "out"
        if self.what == "route":
            return self.where == route and (out if outward else into)
        if self.what == "place":
            return (self.where == start[0] and out) or (self.where == end[0] and into)
        return (self.where in end[1:] and out) or (self.where in start[1:] and into)


def _names(places: pl.DataFrame) -> list[tuple[str, ...]]:
    """Give for each place its id, and for one abroad what a border may be called."""
    return [
        (row["id"], row["id"], row["name"], row["country"]) if row["kind"] == "country" else (row["id"],)
        for row in places.iter_rows(named=True)
    ]


def _day(date: object, first: dt.date, missing: int) -> int:
    return (date - first).days if isinstance(date, dt.date) else missing


def _without(days: list[tuple[int, int]], shut: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take stretches of days out of stretches of days; all ends count."""
    for first, last in shut:
        left = [(a, min(b, first - 1)) for a, b in days]
        right = [(max(a, last + 1), b) for a, b in days]
        days = [(a, b) for a, b in left + right if a <= b]
    return sorted(set(days))


def _open(windows: tuple[tuple[int, int], ...], day: int) -> bool:
    return any(first <= day <= last for first, last in windows)


def _epochs(ways: list[Way]) -> list[int]:
    edges = {0}
    for way in ways:
        for first, last in way.windows + way.border_windows:
            edges |= {day for day in (first, last + 1) if 0 < day < FAR - 1}
    return sorted(edges)


def _shortest(ways: list[Way], places: int) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield the shortest ways from some places at a time: which rows, and float64 (row, place)."""
    nearest: dict[tuple[int, int], float] = {}
    for way in ways:
        pair = (way.start, way.end)
        nearest[pair] = min(way.km, nearest.get(pair, np.inf))
    pairs = np.array(sorted(nearest), dtype=np.int64).reshape(-1, 2)
    lengths = np.array([nearest[pair] for pair in sorted(nearest)], dtype=np.float64)
    graph = csr_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(places, places))
    for start in range(0, places, ROWS):
        rows = slice(start, min(start + ROWS, places))
        yield rows, dijkstra(graph, directed=True, indices=np.arange(rows.start, rows.stop))
