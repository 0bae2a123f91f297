"""What may happen: every uncertain number of a case drawn by name, the same luck for every plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from asylia.core.draws import Stream, uniform
from asylia.model.rules import RULES
from asylia.model.uncertain import Uncertain


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a member takes from rules fitted to recorded conflicts, beside the numbers that replace those of a case.

    Parameters
    ----------
    network
        Power of the share of an area's displaced people who are already at a place.
    group_spread, place_spread, time_spread
        Standard deviations of the log pull of areas and countries, of places, and of places in time: what no rule knows.
    abroad
        Log factor of the pull of places abroad, by id; none for the others.
    """

    network: float
    group_spread: float
    place_spread: float
    time_spread: float
    abroad: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One member: a draw of every uncertain number.

    Parameters
    ----------
    values
        Drawn number by rule name.
    learned
        What fitted rules add; nothing with the rules of a case.
    reported
        By first-level area, what counts that were taken in say: factors of departures from its places and of their pull.
    """

    seed: int
    member: int
    values: Mapping[str, float]
    learned: Learned | None = None
    reported: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def draw(self, name: str, number: Uncertain) -> float:
        """Draw any other uncertain number (a zone's capacity, a cost) by a stable name.

        >>> s = Scenario(seed=7, member=0, values={})
        >>> s.draw("x", Uncertain(low=1.0, high=1.0))
        1.0
        """
        if number.is_fixed:
            return number.low
        return number.at(uniform(self.seed, Stream.UNCERTAIN, self.member, name))


def draw_member(rules: Mapping[str, Uncertain], member: int, seed: int) -> Scenario:
    """Draw one scenario: the same whatever the number of members.

    Parameters
    ----------
    rules
        The case's numbers by name; names it does not give keep the default of `model.rules`.
    """
    numbers = {name: rules.get(name, spec.default) for name, spec in RULES.items()}
    values = {n: u.at(uniform(seed, Stream.UNCERTAIN, member, n)) for n, u in numbers.items()}
    return Scenario(seed=seed, member=member, values=values)


def draw(rules: Mapping[str, Uncertain], members: int, seed: int) -> tuple[Scenario, ...]:
    """Draw scenarios for a case, one per member, in order.

    >>> draw({}, 5, seed=7)[3] == draw({}, 100, seed=7)[3]
    True
    """
    return tuple(draw_member(rules, member, seed) for member in range(members))
