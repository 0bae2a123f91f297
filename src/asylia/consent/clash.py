"""Why nothing works: the smallest sets of statements that cannot all hold, and the fewest that would have to give way.

A clashing set is minimal: without any one of its members the others could hold together. A concession is minimal too:
with it everything else can hold, and no part of it would do. Each concession takes one member at least of every clash,
and each clash one member at least of every concession (Reiter 1987): so all of one are found from all of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.boxes import Boxes, boxes_of
from asylia.consent.search import Question, any_package, nearest
from asylia.consent.space import Condition, Space

MOST_SETS: Final = 200
KEPT: Final = np.int64(1)
GIVEN: Final = np.int64(2)

Members = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clashes:
    """Where statements cannot hold together.

    Parameters
    ----------
    together
        Whether all conditions can hold at once.
    sets
        Minimal clashing sets, ids of conditions in their order, smallest first.
    concessions
        Minimal sets whose giving way lets everything else hold, smallest first.
    complete
        Whether these are all there are. If not, each is still exact.
    """

    together: bool
    sets: tuple[tuple[str, ...], ...]
    concessions: tuple[tuple[str, ...], ...]
    complete: bool


def clashes(
    space: Space,
    conditions: Sequence[Condition],
    *,
    rules: Sequence[Condition] = (),
    most: int = MOST_SETS,
) -> Clashes:
    """Find all minimal clashing sets and all minimal concessions.

    Parameters
    ----------
    conditions
        What may give way, hard or soft.
    rules
        What cannot give way. If they clash among themselves, the empty set clashes and no concession helps.
    most
        Sets of each sort at most.

    Examples
    --------
    >>> from asylia.consent.space import Variable, compile_condition
    >>> space = Space(variables=(Variable(name="who", term="who", values=("host", "un")),))
    >>> said = [compile_condition(f"who = {value}", space, id=value) for value in ("host", "un")]
    >>> found = clashes(space, said)
    >>> found.sets, found.concessions
    ((('host', 'un'),), (('host',), ('un',)))
    """
    oracle = _Oracle.of(space, conditions, rules)
    everyone = frozenset(range(len(conditions)))
    if oracle.can_hold(everyone):
        return Clashes(together=True, sets=(), concessions=(), complete=True)
    if not oracle.can_hold(frozenset()):
        return Clashes(together=False, sets=((),), concessions=(), complete=True)
    seeds, concessions, all_found = _concessions(oracle, everyone, most)
    if all_found:
        more, all_found = _transversals(concessions, seeds, len(everyone), most - len(seeds))
        seeds = [*seeds, *more]
    names = tuple(condition.id for condition in conditions)
    return Clashes(
        together=False, sets=_named(seeds, names), concessions=_named(concessions, names), complete=all_found
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Oracle:
    """Tells whether some package meets a set of conditions, and the rules."""

    question: Question
    conditions: int

    @classmethod
    def of(cls, space: Space, conditions: Sequence[Condition], rules: Sequence[Condition]) -> _Oracle:
        domains = (np.int64(1) << np.array(space.shape, dtype=np.int64)) - 1
        question = Question(
            boxes=boxes_of(space.shape, (*conditions, *rules)),
            domains=domains,
            stay=domains & -domains,
            weights=np.ones(len(space.shape), dtype=np.int64),
        )
        return cls(question=question, conditions=len(conditions))

    def can_hold(self, members: Members) -> bool:
        owner = self.question.boxes.owner
        held = np.zeros(max(self.conditions, owner.max(initial=-1) + 1), dtype=np.bool_)
        held[sorted(members)] = True
        held[self.conditions :] = True
        return any_package(self.question, active=held[owner]).cost is not None

    def shrink(self, members: Members) -> Members:
        """Take members out of a clashing set while it still clashes."""
        for member in sorted(members):
            if not self.can_hold(members - {member}):
                members -= {member}
        return members


def _concessions(oracle: _Oracle, everyone: Members, most: int) -> tuple[list[Members], list[Members], bool]:
    """Find all minimal concessions, fewest members first; also the clashes met on the way, and whether it is done.

    A smallest set that hits all clashes known, and holds no concession known, either works, and is then a minimal
    concession, or what it leaves clashes, and shrinks to a clash that was not known.
    """
    sets: list[Members] = []
    found: list[Members] = []
    while len(found) < most and len(sets) < most:
        hitting = _smallest_hitting(sets, found, len(everyone), most - len(found))
        if not hitting:
            return sets, found, True
        known = len(sets)
        for members in hitting:
            if any(not members & one for one in sets[known:]):
                continue
            if oracle.can_hold(everyone - members):
                found.append(members)
            else:
                sets.append(oracle.shrink(everyone - members))
    return sets, found, False


def _transversals(
    families: list[Members], known: list[Members], size: int, most: int
) -> tuple[list[Members], bool]:
    """Find all minimal sets that hit every family, beyond those known; and whether these are all."""
    found: list[Members] = []
    while len(found) < most:
        hitting = _smallest_hitting(families, [*known, *found], size, most - len(found))
        if not hitting:
            return found, True
        found.extend(hitting)
    return found, not _smallest_hitting(families, [*known, *found], size, 1)


def _smallest_hitting(
    families: Sequence[Members], banned: Sequence[Members], size: int, most: int
) -> list[Members]:
    """List smallest sets that hit every family and contain no banned set; none if there is no such set."""
    parts = [(tuple(sorted(f)), KEPT) for f in families] + [(tuple(sorted(b)), GIVEN) for b in banned]
    sizes = [len(members) for members, _ in parts]
    question = Question(
        boxes=Boxes(
            first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            variable=np.array([m for members, _ in parts for m in members], dtype=np.int64),
            forbidden=np.array([mask for members, mask in parts for _ in members], dtype=np.int64),
            owner=np.arange(len(parts), dtype=np.int64),
        ),
        domains=np.full(size, KEPT | GIVEN),
        stay=np.full(size, KEPT),
        weights=np.ones(size, dtype=np.int64),
    )
    return [_given(group) for group in nearest(question, most_groups=max(1, most)).groups]


def _given(group: NDArray[np.int64]) -> Members:
    return frozenset(int(member) for member in np.flatnonzero(group == GIVEN))


def _named(sets: Sequence[Members], names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    ordered = sorted((len(members), sorted(members)) for members in sets)
    return tuple(tuple(names[member] for member in members) for _, members in ordered)
