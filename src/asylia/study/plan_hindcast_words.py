"""What a plan's hindcast says, in sentences: what was inside its range, what fell, and whether a drop was the zones' own."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import polars as pl

from asylia.study.ceasefire import WINDOWS
from asylia.study.plan_hindcast import BEYOND, RARE, PlanHindcast

YEAR: Final = WINDOWS[-1][1]
LAST: Final = BEYOND[-1][1]


def sentences(found: PlanHindcast) -> list[str]:
    """Say what was found; nothing here calls a zone a success or a failure of anybody."""
    return [*_events(found), *_overrun(found), _special(found), *_people(found), *_limits(found)]


def brier(found: PlanHindcast, what: str, weeks: int) -> float:
    """Give the mean squared miss of a chance over the zones; 0.25 for one half said everywhere."""
    rows = found.chances.filter(what=what, weeks=weeks)
    return float(((rows["chance"] - rows["came"].cast(pl.Float64)) ** 2).to_numpy().mean())


def _events(found: PlanHindcast) -> list[str]:
    year = found.events.filter(pl.col("to_week") <= YEAR)
    count = year.height
    bits = year.select(pl.col("bits", "with_bits").mean()).row(0)
    gain = "fewer" if bits[1] < bits[0] else "more"
    return [
        (
            f"Lethal events: inside the 90 % range {year['inside'].sum()} of {count} counts without the plan, "
            f"{year['with_inside'].sum()} of {count} with its terms."
        ),
        (
            f"Surprise {bits[0]:.2f} bits without, {bits[1]:.2f} with the terms (fewer is better): {gain}. The terms widen every "
            "range, and a wide range is seldom surprised."
        ),
    ]


def _overrun(found: PlanHindcast) -> list[str]:
    names = {zone.id: zone.name for zone in found.plan.zones}
    rows = found.chances.filter(pl.col("what") == "overrun")
    said = []
    for zone, name in sorted(names.items()):
        year, late = (rows.filter(zone=zone, weeks=weeks)["chance"].item() for weeks in (YEAR, LAST))
        end = _end(found.lost.get(zone), found.as_of)
        said.append(f"{name}: overrun within {YEAR} weeks {year:.2f}, within {LAST} weeks {late:.2f}; {end}.")
    scores = ", ".join(f"{brier(found, 'overrun', weeks):.2f} at {weeks} weeks" for weeks in (YEAR, LAST))
    told = rows.filter(weeks=LAST)
    fell = f"{int(told['came'].sum())} of {told.height} zones were overrun within {LAST} weeks, {told['chance'].sum():.1f} foreseen."
    return [
        *said,
        f"{fell} Mean squared miss of the chance: {scores}; 0.25 is what one half said of every zone would get.",
    ]


def _end(day: dt.date | None, as_of: dt.date) -> str:
    if day is None:
        return "recorded as not overrun"
    return f"recorded as overrun on {day}, in week {(day - as_of).days // 7 + 1}"


def _special(found: PlanHindcast) -> str:
    rows = found.elsewhere
    told = ", ".join(f"{effect:.2f}" for effect in rows["effect"])
    chance = ", ".join(f"{low:.2f}" for low in rows["as_low_by_chance"])
    out = rows.filter("special")
    said = (
        "The drop was not special to the zones"
        if out.is_empty()
        else "The drop was special to the zones in weeks "
        + ", ".join(f"{first} to {last}" for first, last in out.select("from_week", "to_week").iter_rows())
        + " and not in the others"
    )
    return (
        f"{said}: recorded over foreseen, against all other active districts, was {told} by window; as many other districts "
        f"taken at random come as low with a chance of {chance}. A drop counts as their own below {RARE / rows.height:.4f}, as "
        f"{rows.height} windows are {rows.height} looks."
    )


def _people(found: PlanHindcast) -> list[str]:
    said = []
    for (measure,), rows in found.people.group_by("measure", maintain_order=True):
        inside, ratio = int(rows["inside"].sum()), float(np.median(rows["middle"] / rows["recorded"]))
        words = str(measure).replace("_", " ")
        said.append(
            f"People {words}, whole country: {inside} of {rows.height} months inside the 90 % range; the middle is "
            f"{ratio:.2f} times what was recorded."
        )
    return said


def _limits(found: PlanHindcast) -> list[str]:
    return [
        (
            f"Nobody knew on {found.as_of} what is asked of this plan now: its zones were chosen, and it was written down here, by "
            "people who knew the end. Zones of one war are close to one case, so these scores are anecdotes."
        ),
        "Few events in a zone are no sign that it would hold; quiet is not safety.",
    ]
