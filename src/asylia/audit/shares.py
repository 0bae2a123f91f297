"""Where displaced people come from and where they would be, as whole per cent by first-level area and nothing finer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from asylia.model.law import AreaShare, Origin, Simulated

FEWEST: Final = 10
"""Below this many people no share is given."""
FEWEST_ALL: Final = 1000
"""Below this many displaced people altogether no share is given at all: a whole per cent would be a handful."""


def area_shares(origins: Sequence[Origin], simulated: Simulated | None) -> tuple[AreaShare, ...]:
    """Put the share of all displaced people by area of origin beside the share by area with no zone and under the plan.

    First-level areas only, and no group of people but their area: the audit never looks at faith, language or descent.
    """
    if simulated is None:
        return ()
    come_from = {one.area: float(one.people) for one in origins if one.people is not None}
    columns = [_per_cent(each) for each in (come_from, simulated.hosted_no_zone, simulated.hosted)]
    areas = sorted({*simulated.hosted, *simulated.hosted_no_zone}, key=lambda a: -simulated.hosted.get(a, 0))
    return tuple(
        AreaShare(
            area=area, origin=columns[0].get(area), no_zone=columns[1].get(area), plan=columns[2].get(area)
        )
        for area in areas
    )


def _per_cent(people: Mapping[str, float]) -> dict[str, int]:
    whole = sum(people.values())
    if whole < FEWEST_ALL:
        return {}
    return {area: round(100 * count / whole) for area, count in people.items() if count >= FEWEST}
