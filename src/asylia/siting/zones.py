"""One call for a siting problem of any size, and what consent to a site would be worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from asylia.model.siting_network import Floats, SitingNetwork, ZoneAnswer
from asylia.siting.bound import Dual, case_of, cliques_of, look
from asylia.siting.extensive import solve_exact
from asylia.siting.large import begin, hunt_on, solve_large

SMALL = 10_000
"""Ways, times sizes, periods and scenarios, up to which HiGHS is faster."""


def solve_zones(
    network: SitingNetwork, *, gap: float = 0.01, seconds: float = 60.0, seed: int = 0
) -> ZoneAnswer:
    """Find zones with a proof of how good they are: HiGHS if the problem is small, our own search if it is large.

    Parameters
    ----------
    gap
        Share of the plan's value by which it may pass the bound.
    seconds
        Time of the processor.
    seed
        Key of the draws of the search.
    """
    scenarios, periods, _ = network.shape
    if network.cost.size * network.capacity.shape[1] * scenarios * periods <= SMALL:
        return solve_exact(network, gap=gap, seconds=seconds)
    return solve_large(network, gap=gap, seconds=seconds, seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWorth:
    """What consent of a party to a site would be worth in people sheltered, summed over periods.

    Parameters
    ----------
    party, site
        Whose consent, to which site.
    alone
        Whether no other party's consent is missing there.
    at_least, at_most
        People sheltered more if every missing consent to this site were given: no fewer and no more than this.
    tried
        Whether it was solved again; if not, prices already say that it is worth nothing more than `at_most`.
    """

    party: str
    site: str
    alone: bool
    at_least: float
    at_most: float
    tried: bool


def worth_of_consent(
    network: SitingNetwork,
    missing: Sequence[tuple[str, str]],
    *,
    gap: float = 0.001,
    seconds: float = 5.0,
    seed: int = 0,
) -> tuple[ConsentWorth, ...]:
    """List what each missing consent would be worth, most first: the mediator's list.

    Parameters
    ----------
    network
        With `allowed` false at the sites where consent is missing.
    missing
        Party and id of the site.
    seconds
        Time of the processor for each site.

    Raises
    ------
    ValueError
        If there is no such site.
    """
    people = people_alone(network)
    hunt = begin(people, gap, process_time() + seconds, seed, None)
    hunt_on(hunt, 20)
    value, bound = hunt.value, max(hunt.bound, 0.0)
    parties: dict[str, set[str]] = {}
    for party, site in missing:
        if site not in network.site_ids:
            raise ValueError(f"There is no site {site}.")
        parties.setdefault(site, set()).add(party)
    found = []
    for site, who in sorted(parties.items()):
        with_it = _allow(people, site)
        most = min(value - _bound_with(with_it, hunt.dual, hunt.case.weight), value)
        tried = most > gap * max(value, 1.0)
        least = 0.0
        if tried:
            again = begin(with_it, gap, process_time() + seconds, seed, hunt.dual)
            hunt_on(again, 20)
            # the old plan still stands
            least = max(bound - min(again.value, value), 0.0)
            most = min(most, value - max(again.bound, 0.0))
        found += [
            ConsentWorth(
                party=party,
                site=site,
                alone=len(who) == 1,
                at_least=least,
                at_most=max(most, least),
                tried=tried,
            )
            for party in sorted(who)
        ]
    return tuple(sorted(found, key=lambda one: (-one.at_least, -one.at_most, one.site, one.party)))


def people_alone(network: SitingNetwork) -> SitingNetwork:
    """Count the unserved alone: ways within reach cost nothing, money only limits."""
    return replace(
        network,
        cost=np.zeros_like(network.cost),
        penalty=np.ones_like(network.penalty),
        money_weight=0.0,
        tail_weight=0.0,
    )


def _allow(network: SitingNetwork, site: str) -> SitingNetwork:
    allowed = network.allowed.copy()
    allowed[network.site_ids.index(site)] = True
    return replace(network, allowed=allowed)


def _bound_with(network: SitingNetwork, dual: Dual, weight: Floats) -> float:
    """Bound that the present prices give once the site is allowed."""
    scenarios, periods, _ = network.shape
    case = case_of(network, weight.reshape(scenarios, periods)[:, 0])
    return look(network, case, dual, cliques_of(network), np.arange(len(network.site_ids))).value
