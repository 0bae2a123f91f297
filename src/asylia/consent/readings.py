"""Statements with all their readings, held against packages: what a verdict turns on, and what makes it doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.boxes import with_open
from asylia.consent.expressions import parse
from asylia.consent.nodes import atoms, to_text
from asylia.consent.space import (
    HARD,
    Condition,
    Space,
    compile_statement,
    counted,
    readings_of,
)
from asylia.model.actors import Actor, Statement
from asylia.model.agreement import Overall
from asylia.model.findings import Position

MET: Final = 0
OPEN: Final = 1
UNMET: Final = 2
"""How a condition stands against a package, in rising order of weight."""

CONFIRMED: Final = frozenset({"confirmed"})
UNDECIDED: Final = frozenset({"proposed", "disputed"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """One statement that is a condition, in all its readings.

    Parameters
    ----------
    readings
        The expression, then the alternatives.
    doubt
        What the readings differ in, in words of the language; the same text for statements that differ in the same
        thing, so that one answer settles all of them. Empty if there is one reading.
    confidence
        stated, likely or guess: how sure it is that the actor holds this at all.
    """

    id: str
    actor: str
    readings: tuple[Condition, ...]
    hard: bool = True
    rank: int = 1
    doubt: str = ""
    confidence: str = "stated"


def spoken(
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    space: Space,
    *,
    status: frozenset[str] = CONFIRMED,
) -> tuple[Spoken, ...]:
    """Compile every statement that counts, in the order of the actors, with all its readings."""
    order = {actor.id: number for number, actor in enumerate(actors)}
    held = [s for s in counted(statements, status=status) if s.actor in order]
    held.sort(key=lambda s: (order[s.actor], s.force not in HARD, s.rank, s.id))
    return tuple(
        Spoken(
            id=s.id,
            actor=s.actor,
            readings=tuple(compile_statement(text, s, space) for text in readings_of(s)),
            hard=s.force in HARD,
            rank=s.rank,
            doubt=difference(readings_of(s)),
            confidence=s.confidence,
        )
        for s in held
    )


def difference(texts: Sequence[str]) -> str:
    """Say what the readings of a statement differ in: the comparisons that are not in all of them.

    >>> difference(["zone = no or consent = written", "zone = no or consent >= tacit"])
    'consent = written / consent >= tacit'
    """
    if len(texts) < 2:
        return ""
    parts = [Counter(to_text(atom) for atom in atoms(parse(text))) for text in texts]
    shared = parts[0]
    for part in parts[1:]:
        shared = shared & part
    own = [sorted((part - shared).elements()) for part in parts]
    if not any(own):
        return " / ".join(texts)
    return " / ".join(" and ".join(pieces) or "nothing more" for pieces in own)


def stands(condition: Condition, package: Sequence[int | None]) -> int:
    """Hold a condition against a package: MET or UNMET whatever becomes of what is open, otherwise OPEN."""
    seen = condition.table[tuple(_part(package[number]) for number in condition.scope)]
    if seen.all():
        return MET
    return OPEN if seen.any() else UNMET


def stands_all(condition: Condition, packages: NDArray[np.int64]) -> NDArray[np.int8]:
    """Hold a condition against many packages.

    Parameters
    ----------
    packages
        int64 (package, variable), -1 where open.

    Returns
    -------
    int8 (package,): MET, OPEN or UNMET.
    """
    columns = packages[:, list(condition.scope)]
    axes = [True] * len(condition.scope)
    # -1 is the last place of an axis, and that is where "left open" is put.
    place = tuple(columns.T)
    always = with_open(condition.table, axes)[place]
    never = with_open(~condition.table, axes)[place]
    standing = np.where(always, MET, np.where(never, UNMET, OPEN)).astype(np.int8)
    return np.broadcast_to(standing, len(packages))


def standing_of_actor(said: Sequence[Spoken], actor: str, package: Sequence[int | None]) -> Position:
    """Say where one actor stands on a package, by the rules of `consent.audit`."""
    hard = [s for s in said if s.hard and s.actor == actor]
    outcomes = [{stands(reading, package) for reading in s.readings} for s in hard]
    if any(found == {UNMET} for found in outcomes):
        return "refuses"
    if any(UNMET in found for found in outcomes):
        return "contested"
    if not hard or any(found != {MET} for found in outcomes):
        return "cannot say"
    return "nothing stated against it"


def overall(positions: Mapping[str, Position], veto_holders: Sequence[str]) -> Overall:
    """Say where a plan stands with everybody who can stop it."""
    held = {positions[actor] for actor in veto_holders}
    if "refuses" in held:
        return "refused"
    return "nothing stated against it" if held <= {"nothing stated against it"} else "cannot say"


def _part(value: int | None) -> int | slice:
    return slice(None) if value is None else value
