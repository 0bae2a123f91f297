"""Plans of maximal covering by interchange: what opening, closing and swapping would change is kept up to date.

Opening or closing a site touches only the classes it reaches, so that a swap costs little beside counting again.

Source: M. Resende and R. Werneck (2007), European Journal of Operational Research 174, 54-68 (gain, loss and extra),
here with what covering allows: a class counts for a loss or an extra only where exactly one open site reaches it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.siting.ground import CLOSED, OPEN
from asylia.siting.merge import Cover, Floats, Ints

Marks = NDArray[np.int8]

SHUT = -1


class Desk(NamedTuple):
    """A choice of sites, and what each change would do.

    `times[c]` open sites reach class `c`, `who[c]` is the sum of their numbers. `spot[j]` is the place of an open
    site, `at[k]` the site there. Opening `j` reaches `gain[j]` more people, closing the site at `k` loses `loss[k]`,
    and a swap of the two keeps `extra[k, j]` of those.
    """

    times: Ints
    who: Ints
    spot: Ints
    at: Ints
    gain: Floats
    loss: Floats
    extra: Floats


@njit(cache=True)
def new_desk(cover: Cover) -> Desk:
    """Begin with every site closed."""
    sites, classes = cover.begin.size - 1, cover.people.size
    gain = np.zeros(sites)
    for site in range(sites):
        for arc in range(cover.begin[site], cover.begin[site + 1]):
            gain[site] += cover.people[cover.classes[arc]]
    return Desk(
        np.zeros(classes, dtype=np.int64),
        np.zeros(classes, dtype=np.int64),
        np.full(sites, SHUT),
        np.full(cover.most, SHUT),
        gain,
        np.zeros(cover.most),
        np.zeros((cover.most, sites)),
    )


@njit(cache=True)
def _spread(cover: Cover, one: int, people: float, row: Floats) -> None:
    for arc in range(cover.starts[one], cover.starts[one + 1]):
        row[cover.sites[arc]] += people


@njit(cache=True)
def open_site(cover: Cover, desk: Desk, site: int) -> None:
    """Open a site at a free place."""
    own = 0
    while desk.at[own] != SHUT:
        own += 1
    desk.at[own], desk.spot[site] = site, own
    desk.loss[own] = 0.0
    desk.extra[own, :] = 0.0
    for arc in range(cover.begin[site], cover.begin[site + 1]):
        one = cover.classes[arc]
        people = cover.people[one]
        if desk.times[one] == 0:
            desk.loss[own] += people
            _spread(cover, one, -people, desk.gain)
            _spread(cover, one, people, desk.extra[own])
        elif desk.times[one] == 1:
            only = desk.spot[desk.who[one]]
            desk.loss[only] -= people
            _spread(cover, one, -people, desk.extra[only])
        desk.times[one] += 1
        desk.who[one] += site


@njit(cache=True)
def close_site(cover: Cover, desk: Desk, site: int) -> None:
    """Close an open site."""
    desk.at[desk.spot[site]] = SHUT
    desk.spot[site] = SHUT
    for arc in range(cover.begin[site], cover.begin[site + 1]):
        one = cover.classes[arc]
        people = cover.people[one]
        desk.times[one] -= 1
        desk.who[one] -= site
        if desk.times[one] == 0:
            _spread(cover, one, people, desk.gain)
        elif desk.times[one] == 1:
            only = desk.spot[desk.who[one]]
            desk.loss[only] += people
            _spread(cover, one, people, desk.extra[only])


@njit(cache=True)
def missed(cover: Cover, desk: Desk) -> float:
    """Count the people whom no open site reaches."""
    left = 0.0
    for one in range(desk.times.size):
        if desk.times[one] == 0:
            left += cover.people[one]
    return left


@njit(cache=True)
def fill(cover: Cover, desk: Desk, marks: Marks, barred: NDArray[np.bool_]) -> None:
    """Open the site that reaches most people more, until all places are taken; sites barred only if no other is left."""
    free = 0
    for site in desk.at:
        free += site == SHUT
    for _ in range(free):
        best, most = SHUT, -2.0
        for site in range(desk.spot.size):
            worth = -1.0 if barred[site] else desk.gain[site]
            if desk.spot[site] == SHUT and marks[site] != CLOSED and worth > most:
                best, most = site, worth
        if best == SHUT:
            return
        open_site(cover, desk, best)


@njit(cache=True)
def swap_on(cover: Cover, desk: Desk, marks: Marks) -> None:
    """Swap the two sites that gain most, until nothing is gained."""
    while True:
        best, enters, leaves = 0.5, SHUT, SHUT
        for spot in range(desk.at.size):
            if desk.at[spot] == SHUT or marks[desk.at[spot]] == OPEN:
                continue
            row, loss = desk.extra[spot], desk.loss[spot]
            for site in range(row.size):
                gained = desk.gain[site] - loss + row[site]
                if gained > best and desk.spot[site] == SHUT and marks[site] != CLOSED:
                    best, enters, leaves = gained, site, desk.at[spot]
        if enters == SHUT:
            return
        close_site(cover, desk, leaves)
        open_site(cover, desk, enters)


@njit(cache=True)
def become(cover: Cover, desk: Desk, chosen: Marks) -> None:
    """Turn the choice on the desk into this one, int8 (site,)."""
    for site in range(chosen.size):
        if desk.spot[site] != SHUT and not chosen[site]:
            close_site(cover, desk, site)
    for site in range(chosen.size):
        if desk.spot[site] == SHUT and chosen[site]:
            open_site(cover, desk, site)


@njit(cache=True)
def chosen_on(desk: Desk) -> Marks:
    """Return the choice on the desk, int8 (site,)."""
    chosen: Marks = (desk.spot != SHUT).astype(np.int8)
    return chosen


@njit(cache=True)
def shake(cover: Cover, desk: Desk, marks: Marks, luck: Floats, count: int) -> None:
    """Close a few sites by luck, open others in their place, and swap on.

    Parameters
    ----------
    luck
        float64 (site,): of the open sites those with least are closed.
    """
    barred = np.zeros(desk.spot.size, dtype=np.bool_)
    for site in np.argsort(luck):
        if count > 0 and desk.spot[site] != SHUT and marks[site] != OPEN:
            close_site(cover, desk, site)
            barred[site] = True
            count -= 1
    fill(cover, desk, marks, barred)
    swap_on(cover, desk, marks)
