"""Links in both directions, and every way of up to `awareness` hops, as one tree for each place.

A way is a list of links that meets no place twice. What is left of a way after its first link is itself a way of the
next place, so people who are on their way need no list: the number of the rest is enough (`rest`).

Forwarding markers are passed without counting as a hop and are never the end of a way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from asylia.core.draws import GOLDEN, fold, stable_id
from asylia.model.replay import Replay

NO_REST = -1
MM_PER_KM = 1e6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links:
    """Directed links, sorted by the place they start from.

    Parameters
    ----------
    start, end
        Positions of places.
    length_mm, speed_mm
        int64; the speed per day is that of the link, or of the settings.
    many
        How many equal links lie side by side: each counts as an option of its own.
    out
        int64 (place + 1,), where the links of a place begin.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    length_mm: NDArray[np.int64]
    speed_mm: NDArray[np.int64]
    walk_chance: NDArray[np.float64]
    many: NDArray[np.float64]
    salt: NDArray[np.uint64]
    out: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """All ways, place by place: `begin[place]` to `begin[place + 1]`, parents before children.

    Parameters
    ----------
    link, end, rest
        First link, last place, and the way that is left after the first link (`NO_REST`: none).
    option
        False for ways that end at a marker: only steps to longer ones.
    km
        Whole length, float64.
    many
        How many equal ways lie side by side.
    """

    begin: NDArray[np.int64]
    link: NDArray[np.int64]
    end: NDArray[np.int64]
    rest: NDArray[np.int64]
    option: NDArray[np.bool_]
    km: NDArray[np.float64]
    many: NDArray[np.float64]
    salt: NDArray[np.uint64]


def read_links(replay: Replay, *, quirks: bool) -> Links:
    """Lay out the links both ways; equal links side by side become one that counts several times."""
    names = replay.places["name"].to_list()
    position = {name: number for number, name in enumerate(names)}
    count: dict[tuple[int, int, int, int, float], int] = {}
    for row in replay.links.iter_rows(named=True):
        a, b = position[row["from"]], position[row["to"]]
        speed = row["max_move_speed"] or replay.settings.max_move_speed
        nature = (millimetres(row["distance_km"]), millimetres(speed), row["walk_probability"] or 0.0)
        # the published engine adds the pair of a row of type 1 twice
        times = 2 if quirks and row["redirection"] == 1 else 1
        for ends in ((a, b), (b, a)):
            count[(*ends, *nature)] = count.get((*ends, *nature), 0) + times
    # by name from each place, so that the order of the folder's rows does not change whose luck is whose
    rows = sorted(count, key=lambda row: (row[0], names[row[1]], row[2:]))
    table = (
        pl.DataFrame(
            rows, schema=["start", "end", "length", "speed", "walk"], orient="row", infer_schema_length=None
        )
        if rows
        else pl.DataFrame(schema=dict.fromkeys(("start", "end", "length", "speed", "walk"), pl.Int64))
    )
    start = table["start"].to_numpy().astype(np.int64)
    salts = [
        stable_id(f"{names[a]}\n{names[b]}\n{length}\n{speed}\n{walk}") for a, b, length, speed, walk in rows
    ]
    return Links(
        start=start,
        end=table["end"].to_numpy().astype(np.int64),
        length_mm=table["length"].to_numpy().astype(np.int64),
        speed_mm=table["speed"].to_numpy().astype(np.int64),
        walk_chance=table["walk"].to_numpy().astype(np.float64),
        many=np.array([count[row] for row in rows], dtype=np.float64),
        salt=np.array(salts, dtype=np.uint64),
        out=np.searchsorted(start, np.arange(len(names) + 1)).astype(np.int64),
    )


def millimetres(km: float) -> int:
    """Return whole millimetres, so that positions add up without rounding."""
    return round(km * MM_PER_KM)


class _Tree(NamedTuple):
    """Ways as they are found: the first way of each place, the way one link shorter (-1: none), the last link."""

    begin: NDArray[np.int64]
    parent: NDArray[np.int64]
    last: NDArray[np.int64]


class _Net(NamedTuple):
    """What the search knows of the links."""

    out: NDArray[np.int64]
    to: NDArray[np.int64]
    length: NDArray[np.int64]
    many: NDArray[np.float64]
    salt: NDArray[np.uint64]


class _Found(NamedTuple):
    """What is worked out for each way."""

    link: NDArray[np.int64]
    rest: NDArray[np.int64]
    mm: NDArray[np.float64]
    many: NDArray[np.float64]
    salt: NDArray[np.uint64]


def find_ways(links: Links, marker: NDArray[np.bool_], awareness: int) -> Ways:
    """Find every way of 1 to `awareness` hops from every place."""
    net = _Net(links.out, links.end, links.length_mm, links.many, links.salt)
    counted = _tree(links.out.size, 0)
    tree = _tree(links.out.size, _walk(net, marker, awareness, counted))
    total = _walk(net, marker, awareness, tree)
    whole, real = np.zeros((2, total), dtype=np.int64), np.zeros((2, total))
    found = _Found(whole[0], whole[1], real[0], real[1], np.zeros(total, dtype=np.uint64))
    _finish(net, tree, found)
    end = links.end[tree.last]
    return Ways(
        begin=tree.begin,
        link=found.link,
        end=end,
        rest=found.rest,
        option=~marker[end],
        km=found.mm / MM_PER_KM,
        many=found.many,
        salt=found.salt,
    )


def _tree(bounds: int, total: int) -> _Tree:
    return _Tree(*(np.zeros(size, dtype=np.int64) for size in (bounds, total, total)))


@njit(cache=True)
def _walk(net: _Net, marker: NDArray[np.bool_], awareness: int, tree: _Tree) -> int:
    """Walk all simple ways, depth first; write them down if there is room, else only count."""
    places, count = net.out.size - 1, 0
    on_way = np.zeros(places, dtype=np.bool_)
    # one row for each place on the way: the place, its next link, the way that leads there, hops so far
    stack = np.zeros((places + 1, 4), dtype=np.int64)
    for place in range(places):
        tree.begin[place] = count
        depth = _step_on(stack, -1, on_way, place, net.out[place], -1, 0)
        while awareness > 0 and depth >= 0:
            here, link, way, hops = stack[depth]
            if link == net.out[here + 1]:
                on_way[here] = False
                depth -= 1
                continue
            stack[depth, 1] += 1
            goal = net.to[link]
            if on_way[goal]:
                continue
            if tree.parent.size > 0:
                tree.parent[count], tree.last[count] = way, link
            count += 1
            hops += 0 if marker[goal] else 1
            if hops < awareness:
                depth = _step_on(stack, depth, on_way, goal, net.out[goal], count - 1, hops)
        on_way[place] = False
    tree.begin[places] = count
    return count


@njit(cache=True)
def _step_on(  # numba takes no keywords to fields of a stack
    stack: NDArray[np.int64],
    depth: int,
    on_way: NDArray[np.bool_],
    place: int,
    link: int,
    way: int,
    hops: int,
) -> int:
    depth += 1
    stack[depth, 0], stack[depth, 1], stack[depth, 2], stack[depth, 3] = place, link, way, hops
    on_way[place] = True
    return depth


@njit(cache=True)
def _finish(net: _Net, tree: _Tree, found: _Found) -> None:
    """Work out the first link of each way, what is left after it, its length, and its number by names."""
    top, child, sibling = _family(tree)
    for way in range(tree.parent.size):
        up, link = tree.parent[way], tree.last[way]
        if up < 0:
            found.link[way], found.rest[way] = link, NO_REST
            found.mm[way], found.many[way] = net.length[link], net.many[link]
            found.salt[way] = fold(GOLDEN, net.salt[link])
            continue
        found.link[way] = found.link[up]
        found.mm[way], found.many[way] = found.mm[up] + net.length[link], found.many[up] * net.many[link]
        found.salt[way] = fold(found.salt[up], net.salt[link])
        at = top[net.to[found.link[up]]] if found.rest[up] < 0 else child[found.rest[up]]
        while tree.last[at] != link:
            at = sibling[at]
        found.rest[way] = at


@njit(cache=True)
def _family(tree: _Tree) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the first way of each place, the first child and the next sibling of each way; -1 for none."""
    top = np.full(tree.begin.size - 1, -1)
    child, sibling = np.full(tree.parent.size, -1), np.full(tree.parent.size, -1)
    for place in range(tree.begin.size - 1):
        for way in range(tree.begin[place + 1] - 1, tree.begin[place] - 1, -1):
            up = tree.parent[way]
            if up < 0:
                sibling[way], top[place] = top[place], way
            else:
                sibling[way], child[up] = child[up], way
    return top, child, sibling
