"""Three warnings every zone is tested for, by the same test whoever holds it and whoever is round it.

*isolated*: from its place no open way leads over own-side or neutral ground to the main ground of its own side, or out of
the country. *weak consent*: a party able to attack it refuses, or has nothing on record. *quiet is not safety*: few lethal
events were recorded there, which says nothing of whether it holds.

None of them is a forecast, and none says where a zone could be taken: they say what nobody has made sure of.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal

import polars as pl

from asylia.audit.consent_on_record import consent_levels
from asylia.audit.facts import gather_facts, join, last_day
from asylia.audit.ways import OUT, closed, in_use
from asylia.model.case import Case
from asylia.model.findings import ConsentCell
from asylia.model.plan import Plan, Zone

Flag = Literal["yes", "no", "unknown"]
QUIET_WEEKS: Final = 26
"""Weeks before the last day of knowledge in which lethal events are counted."""
QUIET_EVENTS: Final = QUIET_WEEKS // 2
"""Fewer events than this are few: less than one in two weeks, the line below which the event field calls a place quiet."""
SEVERAL: Final = ("contested", "mixed", "")
NEUTRAL_KINDS: Final = ("protector", "agency", "council")
FLAGS: Final[Mapping[str, str]] = {
    "isolated": "isolated",
    "weak_consent": "weak consent",
    "quiet": "quiet is not safety",
}
ZONE_FLAGS: Final[dict[str, type[pl.DataType]]] = {
    "plan": pl.String,
    "zone": pl.String,
    "name": pl.String,
    **{column: pl.String for flag in FLAGS for column in (flag, f"{flag}_why")},
    "events_26_weeks": pl.Int64,
}
"""Columns of `zone_flags`; a flag is yes, no or unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """Places, who holds them, and the open ways between them on the last day of knowledge.

    Parameters
    ----------
    next_to
        Place -> places an open way leads to.
    neutral
        Places of a body that is no party, and countries whose border lets people in.
    """

    holder: Mapping[str, str]
    next_to: Mapping[str, tuple[str, ...]]
    neutral: frozenset[str]

    def reach(self, start: str) -> frozenset[str]:
        """Walk from a place over ground of its own side and neutral ground."""
        own, seen, queue = self.holder[start], {start}, deque([start])
        while queue:
            for place in self.next_to.get(queue.popleft(), ()):
                if place not in seen and (self.holder[place] == own or place in self.neutral):
                    seen.add(place)
                    queue.append(place)
        return frozenset(seen)


def zone_flags(case: Case, plans: Iterable[Plan], stands: Sequence[ConsentCell]) -> pl.DataFrame:
    """Test every zone of every plan for the three warnings.

    Parameters
    ----------
    stands
        Where actors stand on these plans, as far as the reader may know.

    Returns
    -------
    One row per plan and zone, columns as in `ZONE_FLAGS`; zones in order of their id.
    """
    land, counts = read_land(case), recent_events(case)
    rows = [
        _row(case, plan, zone, stands, land, counts)
        for plan in plans
        for zone in sorted(plan.zones, key=lambda zone: zone.id)
    ]
    return pl.DataFrame(rows, schema=ZONE_FLAGS)


# every zone of every plan asks, of the same case
@lru_cache(maxsize=4)
def read_land(case: Case) -> Land:
    """Put together who holds what and which ways are open to people on the last day of knowledge."""
    places = {row["id"]: row for row in case.places.iter_rows(named=True)}
    shut = closed(case.closures, case.as_of, OUT)
    bodies = {actor.id for actor in case.actors if actor.kind in NEUTRAL_KINDS}
    neutral = {
        name for name, row in places.items()
        if row["controller"] in bodies or (row["kind"] == "country" and ("border", row["country"]) not in shut)
    }  # fmt: skip
    next_to: dict[str, list[str]] = {}
    for route in case.routes.sort("id").iter_rows(named=True):
        ends = (route["from"], route["to"])
        barred = [("route", route["id"]) in shut, *(("place", end) in shut for end in ends)]
        if in_use(route, case.as_of) and not any(barred):
            next_to.setdefault(ends[0], []).append(ends[1])
            if not route["one_way"]:
                next_to.setdefault(ends[1], []).append(ends[0])
    return Land(
        holder={name: str(row["controller"] or "") for name, row in places.items()},
        next_to={name: tuple(found) for name, found in next_to.items()},
        neutral=frozenset(neutral),
    )


def isolated(land: Land, place: str) -> tuple[Flag, str]:
    """Say whether an open way leads from a place to the main ground of its side or to neutral ground, and why.

    The main ground of a side is the largest set of its places that open ways hold together.
    """
    own = land.holder[place]
    if own in SEVERAL:
        return "unknown", "No one party holds the place, so own-side ground cannot be told."
    reached = land.reach(place)
    if reached & (land.neutral - {place}):
        return "no", "An open way leads to neutral ground or out of the country."
    own_side = {other for other, holder in land.holder.items() if holder == own}
    largest = max(len(land.reach(other) & own_side) for other in own_side)
    if 1 < len(reached & own_side) == largest:
        return "no", "An open way leads to the main ground of its own side."
    others = len(reached) - 1
    beside = f"{others} other place{'' if others == 1 else 's'} of the case" if others else "no other place"
    return (
        "yes",
        f"No open way to the main ground of its own side or to neutral ground; {beside} within reach.",
    )


def weak_consent(case: Case, plan: Plan, zone: Zone, stands: Sequence[ConsentCell]) -> tuple[Flag, str]:
    """Say whether every party able to attack one zone has agreed to it on record, and who has not."""
    levels = consent_levels(gather_facts(case, replace(plan, zones=(zone,)), stands, None))
    against = [level.name for level in levels if level.principle in ("refused", "contested")]
    silent = [level.name for level in levels if level.principle == "unknown"]
    said = [f"Refused or contested: {join(against)}."] if against else []
    said += [f"Nothing on record: {join(silent)}."] if silent else []
    if said:
        return "yes", " ".join(said)
    if not levels:
        return "unknown", "The case names no party able to attack it."
    return "no", f"Agreed on record: {join([level.name for level in levels])}."


def quiet(events: int) -> tuple[Flag, str]:
    """Say whether few lethal events were recorded; many or few, the count says nothing of whether a zone holds.

    >>> quiet(2)[0], quiet(40)[0]
    ('yes', 'no')
    """
    said = f"{events} lethal event{'' if events == 1 else 's'} recorded in {QUIET_WEEKS} weeks."
    if events < QUIET_EVENTS:
        return (
            "yes",
            f"{said} Few recorded events do not mean that it holds, nor that people are well: quiet is not safety.",
        )
    return "no", f"{said} The count does not say whether it holds."


def flags_in_words(table: pl.DataFrame, plan: str) -> str:
    """Name the flags of each zone of a plan in one sentence, or nothing if it has none."""
    found = []
    for row in table.filter(pl.col("plan") == plan).iter_rows(named=True):
        raised = [words for flag, words in FLAGS.items() if row[flag] == "yes"]
        found += [f"{row['name']}: {', '.join(raised)}"] if raised else []
    return f"Flags: {'; '.join(found)}." if found else ""


def recent_events(case: Case) -> dict[str, int]:
    """Count lethal events by place over the last `QUIET_WEEKS`; a week that ends after the last day is left out."""
    since = case.as_of - dt.timedelta(weeks=QUIET_WEEKS)
    known = last_day(case.events).filter((pl.col("last") > since) & (pl.col("last") <= case.as_of))
    return dict(known.group_by("place").agg(pl.col("events").sum()).iter_rows())


def _row(
    case: Case,
    plan: Plan,
    zone: Zone,
    stands: Sequence[ConsentCell],
    land: Land,
    counts: Mapping[str, int],
) -> dict[str, Any]:
    events = counts.get(zone.place, 0)
    found = {
        "isolated": isolated(land, zone.place),
        "weak_consent": weak_consent(case, plan, zone, stands),
        "quiet": quiet(events),
    }
    row: dict[str, Any] = {"plan": plan.id, "zone": zone.id, "name": zone.name, "events_26_weeks": events}
    for flag, (status, why) in found.items():
        row |= {flag: status, f"{flag}_why": why}
    return row
