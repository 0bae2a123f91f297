"""A plan in hindsight: what Asylia would have said of its zones on the eve of their first day, beside what was recorded.

The case is taken forward to that eve (`io.hindsight`); the event field, the chances of attack and overrun and the movements of
people know nothing later. Fighting in the zones is given twice: as the field foresees it without any plan, and with the factors
the plan's own terms draw. A plan's zones are one draw of history: four of one war fall or stand together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.errors import PlanError, Problem, nearest
from asylia.core.units import DAYS_PER_WEEK
from asylia.io.folder import read_case
from asylia.io.hindcast import read_hindcast
from asylia.io.hindsight import known_on, later_plans, read_fates
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.scenario import draw_member
from asylia.study.ceasefire import ACTIVE, WINDOWS, share_of, surprise, thin
from asylia.study.check import check_case
from asylia.study.hindcast import MEASURES, flow_between, next_month, recorded_flow
from asylia.study.members import Stage, all_stages, draw_fighting, fit_field, move_people
from asylia.study.movement import own_rules, scenario_of
from asylia.study.pressure import Pressure, press
from asylia.study.settings import Settings
from asylia.threat.attack import SERIOUS_DEATHS, SERIOUS_EVENTS, SERIOUS_WEEKS
from asylia.threat.field import EventField
from asylia.threat.weeks import monday, weekly_counts

BEYOND: Final = ((52, 65),)
"""Weeks from and to, after the year that forecasts are held against; shown, not scored."""
HORIZONS: Final = (4, 13, 26, 52, 65)
"""Weeks within which a zone may be overrun."""
SHUFFLES: Final = 2000
RARE: Final = 0.05
"""Share of random sets of districts below which a drop counts as the zones' own; shared by the windows, which are as many
looks at one question."""
EVENTS: Final[dict[str, type[pl.DataType]]] = {
    "zone": pl.String, "from_week": pl.Int64, "to_week": pl.Int64, "recorded": pl.Int64,
    "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64, "inside": pl.Boolean, "bits": pl.Float64,
    "with_low": pl.Float64, "with_middle": pl.Float64, "with_high": pl.Float64, "with_inside": pl.Boolean,
    "with_bits": pl.Float64,
}  # fmt: skip
CHANCES: Final[dict[str, type[pl.DataType]]] = {
    "zone": pl.String, "what": pl.String, "weeks": pl.Int64, "chance": pl.Float64, "came": pl.Boolean,
}  # fmt: skip
PEOPLE: Final[dict[str, type[pl.DataType]]] = {
    "measure": pl.String, "month": pl.Date, "recorded": pl.Int64,
    "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64, "inside": pl.Boolean,
    "none_low": pl.Float64, "none_middle": pl.Float64, "none_high": pl.Float64,
}  # fmt: skip
ELSEWHERE: Final[dict[str, type[pl.DataType]]] = {
    "from_week": pl.Int64, "to_week": pl.Int64, "zones": pl.Float64, "others": pl.Float64, "effect": pl.Float64,
    "as_low_by_chance": pl.Float64, "special": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanHindcast:
    """What was foreseen of a plan, and what came.

    Parameters
    ----------
    events
        Lethal events in each zone and window, without the plan and with its terms; columns as in `EVENTS`.
    chances
        Chance of attack, serious attack and overrun by zone and weeks from its first day; columns as in `CHANCES`.
    people
        People newly displaced and returned by month in the whole country, under the plan and without; columns as in `PEOPLE`.
    elsewhere
        Recorded over foreseen in the zones and in all other places, by window; columns as in `ELSEWHERE`.
    lost
        Zone -> day control of it was lost, of those that were.
    """

    plan: Plan
    as_of: dt.date
    draws: int
    members: int
    events: pl.DataFrame
    chances: pl.DataFrame
    people: pl.DataFrame
    elsewhere: pl.DataFrame
    lost: dict[str, dt.date]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """All draws of one plan: fighting int64 (draw, place, week), and what it does to the zones."""

    fighting: NDArray[np.int64]
    pressed: tuple[Pressure, ...]


def plan_hindcast(
    folder: Path,
    plan_id: str,
    *,
    as_of: dt.date | None = None,
    draws: int = 1000,
    members: int = 40,
    seed: int = 1,
) -> PlanHindcast:
    """Say what would have been foreseen of a plan that was carried out later, and hold it against what was recorded.

    Parameters
    ----------
    as_of
        Last day of knowledge; the eve of the plan's first zone if not given.
    draws
        Paths of fighting for the zones.
    members
        Draws of people's movements; 0 leaves them out.

    Raises
    ------
    PlanError
        If the hindcast folder holds no plan of this id, or the plan no zone.
    CaseError
        If the case or its hindcast files cannot be read.
    """
    as_of = as_of or _eve(folder, plan_id)
    case = check_case(folder, as_of=as_of)
    plan = next((one for one in case.plans if one.id == plan_id), None)
    if plan is None or not plan.zones:
        raise _unknown(plan_id, [one.id for one in case.plans if one.zones])
    stage, field = all_stages(case, (plan,))[0], fit_field(case)
    weeks = BEYOND[-1][1] + 2
    settings = Settings(members=draws, days=weeks * DAYS_PER_WEEK, seed=seed, movement=own_rules(case))
    drawn = _draw(case, stage, field, settings, weeks)
    later, people = read_hindcast(folder)
    seen = pl.concat([read_case(folder).events, later])
    came = weekly_counts(seen, list(field.places), monday(case.first), weeks)
    fates = read_fates(folder).filter(pl.col("plan") == plan_id, pl.col("fate") == "overrun")
    lost = dict(fates.select("zone", "date").iter_rows())
    return PlanHindcast(
        plan=plan, as_of=as_of, draws=draws, members=members, lost=lost,
        events=_events(stage, drawn, came, seed),
        chances=_chances(case, stage, drawn, seen, came, lost),
        people=_people(case, plan, field, people, members, seed),
        elsewhere=_elsewhere(case, stage, field, drawn, came, seed),
    )  # fmt: skip


def _eve(folder: Path, plan_id: str) -> dt.date:
    later = later_plans(folder)
    if plan_id not in later:
        raise _unknown(plan_id, list(later))
    return known_on(later[plan_id])


def _unknown(plan_id: str, known: Sequence[str]) -> PlanError:
    mend = nearest(plan_id, known) or f"Known: {', '.join(known) or 'none'}."
    must = "names a plan with zones in the hindcast folder of the case"
    return PlanError([Problem(file="the command", column="plan", value=plan_id, must=must, mend=mend)])


def _draw(case: Case, stage: Stage, field: EventField, settings: Settings, weeks: int) -> _Drawn:
    fighting, pressed = [], []
    for member in range(settings.members):
        scenario = draw_member(case.rules, member, settings.seed)
        fighting.append(draw_fighting(field, settings, member, weeks))
        pressed.append(
            press(stage.posts, stage.reference, scenario, fighting[-1], case.modifiers, settings.days)
        )
    return _Drawn(fighting=np.stack(fighting), pressed=tuple(pressed))


def _events(stage: Stage, drawn: _Drawn, came: NDArray[np.int64], seed: int) -> pl.DataFrame:
    """Count from the first whole week after the first day on; the week cut by it is foreseen and not counted."""
    rows = []
    for column, post in enumerate(stage.posts):
        places = list(post.covers)
        own = drawn.fighting[:, places].sum(axis=1)
        factor = np.stack([pressure.factor[column] for pressure in drawn.pressed])
        for first, last in (*WINDOWS, *BEYOND):
            span = slice(first + 1, last + 1)
            counts = own[:, span].sum(axis=1)
            weighted = (own[:, span] * factor[:, span]).sum(axis=1)
            change = np.where(counts > 0, weighted / np.maximum(counts, 1), 1.0)
            thinned = thin(counts, change, f"{post.zone}:{first}:{last}", seed)
            seen = int(came[places, span].sum())
            rows.append((post.zone, first, last, seen, *_held(counts, seen), *_held(thinned, seen)))
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


def _held(counts: NDArray[np.int64], seen: int) -> tuple[float, float, float, bool, float]:
    low, middle, high = (float(value) for value in np.percentile(counts, (5.0, 50.0, 95.0)))
    return low, middle, high, low <= seen <= high, surprise(counts, seen)


def _chances(
    case: Case,
    stage: Stage,
    drawn: _Drawn,
    seen: pl.DataFrame,
    came: NDArray[np.int64],
    lost: dict[str, dt.date],
) -> pl.DataFrame:
    falls = np.stack([pressure.falls for pressure in drawn.pressed])
    rows: list[tuple[object, ...]] = []
    for column, post in enumerate(stage.posts):
        day = (lost[post.zone] - case.first).days if post.zone in lost else None
        struck, grave = _struck(case, stage, column, seen, came)
        for at, weeks in enumerate(HORIZONS):
            end = weeks * DAYS_PER_WEEK
            if weeks <= WINDOWS[-1][1]:
                for what, by, week in (("attack", "attack", struck), ("serious attack", "serious", grave)):
                    chance = np.mean([getattr(pressure, by)[column, at] for pressure in drawn.pressed])
                    rows.append((post.zone, what, weeks, float(chance), week is not None and week < weeks))
            fell = float(((falls[:, column] >= 0) & (falls[:, column] < end)).mean())
            rows.append((post.zone, "overrun", weeks, fell, day is not None and day < end))
    return pl.DataFrame(rows, schema=CHANCES, orient="row")


def _struck(
    case: Case, stage: Stage, column: int, seen: pl.DataFrame, came: NDArray[np.int64]
) -> tuple[int | None, int | None]:
    """Find the first week with a lethal event in a zone's places, and the first of a serious attack, as the model counts it."""
    post = stage.posts[column]
    own = came[list(post.covers)].sum(axis=0)
    names = [sorted(case.places["id"].to_list())[row] for row in post.covers]
    start = monday(case.first)
    rows = seen.filter(pl.col("place").is_in(names)).select(
        pl.coalesce("week", "date").alias("day"), "deaths_best"
    )
    deaths = np.zeros(own.size)
    for day, best in rows.drop_nulls().iter_rows():
        week = (day - start).days // DAYS_PER_WEEK
        if 0 <= week < deaths.size:
            deaths[week] += best
    lately = np.convolve(own, np.ones(SERIOUS_WEEKS))[: own.size]
    grave = (own > 0) & ((lately >= SERIOUS_EVENTS) | (deaths >= SERIOUS_DEATHS))
    # week 0 is cut by the first day: what was recorded in it cannot be told apart
    found = [1 + int(np.argmax(hit[1:])) if hit[1:].any() else None for hit in (own > 0, grave)]
    return found[0], found[1]


def _people(
    case: Case, plan: Plan, field: EventField, recorded: pl.DataFrame, members: int, seed: int
) -> pl.DataFrame:
    if members == 0:
        return pl.DataFrame(schema=PEOPLE)
    settings = Settings(members=members, days=case.days, seed=seed, movement=own_rules(case))
    stages = all_stages(case, (Plan.none(), plan), on_the_way=settings.movement.rules == "fitted")
    found: dict[tuple[str, str], list[NDArray[np.int64]]] = {}
    for member in range(members):
        scenario = scenario_of(case, settings.movement, member, seed)
        fighting = draw_fighting(field, settings, member, BEYOND[-1][1])
        pressed = [
            press(each.posts, each.reference, scenario, fighting, case.modifiers, settings.days)
            for each in stages
        ]
        for history in move_people(stages, scenario, fighting, pressed, settings):
            for measure, count in MEASURES.items():
                found.setdefault((history.plan, measure), []).append(history.count(count))
    totals = {key: np.stack(rows) for key, rows in found.items()}
    end = case.first + dt.timedelta(days=settings.days)
    rows = [
        _month(case, totals, plan.id, measure, month, count)
        for measure in MEASURES
        for month, count in recorded_flow(recorded, measure)
        if month >= case.first and next_month(month) <= end
    ]
    return pl.DataFrame(rows, schema=PEOPLE, orient="row")


def _month(
    case: Case,
    totals: dict[tuple[str, str], NDArray[np.int64]],
    plan_id: str,
    measure: str,
    month: dt.date,
    count: int,
) -> tuple[object, ...]:
    own, none = (
        [float(v) for v in np.percentile(flow_between(case, totals[name, measure], month), (5, 50, 95))]
        for name in (plan_id, "none")
    )
    return measure, month, count, *own, own[0] <= count <= own[2], *none


def _elsewhere(
    case: Case, stage: Stage, field: EventField, drawn: _Drawn, came: NDArray[np.int64], seed: int
) -> pl.DataFrame:
    """Hold the zones' districts against all other active ones, and against random sets of as many of those."""
    towns = case.places.filter(pl.col("country") == case.country, pl.col("kind") == "town")["id"].to_list()
    inside = sorted({row for post in stage.posts for row in post.covers})
    outside = [row for row, name in enumerate(field.places) if name in set(towns) and row not in inside]
    rng, rows = np.random.default_rng(seed), []
    for first, last in WINDOWS:
        span = slice(first + 1, last + 1)
        seen, foreseen = came[:, span].sum(axis=1), drawn.fighting[:, :, span].sum(axis=2).mean(axis=0)
        active = np.array([row for row in outside if foreseen[row] >= ACTIVE])
        own = [row for row in inside if foreseen[row] >= ACTIVE]
        zones, others = (share_of(seen[part], foreseen[part]) for part in (own, active))
        size = min(len(own), active.size // 2)
        chance = []
        for _ in range(SHUFFLES):
            mixed = rng.permutation(active)
            parts = mixed[:size], mixed[size:]
            a, b = (share_of(seen[part], foreseen[part]) for part in parts)
            chance.append(a / b)
        as_low = float((np.array(chance) <= zones / others).mean())
        rows.append((first, last, zones, others, zones / others, as_low, as_low < RARE / len(WINDOWS)))
    return pl.DataFrame(rows, schema=ELSEWHERE, orient="row")
