"""Closures: which links are open on each day, which camps are closed, and where people are sent on.

A closure holds from its start to the day before its end; an end that is not after the start: it never opens again,
save one that ends on the day it starts, which never held.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asylia.model.replay import Replay
from asylia.move.flee.network import Links

NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Openings:
    """Which links are open, by epoch.

    Parameters
    ----------
    epoch_of_day
        int64 (day,).
    link_open
        bool (epoch, link).
    send_on
        int64 (epoch, place): the link on which all who arrive are sent on; `NOWHERE`: none.
    """

    epoch_of_day: NDArray[np.int64]
    link_open: NDArray[np.bool_]
    send_on: NDArray[np.int64]


def held(start: int, end: int, days: int) -> slice:
    """Return the days on which a closure holds."""
    if end == start:
        return slice(0, 0)
    return slice(max(start, 0), end if end > start else days)


def camp_closed(replay: Replay) -> NDArray[np.bool_]:
    """Return (day, place): the camp is closed, so counts as a town."""
    closed = np.zeros((replay.days, replay.places.height), dtype=np.bool_)
    names = replay.places["name"].to_numpy()
    for row in replay.closures.iter_rows(named=True):
        if row["what"] in ("camp", "idpcamp"):
            closed[held(row["start"], row["end"], replay.days), names == row["name1"]] = True
    return closed


def lay_out_openings(replay: Replay, links: Links, *, quirks: bool) -> Openings:
    """Work out the open links of each day."""
    days = replay.days
    steps = {0}
    for row in replay.closures.iter_rows(named=True):
        steps |= {day for day in (row["start"], row["end"]) if 0 < day < days}
    first = np.array(sorted(steps), dtype=np.int64)
    link_open = np.ones((first.size, links.start.size), dtype=np.bool_)
    for row in replay.closures.iter_rows(named=True):
        shut = _shut(replay, links, row, quirks=quirks)
        span = held(row["start"], row["end"], days)
        epochs = (first >= span.start) & (first < span.stop)
        link_open[np.ix_(epochs, shut)] = False
    return Openings(
        epoch_of_day=np.searchsorted(first, np.arange(days), side="right") - 1,
        link_open=link_open,
        send_on=_send_on(replay, links, first, quirks=quirks),
    )


def _shut(replay: Replay, links: Links, row: dict[str, object], *, quirks: bool) -> NDArray[np.bool_]:
    """Which links one closure shuts."""
    places = replay.places
    column = places["country" if row["what"] == "country" else "name"].to_numpy()
    one, two = column == row["name1"], column == row["name2"]
    if row["what"] == "location":
        return np.asarray(one[links.start] | one[links.end])
    if row["what"] == "country" or (row["what"] == "link" and not quirks):
        return np.asarray((one[links.start] & two[links.end]) | (two[links.start] & one[links.end]))
    return np.zeros(links.start.size, dtype=np.bool_)


def _send_on(replay: Replay, links: Links, first: NDArray[np.int64], *, quirks: bool) -> NDArray[np.int64]:
    """Links on which all who arrive are sent on: type 1 from the second place to the first, type 2 the other way."""
    send_on = np.full((first.size, replay.places.height), NOWHERE)
    position = {name: number for number, name in enumerate(replay.places["name"])}
    for row in () if quirks else replay.links.iter_rows(named=True):
        if row["redirection"] not in (1, 2):
            continue
        pair = (row["to"], row["from"]) if row["redirection"] == 1 else (row["from"], row["to"])
        here, there = position[pair[0]], position[pair[1]]
        between = np.flatnonzero((links.start == here) & (links.end == there))
        shortest = between[np.argmin(links.length_mm[between])]
        send_on[_redirected(replay, pair, first), here] = shortest
    return send_on


def _redirected(replay: Replay, pair: tuple[str, str], first: NDArray[np.int64]) -> NDArray[np.bool_]:
    holds = np.ones(first.size, dtype=np.bool_)
    for row in replay.closures.iter_rows(named=True):
        if row["what"] == "remove_forced_redirection" and {row["name1"], row["name2"]} == set(pair):
            span = held(row["start"], row["end"], replay.days)
            holds &= ~((first >= span.start) & (first < span.stop))
    return holds
