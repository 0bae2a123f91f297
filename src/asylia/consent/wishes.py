"""Which acceptable packages give each actor more of what it asked for, in its own order and without weights.

An actor prefers the package that meets more of what it ranks first; what it ranks lower decides only where the higher
ranks are equal. Two wishes of equal rank are not held against each other: a package that meets one is then neither
better nor worse than one that meets the other. Nothing is added up across actors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.diagram import LARGEST_INT, Diagram, Edges, SearchLimitError, build
from asylia.consent.space import NO_YES, Condition, Space, Variable

MOST_GROUPS: Final = 7
MOST_WISHES: Final = 40
MOST_ROWS: Final = 2_000_000
MOST_CELLS: Final = 2**22

Masks = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Packages that meet the same wishes, and that no acceptable package betters for one actor without loss to another.

    Parameters
    ----------
    met, unmet
        By actor, ids of its soft conditions.
    packages
        How many there are, exactly.
    example
        One of them: index of a value per variable.
    """

    met: Mapping[str, tuple[str, ...]]
    unmet: Mapping[str, tuple[str, ...]]
    packages: int
    example: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Outcomes in which the same actors gain.

    Parameters
    ----------
    gains
        Actors of whose wishes at least one is met in every outcome of the group.
    gets_all
        Those of them of whose wishes all are met in every outcome of the group.
    tolerates
        Actors who stated something, whose hard conditions are met, and none of whose wishes is.
    always_met
        Ids of the wishes met in every outcome of the group.
    """

    gains: tuple[str, ...]
    gets_all: tuple[str, ...]
    tolerates: tuple[str, ...]
    always_met: tuple[str, ...]
    outcomes: int
    packages: int
    example: tuple[int, ...]


def unbettered(
    space: Space, conditions: Sequence[Condition], *, fixed: Sequence[int | None] | None = None
) -> tuple[Outcome, ...]:
    """Find the exact ordinal Pareto set: packages that meet every hard condition, by the wishes they meet.

    Parameters
    ----------
    conditions
        Hard ones filter; soft ones are the wishes, ordered by rank within their actor.

    Returns
    -------
    Outcomes, those that meet most wishes first, then by the ids of the wishes met. None if nothing is acceptable.

    Raises
    ------
    SearchLimitError
        If there are too many wishes, or too many ways to meet some of them.
    """
    wishes = [c for c in conditions if c.soft]
    if len(wishes) > MOST_WISHES:
        raise SearchLimitError(
            f"More than {MOST_WISHES} wishes are too many at once. Ask about fewer actors."
        )
    diagram = _with_wishes(space, [c for c in conditions if not c.soft], wishes, fixed)
    masks, counts, examples = _profiles(diagram, len(space.variables), exact=space.size < LARGEST_INT)
    best = np.flatnonzero(_unbeaten(masks, wishes)) if masks.size else np.empty(0, dtype=np.int64)
    actors = tuple(dict.fromkeys(c.actor for c in conditions if c.actor))
    found = [_outcome(int(masks[n]), int(counts[n]), examples[n], wishes, actors) for n in best]
    return tuple(sorted(found, key=_most_met_first))


def group(outcomes: Sequence[Outcome], *, most: int = MOST_GROUPS) -> tuple[tuple[Group, ...], int]:
    """Put outcomes together by who gains and who only tolerates.

    Returns
    -------
    At most so many groups, those first in which the fewest only tolerate; and how many groups are not shown.
    """
    fine = _grouped(outcomes, {actor: (0, 1, 2) for o in outcomes for actor in o.met})
    if len(fine) > most:
        fine = _grouped(outcomes, {actor: (0, 1, 1) for o in outcomes for actor in o.met})
    shown = sorted(
        fine, key=lambda g: (len(g.tolerates), -len(g.gets_all), -len(g.gains), g.gains, g.gets_all)
    )
    return tuple(shown[:most]), max(0, len(shown) - most)


def _with_wishes(
    space: Space,
    hard: Sequence[Condition],
    wishes: Sequence[Condition],
    fixed: Sequence[int | None] | None,
) -> Diagram:
    """Add one yes-or-no variable per wish that says whether it is met."""
    asked = tuple(Variable(name=f"wish:{w.id}", term=f"wish:{w.id}", values=NO_YES) for w in wishes)
    linked = [
        Condition(
            id=wish.id,
            actor=wish.actor,
            statement=wish.statement,
            scope=(*wish.scope, len(space.variables) + number),
            table=np.stack([~wish.table, wish.table], axis=-1),
        )
        for number, wish in enumerate(wishes)
    ]
    settled = None if fixed is None else (*fixed, *(None for _ in wishes))
    return build(Space(variables=(*space.variables, *asked)), [*hard, *linked], fixed=settled)


def _profiles(
    diagram: Diagram, terms: int, *, exact: bool
) -> tuple[Masks, NDArray[np.generic], list[tuple[int, ...]]]:
    """List every combination of wishes met, as bits, with the packages behind it and one of them."""
    node, mask = np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.int64)
    counts: NDArray[np.generic] = np.ones(1, dtype=np.int64 if exact else np.object_)
    trail: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for variable, edges in zip(diagram.order, diagram.edges, strict=True):
        bit = 1 << (variable - terms) if variable >= terms else 0
        node, mask, counts, step = _follow(node, mask, counts, edges, bit)
        trail.append(step)
    examples = np.empty((len(mask), len(diagram.order)), dtype=np.int64)
    here = np.arange(len(mask))
    for variable, (parent, value) in zip(reversed(diagram.order), reversed(trail), strict=True):
        examples[:, variable], here = value[here], parent[here]
    return mask, counts, [tuple(row) for row in examples[:, :terms].tolist()]


def _follow(
    node: NDArray[np.int32], mask: Masks, counts: NDArray[np.generic], edges: Edges, bit: int
) -> tuple[NDArray[np.int32], Masks, NDArray[np.generic], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Settle one variable more, and put together what meets the same wishes in the same state."""
    parent, value = np.nonzero(edges[node] >= 0)
    node, mask, counts = edges[node[parent], value], mask[parent] | bit * value, counts[parent]
    order = np.lexsort((mask, node))
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (np.diff(node[order]) != 0) | (np.diff(mask[order]) != 0)
    starts = np.flatnonzero(new)
    if len(starts) > MOST_ROWS:
        raise SearchLimitError("There are too many ways to meet some of the wishes. Ask about fewer actors.")
    counts = np.add.reduceat(counts[order], starts) if len(starts) else counts
    first = order[starts]
    return node[first], mask[first], counts, (parent[first], value[first])


def _unbeaten(masks: Masks, wishes: Sequence[Condition]) -> NDArray[np.bool_]:
    """Count, for each combination, those at least as good for every actor: itself alone, if nothing betters it."""
    places, better = [], []
    for actor in dict.fromkeys(wish.actor for wish in wishes):
        ranks = _ranks(actor, wishes)
        own, place = np.unique(masks & sum(ranks), return_inverse=True)
        places.append(place.ravel())
        better.append(_at_least(own, ranks))
    if np.prod([len(table) for table in better], dtype=np.float64) > MOST_CELLS:
        raise SearchLimitError("There are too many ways to meet some of the wishes. Ask about fewer actors.")
    count = np.zeros([len(table) for table in better], dtype=np.float32)
    count[tuple(places)] = 1.0
    for axis, table in enumerate(better):
        count = np.moveaxis(np.tensordot(table, count, axes=(1, axis)), 0, axis)
    met: NDArray[np.bool_] = count[tuple(places)] == 1.0 if places else np.ones(len(masks), dtype=np.bool_)
    return met


def _ranks(actor: str, wishes: Sequence[Condition]) -> list[int]:
    """Give the bits of each rank of an actor, first rank first."""
    bits: dict[int, int] = {}
    for number, wish in enumerate(wishes):
        if wish.actor == actor:
            bits[wish.rank] = bits.get(wish.rank, 0) | 1 << number
    return [bits[rank] for rank in sorted(bits)]


def _at_least(own: Masks, ranks: Sequence[int]) -> NDArray[np.float32]:
    """Mark where the second combination is at least as good as the first: float32 (first, second)."""
    good = np.zeros((len(own), len(own)), dtype=np.bool_)
    level = np.ones_like(good)
    for bits in ranks:
        held = own & bits
        equal = held[:, None] == held[None, :]
        good |= level & ~equal & (held[:, None] & ~held[None, :] == 0)
        level &= equal
    return (good | level).astype(np.float32)


def _outcome(
    mask: int, packages: int, example: tuple[int, ...], wishes: Sequence[Condition], actors: Sequence[str]
) -> Outcome:
    def own(actor: str, met: int) -> tuple[str, ...]:
        return tuple(w.id for n, w in enumerate(wishes) if w.actor == actor and mask >> n & 1 == met)

    return Outcome(
        met={actor: own(actor, 1) for actor in actors},
        unmet={actor: own(actor, 0) for actor in actors},
        packages=packages,
        example=example,
    )


def _most_met_first(outcome: Outcome) -> tuple[int, tuple[tuple[str, ...], ...]]:
    return -sum(map(len, outcome.met.values())), tuple(outcome.met.values())


def _level(outcome: Outcome, actor: str) -> int:
    """Say whether none (0), some (1) or all (2) of an actor's wishes are met."""
    if not outcome.met[actor]:
        return 0
    return 1 if outcome.unmet[actor] else 2


def _grouped(outcomes: Sequence[Outcome], levels: Mapping[str, tuple[int, ...]]) -> list[Group]:
    found: dict[tuple[int, ...], list[Outcome]] = {}
    for outcome in outcomes:
        key = tuple(levels[actor][_level(outcome, actor)] for actor in outcome.met)
        found.setdefault(key, []).append(outcome)
    return [_group(inside) for inside in found.values()]


def _group(inside: Sequence[Outcome]) -> Group:
    actors = list(inside[0].met)
    always = [w for a in actors for w in inside[0].met[a] if all(w in o.met[a] for o in inside)]
    return Group(
        gains=tuple(a for a in actors if _level(inside[0], a)),
        gets_all=tuple(a for a in actors if all(_level(o, a) == 2 for o in inside)),
        tolerates=tuple(a for a in actors if not _level(inside[0], a)),
        always_met=tuple(always),
        outcomes=len(inside),
        packages=sum(o.packages for o in inside),
        example=inside[0].example,
    )
