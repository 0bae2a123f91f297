"""How far it is along open roads: from the sites outwards, up to a limit, by any mode of travel.

Source: E. Dijkstra (1959), Numerische Mathematik 1, 269-271, as in `scipy.sparse.csgraph`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roads:
    """Directed roads between numbered nodes.

    Parameters
    ----------
    nodes
        How many nodes there are.
    start, end
        int64 (edge,). A road for both directions is two edges.
    km
        float64 (edge,), more than 0.
    mode
        int64 (edge,), a row of a table of speeds.
    is_open
        bool (edge,): false where a closure or a border bars the way on the day looked at.
    """

    nodes: int
    start: Ints
    end: Ints
    km: Floats
    mode: Ints
    is_open: Flags


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Shortest ways from nodes to sites.

    Parameters
    ----------
    km, hours
        float64 (site, node), along the same way; infinite where there is none within the limit.
    next_edge
        int64 (site, node): first edge of the way from the node, -1 at the site and where there is none.
    """

    km: Floats
    hours: Floats
    next_edge: Ints


def ways_to(
    roads: Roads,
    sites: Ints,
    speed_kmh: Floats,
    *,
    quickest: bool = False,
    limit: float = np.inf,
) -> Ways:
    """Find the shortest or the quickest open way from every node to each site.

    Parameters
    ----------
    sites
        int64 (site,), nodes.
    speed_kmh
        float64 (mode,), more than 0.
    quickest
        Least hours rather than least km.
    limit
        Ways longer than this are not looked for: km, or hours for the quickest.

    Raises
    ------
    ValueError
        If a road has no length or no speed.
    """
    hours = roads.km / speed_kmh[roads.mode]
    if np.any(roads.km <= 0) or np.any(speed_kmh <= 0):
        raise ValueError("A road has a length of more than 0 km, and a mode a speed of more than 0 km/h.")
    edges = _shortest_of_parallels(roads, hours if quickest else roads.km)
    weight = (hours if quickest else roads.km)[edges]
    # against the direction of travel, so that one search from a site finds the ways of everybody
    pairs = (roads.end[edges], roads.start[edges])
    graph = csr_array((weight, pairs), shape=(roads.nodes, roads.nodes))
    far, onward = dijkstra(graph, indices=sites, limit=limit, return_predecessors=True)
    table = csr_array((edges + 1, pairs), shape=(roads.nodes, roads.nodes))
    next_edge = _edges_taken(onward.astype(np.int64), table)
    order = np.argsort(far, axis=1, kind="stable")
    return Ways(
        km=_added_up(order, far, next_edge, roads.end, roads.km),
        hours=_added_up(order, far, next_edge, roads.end, hours),
        next_edge=next_edge,
    )


def along(ways: Ways, roads: Roads, amount: Floats) -> Floats:
    """Add up an amount of each edge along the ways.

    Parameters
    ----------
    amount
        float64 (edge,).

    Returns
    -------
    float64 (site, node), infinite where there is no way.
    """
    order = np.argsort(ways.km, axis=1, kind="stable")
    return _added_up(order, ways.km, ways.next_edge, roads.end, amount)


def _shortest_of_parallels(roads: Roads, weight: Floats) -> Ints:
    """Keep one open edge for each pair of nodes: the shortest, then the first."""
    is_open = np.flatnonzero(roads.is_open & (roads.start != roads.end))
    order = is_open[np.lexsort((is_open, weight[is_open], roads.end[is_open], roads.start[is_open]))]
    pair = np.stack((roads.start[order], roads.end[order]))
    first = np.ones(order.size, dtype=np.bool_)
    first[1:] = np.any(pair[:, 1:] != pair[:, :-1], axis=0)
    kept: Ints = order[first].astype(np.int64)
    return kept


def _edges_taken(onward: Ints, table: csr_array) -> Ints:
    sites, nodes = np.nonzero(onward >= 0)
    taken = np.full(onward.shape, -1, dtype=np.int64)
    if sites.size:
        found = np.asarray(table[onward[sites, nodes], nodes]).ravel()
        taken[sites, nodes] = found.astype(np.int64) - 1
    return taken


@njit(cache=True)
def _added_up(order: Ints, far: Floats, next_edge: Ints, end: Ints, amount: Floats) -> Floats:
    """Sum an amount from each node to the site, nearest nodes first; each builds on the next one."""
    total = np.full(far.shape, np.inf)
    for site in range(far.shape[0]):
        for at in range(far.shape[1]):
            node = order[site, at]
            if far[site, node] == np.inf:
                break
            edge = next_edge[site, node]
            total[site, node] = 0.0 if edge < 0 else amount[edge] + total[site, end[edge]]
    return total
