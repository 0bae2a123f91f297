"""Where zones could go: the problems that can be asked by name, and answers that say how good they are.

Every answer has a certificate: the value of the plan, counted again from the plan alone, and a bound that no plan
can pass. Lower is better in every problem but maximal covering.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How good a plan is known to be.

    Parameters
    ----------
    value
        Value of the plan, counted from the plan. Infinite if there is no plan (below zero if more is better).
    bound
        No plan can be better than this. As infinite as `value` if it is proved that there is no plan.
    gap
        `abs(value - bound) / abs(value)`; 0 if proved, infinite if nothing is known.
    seconds
        Time it took, of the processor.
    method
        How plan and bound were found, in words.
    why_stopped
        Why the search ended, in words; names what to loosen if there is no plan.
    """

    value: float
    bound: float
    gap: float
    seconds: float
    method: str
    why_stopped: str

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return math.isfinite(self.value)


def gap_between(value: float, bound: float) -> float:
    """Return the gap of a value and its bound, as a share of the value.

    >>> gap_between(100.0, 98.0)
    0.02
    >>> gap_between(math.inf, math.inf), gap_between(math.inf, 3.0), gap_between(0.0, 0.0)
    (0.0, inf, 0.0)
    """
    if value == bound:
        return 0.0
    if not math.isfinite(value) or not math.isfinite(bound) or value == 0.0:
        return math.inf
    return abs(value - bound) / abs(value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """A plan with its certificate.

    Parameters
    ----------
    open_sites
        int64 (open,), sites in the plan, ascending.
    customers, sites, shares
        Who is served where: int64 (arc,), int64 (arc,), float64 (arc,), ascending by customer, then site. A customer
        that is served by nobody is in no arc.
    """

    certificate: Certificate
    open_sites: Ints
    customers: Ints
    sites: Ints
    shares: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Median:
    """p-median: open p sites so that the total cost to the nearest open site is least.

    Parameters
    ----------
    costs
        float64 (customer, site), 0 or more; infinite where there is no way.
    p
        Sites to open.
    """

    costs: Floats
    p: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Center:
    """p-center: open p sites so that the largest distance to the nearest open site is least.

    Parameters
    ----------
    distances
        float64 (customer, site), 0 or more; infinite where there is no way.
    p
        Sites to open.
    """

    distances: Floats
    p: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covering:
    """Maximal covering: open p sites so that most people have an open site within reach.

    Parameters
    ----------
    people
        int64 (customer,), 0 or more.
    starts, reach
        int64 (customer + 1,) and int64 (arc,): the sites within reach of customer `i` are
        `reach[starts[i]:starts[i + 1]]`, each once.
    site_count
        Sites to choose from.
    p
        Sites to open.
    """

    people: Ints
    starts: Ints
    reach: Ints
    site_count: int
    p: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facility:
    """Facility location: pay for opening sites and for serving everybody; as few costs as can be.

    Parameters
    ----------
    costs
        float64 (customer, site): cost of serving all of a customer there; infinite where there is no way.
    opening
        float64 (site,), 0 or more.
    demand, capacity
        float64 (customer,) and (site,). Without a capacity a site serves whoever comes.
    single_source
        Whether a customer must be served by one site alone.
    """

    costs: Floats
    opening: Floats
    demand: Floats | None = None
    capacity: Floats | None = None
    single_source: bool = False


Problem = Median | Center | Covering | Facility
