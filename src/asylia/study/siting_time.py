"""When a search looks at people and when its zones may open: one stretch of time, or several periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import PlanError, Problem, nearest
from asylia.core.units import DAYS_PER_YEAR
from asylia.model.case import Case
from asylia.study.siting_question import LEAD_DAYS, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """When people are counted and zones may open.

    Parameters
    ----------
    weeks
        Ends of weeks at which people who lack shelter are counted; the last week of each period.
    opens
        First day on which a zone can open.
    years
        Years in which people are looked after.
    starts
        First day of each period; empty if there is one.
    days
        Days from a decision to the first day, where nothing else is said of a candidate.
    """

    weeks: tuple[int, ...]
    opens: dt.date
    years: float
    starts: tuple[dt.date, ...]
    days: int


def time_of(case: Case, question: Question) -> Time:
    """Cut the time of a case.

    Raises
    ------
    PlanError
        If there are more periods than weeks.
    """
    most = max(case.days // 7, 1)
    wanted = LEAD_DAYS if question.lead_days is None else question.lead_days
    if question.periods == 1:
        weeks = tuple(sorted({max(case.days // 14, 1), most}))
        days = min(wanted, 7 * weeks[0] // 2)
        opens = case.first + dt.timedelta(days=days)
        years = (case.first + dt.timedelta(weeks=weeks[-1]) - opens).days / DAYS_PER_YEAR
        return Time(weeks=weeks, opens=opens, years=years, starts=(), days=days)
    if question.periods > most:
        problem = Problem(
            file="the command", column="periods", value=str(question.periods),
            must=f"is at most {most}, the weeks of the case", mend="Ask for fewer periods.",
        )  # fmt: skip
        raise PlanError([problem])
    weeks = tuple(most * (number + 1) // question.periods for number in range(question.periods))
    starts = tuple(case.first + dt.timedelta(weeks=week) for week in (0, *weeks[:-1]))
    days = min(wanted, 7 * weeks[-1] // 2) if question.lead_days is None else wanted
    ready = [start for start in starts if (start - case.first).days >= days]
    opens = ready[0] if ready else case.first + dt.timedelta(weeks=most)
    return Time(weeks=weeks, opens=opens, years=7 * most / DAYS_PER_YEAR, starts=starts, days=days)


def leads(time: Time, question: Question, sites: Sequence[str]) -> NDArray[np.int64]:
    """Count the periods from paying to opening, int64 (site,); all of them if the time is too short.

    Raises
    ------
    PlanError
        If days are given for a candidate that is not there or is left out.
    """
    unknown = sorted(set(question.lead_of) - set(sites))
    if unknown:
        raise PlanError(
            [
                Problem(
                    file="the command", column="lead-days", value=name, must="names a candidate that may be asked about",
                    mend=nearest(name, sites) or "See the candidates with --json.",
                )
                for name in unknown
            ]
        )  # fmt: skip
    days = np.array([question.lead_of.get(site, time.days) for site in sites], dtype=np.int64)
    since = np.array([(start - time.starts[0]).days for start in time.starts], dtype=np.int64)
    return np.searchsorted(since, days, side="left").astype(np.int64)
