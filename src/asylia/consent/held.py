"""How much of the consent a zone needs is there on a day: shares of veto holders, and when the first consent ends.

For models of threat, which may not read statements: counts and days only. Nobody's silence is turned into a yes or a no,
and the shares are no chance of anything; what a refusal does to a zone is for the model to say, with a source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from asylia.model.actors import Actor
from asylia.model.findings import ConsentCell
from asylia.model.plan import Plan
from asylia.model.safeguards import ConsentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Where those who can stop a plan, or one of its zones, stand.

    Parameters
    ----------
    zone
        Empty for the plan as a whole.
    refusing, consenting, unknown
        Ids of veto holders, each in one of the three. Consenting needs a consent on record; to have stated nothing against
        a plan is unknown, and so is contested.
    ends
        Last day of each consent on record that names one.
    """

    plan: str
    zone: str
    refusing: tuple[str, ...]
    consenting: tuple[str, ...]
    unknown: tuple[str, ...]
    ends: Mapping[str, dt.date] = field(default_factory=dict)

    @property
    def shares(self) -> tuple[float, float, float]:
        """Give the shares refusing, unknown and consenting; all unknown where nobody has a veto."""
        counts = len(self.refusing), len(self.unknown), len(self.consenting)
        every = sum(counts)
        return (counts[0] / every, counts[1] / every, counts[2] / every) if every else (0.0, 1.0, 0.0)

    @property
    def expires(self) -> dt.date | None:
        """Give the last day on which all consents on record hold; `None` if none names a day."""
        return min(self.ends.values(), default=None)

    def on(self, day: dt.date) -> Held:
        """Say how it stands on a day: a consent that has ended is unknown, never a refusal."""
        over = tuple(actor for actor in self.consenting if actor in self.ends and self.ends[actor] < day)
        return Held(
            plan=self.plan,
            zone=self.zone,
            refusing=self.refusing,
            consenting=tuple(actor for actor in self.consenting if actor not in over),
            unknown=(*self.unknown, *over),
            ends={actor: last for actor, last in self.ends.items() if actor not in over},
        )


def held(
    plan: Plan,
    actors: Sequence[Actor],
    cells: Sequence[ConsentCell],
    *,
    zone: str = "",
    who: Collection[str] | None = None,
) -> Held:
    """Count the veto holders of a plan, or those within reach of a zone, by where they stand.

    Parameters
    ----------
    cells
        Where everybody stands (`consent.audit.positions`); those on other plans are passed over.
    who
        Ids of the veto holders that count, such as those able to reach the zone; all of them if `None`.
    """
    standing = {cell.actor: cell.position for cell in cells if cell.plan == plan.id}
    agreed = agreements_on_record(plan.consents)
    holders = [actor.id for actor in actors if actor.vetoes and (who is None or actor.id in who)]
    refused = {one.actor for one in plan.consents if one.form == "refused"} - set(agreed)
    no = [h for h in holders if standing.get(h) == "refuses" or h in refused]
    yes = [h for h in holders if h in agreed and h not in no and standing.get(h) != "contested"]
    return Held(
        plan=plan.id,
        zone=zone,
        refusing=tuple(no),
        consenting=tuple(yes),
        unknown=tuple(h for h in holders if h not in no and h not in yes),
        ends={h: last for h in yes if (last := agreed[h].until) is not None},
    )


def agreements_on_record(records: Sequence[ConsentRecord]) -> dict[str, ConsentRecord]:
    """Keep the last record of each actor where that is a consent; of the same day, a refusal stands."""
    last: dict[str, ConsentRecord] = {}
    for one in sorted(records, key=lambda r: (r.given or dt.date.min, r.form == "refused")):
        last[one.actor] = one
    return {actor: one for actor, one in last.items() if one.form != "refused"}
