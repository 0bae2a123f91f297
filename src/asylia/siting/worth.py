"""The mediator's list: what each party's consent to each site would be worth, in people sheltered.

Consent is never bought or traded in the model: it is there or it is not. The list says what a yes would bring beside what
is agreed on record, and what a no would take from a plan that asks everybody who has not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from asylia.model.siting_case import Agreed, Candidate, Limits, SitingCase, SitingPlan, Worth
from asylia.siting.case_large import many_ways
from asylia.siting.case_plan import Effort, find_plan

Flags = NDArray[np.bool_]
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheltered:
    """People sheltered by the plan found, and the most any plan could shelter."""

    found: float
    most: float
    used: frozenset[int]


def mediators_list(
    case: SitingCase, limits: Limits, sites: Sequence[Candidate], names: Mapping[str, str], *,
    effort: Effort | None = None, tell: Tell | None = None,
) -> tuple[Worth, ...]:  # fmt: skip
    """Search again with and without each consent.

    Parameters
    ----------
    case
        With every site that could be asked about, refused ones too; `allowed` is not read.
    sites
        The candidates, in the order of the sites.
    names
        Names of the parties by id.

    Returns
    -------
    Parties with all their sites first, then site by site; within each those whose yes brings most first.
    """
    use = effort or Effort()
    said = np.array([site.consent for site in sites])
    agreed, asked = said == "accepts", said != "refuses"
    base = {
        "agreed": _sheltered(case, limits, agreed, use),
        "asked": _sheltered(case, limits, asked, use),
    }
    tasks = _tasks(sites)
    if many_ways(case):
        # a search for each of many sites would take hours: parties, and the sites of the two plans
        used = base["agreed"].used | base["asked"].used
        tasks = [task for task in tasks if task[1] is None or task[1] in used]
    found = []
    for number, (party, site, members) in enumerate(tasks):
        more = agreed | members
        gained = (
            _between(_sheltered(case, limits, more, use), base["agreed"])
            if np.any(more != agreed)
            else (0.0, 0.0)
        )
        fewer = asked & ~members
        lost = _lost(case, limits, fewer, members & asked, base["asked"], use)
        name = sites[site].name if site is not None else names.get(party, party)
        found.append(
            Worth(
                party=party,
                site="" if site is None else sites[site].id,
                name=name,
                consent=_consent([sites[int(at)].consent for at in np.flatnonzero(members)]),
                gained_low=gained[0],
                gained_high=gained[1],
                lost_low=lost[0],
                lost_high=lost[1],
            )
        )
        if tell is not None:
            tell(number + 1, len(tasks))
    return tuple(sorted(found, key=lambda w: (bool(w.site), -w.gained_low, -w.lost_low, w.party, w.site)))


def _tasks(sites: Sequence[Candidate]) -> list[tuple[str, int | None, Flags]]:
    holders = np.array([site.controller for site in sites])
    parties: list[tuple[str, int | None, Flags]] = [
        (str(party), None, holders == party) for party in sorted(set(holders.tolist()))
    ]
    each = np.eye(len(sites), dtype=np.bool_)
    return parties + [(site.controller, at, each[at]) for at, site in enumerate(sites)]


def _sheltered(case: SitingCase, limits: Limits, allowed: Flags, effort: Effort) -> _Sheltered:
    everybody = float(case.chance @ case.people.sum(axis=(1, 2)))
    if not allowed.any():
        return _Sheltered(found=0.0, most=0.0, used=frozenset())
    # the fewest zones of the user's, or a share held for every area, would make few consents look like none
    looser = replace(limits, fewest_zones=0, at_most={})
    plan: SitingPlan = find_plan(replace(case, allowed=allowed), looser, effort=effort)
    return _Sheltered(
        found=everybody - plan.certificate.value,
        most=everybody - plan.certificate.bound,
        used=frozenset(plan.open_sites),
    )


def _between(more: _Sheltered, base: _Sheltered) -> tuple[float, float]:
    """Return the least and the most that one is above the other; more consent is never worse."""
    return max(0.0, more.found - base.most), max(0.0, more.most - base.found)


def _lost(
    case: SitingCase, limits: Limits, left: Flags, gone: Flags, base: _Sheltered, effort: Effort
) -> tuple[float, float]:
    if not base.used & set(np.flatnonzero(gone).tolist()):
        # the plan that was found stands without it
        return 0.0, (base.most - base.found if gone.any() else 0.0)
    return _between(base, _sheltered(case, limits, left, effort))


def _consent(said: Sequence[Agreed]) -> Agreed:
    return said[0] if len(set(said)) == 1 else "unknown"
