"""Zones of the past: our own table, coded twice, and which of them are like a plan.

The shares describe 51 remembered zones of 21 conflicts. They do not say what a plan would do.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import polars as pl

from asylia.audit.consent_on_record import able_to_attack
from asylia.audit.facts import day_words, gather_facts
from asylia.audit.one_zone import FEWEST, disputed_overruns, sensitivity
from asylia.core.intervals import jeffreys
from asylia.model.case import Case
from asylia.model.findings import Precedents
from asylia.model.plan import NO_ZONE, Plan, Protection

ALIKE_SIZE: Final = 3.0
"""Zones count as alike in size if their people differ by no more than this factor."""
NOT_YET: Final = ("overrun", "outcome", "mass_casualty_100")
"""Fields that a zone still standing has no answer to yet."""
STATES: Final = ("host_state", "outside_power", "neighbour")
DATES: Final = ("start", "end", "overrun_date")
NUMBERS: Final = ("population_low", "population_high", "area_km2", "force_deployed")
ANSWERS: Final[Mapping[str, str]] = {
    "consent_host_state": "consent of the host state",
    "consent_armed_parties": "consent of the armed parties",
    "demilitarised": "demilitarisation",
    "ground_force": "a force on the ground",
}
LOGICS: Final[Mapping[str, str]] = {
    "consent": "consent of all parties",
    "partial_consent": "consent of some parties",
    "credible_force": "a force able to hold the zone",
    "air_only": "air power alone",
    "hybrid_un": "UN presence with neither full consent nor enough force",
    "guarantor": "outside guarantors of a ceasefire",
    "unilateral": "declaration by one party",
    "none": "no stated logic",
}


def read_precedents() -> pl.DataFrame:
    """Read the table of historical zones.

    Returns
    -------
    One row per zone. Dates are whole: a month or year counts from its first day for a start, to its last for an end; an
    `end` is the day control was lost, the day the arrangement ended, or the day the zone was last seen open. `overrun` is
    yes or no; numbers are blank where no figure was found; the rest is text.
    """
    table = files("asylia") / "data" / "precedents" / "zones.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.with_columns(
        pl.col(name).replace({"": None}).str.to_date("%Y-%m-%d") for name in DATES
    ).with_columns(
        *(pl.col(name).replace({"": None}).cast(pl.Float64) for name in NUMBERS),
        pl.col("overrun") == "1",
    )


def as_known(precedents: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Cut the table to what could be known on a day: later zones go, later ends and overruns have not come.

    A study dated in the past would otherwise borrow from its own future.
    """
    ended = pl.col("end") <= day
    not_yet = (
        pl.col("disputed").fill_null("").str.split(";").list.set_difference(list(NOT_YET)).list.join(";")
    )
    return precedents.filter(pl.col("start") <= day).with_columns(
        disputed=pl.when(ended).then("disputed").otherwise(not_yet),
        # the very title of a later document can tell how a zone ended
        sources=pl.when(ended)
        .then("sources")
        .otherwise(pl.lit(f"Later than {day_words(day)}: not named here.")),
        overrun=pl.col("overrun") & (pl.col("overrun_date") <= day).fill_null(False),
        overrun_date=pl.when(pl.col("overrun_date") <= day).then("overrun_date"),
        end=pl.min_horizontal("end", pl.lit(day)),
        outcome=pl.when(pl.col("end") <= day).then("outcome").otherwise(pl.lit("open")),
    )


def like_cases(plan: Plan, precedents: pl.DataFrame, case: Case | None = None) -> Precedents:
    """Find zones of the past that are like a plan.

    Alike are zones with the same logic of protection and no opposite answer (yes against no) on consent of the host
    state, consent of the armed parties, demilitarisation and a force on the ground. A partial or unknown answer is
    opposite to none. Size (people within a factor `ALIKE_SIZE`) and threat (who could attack) only put the nearest first: a
    class cut that fine would hold nobody.

    Parameters
    ----------
    precedents
        From `read_precedents`, or cut by `as_known`.
    case
        The plan's case, for who could attack; zones of its own country that still stand on its last day are left out.

    Returns
    -------
    Zones with most equal answers first. Below `FEWEST` zones no share is given.
    """
    protection = plan.protection
    if plan.id == NO_ZONE or (not plan.zones and protection.logic == "none"):
        return _nothing(plan, precedents)
    alike = _alike(protection, precedents)
    rows = _nearest_first(alike if case is None else apart(alike, case), plan, case)
    number, overrun = rows.height, int(rows["overrun"].sum())
    low, high = jeffreys(overrun, number) if number >= FEWEST else (None, None)
    return Precedents(
        plan=plan.id,
        n=number,
        overrun=overrun,
        clusters=rows["cluster"].n_unique(),
        low=low,
        high=high,
        why=_why(protection),
        caution=_caution(rows, left_out(alike, case) if case is not None else ""),
        rows=_shown(rows),
        sensitivity=sensitivity(rows),
    )


def known_to(case: Case) -> pl.DataFrame:
    """Read the table as it was known on a case's last day, apart from zones of its own country that still stand.

    That a zone stood so far is no evidence that it will stand: six areas quiet for twenty months would lend each other a
    low rate. What they did is judged in the case itself.
    """
    return apart(as_known(read_precedents(), case.as_of), case)


def apart(precedents: pl.DataFrame, case: Case) -> pl.DataFrame:
    """Leave out zones of the case's own country that still stand on its last day."""
    return precedents.filter(~_own(case))


def left_out(precedents: pl.DataFrame, case: Case) -> str:
    """Say how many zones `apart` leaves out and why, or nothing."""
    own = precedents.filter(_own(case)).height
    if not own:
        return ""
    what = "1 zone" if own == 1 else f"{own} zones"
    return (
        f"{what} of {case.country} still standing on {day_words(case.as_of)} {'is' if own == 1 else 'are'} left out: that "
        "they stood so far does not show that they will."
    )


def _own(case: Case) -> pl.Expr:
    return (pl.col("country") == case.country) & (pl.col("end") >= case.as_of) & ~pl.col("overrun")


def threat(plan: Plan, case: Case) -> str:
    """Say who could attack a plan's zones, by the kinds of parties in reach: state, non_state, both or unknown."""
    kinds = {actor.kind in STATES for actor in able_to_attack(gather_facts(case, plan, (), None))}
    return {(True,): "state", (False,): "non_state", (False, True): "both"}.get(
        tuple(sorted(kinds)), "unknown"
    )


def _nearest_first(rows: pl.DataFrame, plan: Plan, case: Case | None) -> pl.DataFrame:
    """Put zones first that are also alike in size and threat, among those with as many equal answers."""
    room = [zone.capacity_people for zone in plan.zones]
    middle = sorted((people.low * people.high) ** 0.5 for people in room)[len(room) // 2] if room else 0.0
    near = pl.lit(False)
    if middle > 0:
        near = (pl.col("population_low") <= middle * ALIKE_SIZE) & (
            pl.col("population_high") >= middle / ALIKE_SIZE
        )
    faced = pl.col("threat") == threat(plan, case) if case is not None else pl.lit(False)
    also = near.fill_null(False).cast(pl.Int64) + faced.fill_null(False).cast(pl.Int64)
    return rows.with_columns(also=also).sort("equal", "also", "id", descending=[True, True, False])


def _alike(protection: Protection, precedents: pl.DataFrame) -> pl.DataFrame:
    force = pl.col("force_deployed")
    rows = precedents.filter(pl.col("logic") == protection.logic).with_columns(
        ground_force=pl.when(force > 0).then(pl.lit("yes")).when(force == 0).then(pl.lit("no"))
    )
    equal = pl.lit(0)
    for name, answer in _answers(protection).items():
        opposite = {"yes": "no", "no": "yes"}.get(answer, "")
        rows = rows.filter((pl.col(name) != opposite) | pl.col(name).is_null())
        equal = equal + (pl.col(name) == answer).fill_null(False).cast(pl.Int64)
    return rows.with_columns(equal=equal).sort("equal", "id", descending=[True, False])


def _answers(protection: Protection) -> dict[str, str]:
    force = protection.force_deployed
    ground = "unknown" if force is None else ("yes" if force.high > 0 else "no")
    return {
        "consent_host_state": protection.consent_host_state,
        "consent_armed_parties": protection.consent_armed_parties,
        "demilitarised": protection.demilitarised,
        "ground_force": ground,
    }


def _why(protection: Protection) -> str:
    firm = [
        f"{ANSWERS[name]} ({answer})"
        for name, answer in _answers(protection).items()
        if answer in ("yes", "no")
    ]
    against = f", and no opposite answer on {', '.join(firm)}" if firm else ""
    return f"The same logic of protection: {LOGICS[protection.logic]}{against}."


def _caution(rows: pl.DataFrame, own: str) -> str:
    number, clusters = rows.height, rows["cluster"].n_unique()
    said = []
    if number == 0:
        said.append("No zone of the past in the table is like it.")
    elif number < FEWEST:
        zones = "zone is" if number == 1 else "zones are"
        said.append(f"Only {number} {zones} like it: too few for a share.")
    elif clusters < number:
        said.append(
            f"The {number} zones come from {clusters} {_conflicts(clusters)}, so they are not independent."
        )
    disputed = disputed_overruns(rows)["name"].to_list()
    if disputed:
        said.append(f"The two coders differed on whether these were overrun: {', '.join(disputed)}.")
    if own:
        said.append(own)
    said.append("Remembered zones are not a sample, and the coders knew how they ended.")
    return " ".join(said)


def _conflicts(number: int) -> str:
    return "conflict" if number == 1 else "conflicts"


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("id", "name", "country", "start", "end", "outcome", "overrun", "disputed", "sources")


def _nothing(plan: Plan, precedents: pl.DataFrame) -> Precedents:
    return Precedents(
        plan=plan.id,
        n=0,
        overrun=0,
        clusters=0,
        low=None,
        high=None,
        why="The plan sets up no zone, so no zone of the past is like it.",
        caution="",
        rows=_shown(precedents.clear()),
        sensitivity="",
    )
