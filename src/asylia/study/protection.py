"""What presses on the zones of a study: chances with their reasons, and what drives the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.audit.precedents import known_to
from asylia.core.intervals import jeffreys
from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_WEEK
from asylia.model.case import Case
from asylia.model.findings import Findings
from asylia.model.guard import Guard
from asylia.model.modifiers import MODIFIERS, priors
from asylia.model.plan import NO_ZONE, Plan
from asylia.model.what_if import WhatIf
from asylia.study.coding import guards
from asylia.study.columns import Columns, OnDisk, Rows, lay_out
from asylia.study.drivers import variance_shares
from asylia.study.pressure import HORIZONS
from asylia.study.settings import Settings
from asylia.study.sheet import Draws, measured
from asylia.study.verdicts import chance, spread
from asylia.threat.draws import FAMILIES, draw_answers, draw_modifiers
from asylia.threat.exposure import lived_near
from asylia.threat.overrun import class_rows
from asylia.threat.survival import interval, survival, watched
from asylia.threat.tipping import tipping_value

CHANCES: Final = {
    "plan": pl.String, "zone": pl.String, "name": pl.String, "measure": pl.String, "weeks": pl.Int64,
    "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64,
}  # fmt: skip
REASONS: Final = {
    "plan": pl.String, "zone": pl.String, "about": pl.String, "answer": pl.String, "why": pl.String,
    "source": pl.String,
}  # fmt: skip
USED: Final = {
    "modifier": pl.String, "acts": pl.String, "doc": pl.String, "low": pl.Float64, "middle": pl.Float64,
    "high": pl.Float64, "source": pl.String, "why": pl.String, "plans": pl.String,
}  # fmt: skip
PAST: Final = {
    "plan": pl.String, "n": pl.Int64, "conflicts": pl.Int64, "weeks": pl.Int64, "lost_low": pl.Float64,
    "lost": pl.Float64, "lost_high": pl.Float64,
}  # fmt: skip
TIPPING: Final = {
    "plan": pl.String, "modifier": pl.String, "doc": pl.String, "value": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "verdict": pl.String,
}  # fmt: skip
SHARES: Final = {"plan": pl.String, "criterion": pl.String, "part": pl.String, "share": pl.Float64}
NEAR: Final = {"people": pl.Int64, "everyone": pl.Int64, "km": pl.Float64}
TWO_KM: Final = 1
"""Row of the radius that tipping values are told for."""
ELICITED: Final = "elicited from the literature (research note on protection, section 2); no estimate"
SHARED_OUT: Final = ("exposure_2_km", "without_shelter", "overrun_52_weeks")
MOST_REGRESSED: Final = 500
"""Members the spread is shared out over: enough for tenths, and no more in memory however many there are."""
FEWEST_DRAWS: Final = 5
"""Below this many draws with an answer nothing is said of it."""
FEWEST_ZONES: Final = 5
"""Below this many zones no share is given."""


def protection(
    found: Findings,
    sheets: Mapping[str, Columns],
    draws: Draws,
    pressing: Columns,
    what_if: WhatIf | None = None,
) -> dict[str, pl.DataFrame]:
    """Work out every table of protection, by name.

    Parameters
    ----------
    pressing
        From `pressing_draws`.
    """
    case, zoned = found.case, [plan for plan in found.plans if plan.zones]
    guarded = {plan.id: guards(case, plan, what_if) for plan in zoned}
    factors = OnDisk(places={name: (pressing, name, ()) for name in MODIFIERS})
    answers = OnDisk(places={name: (pressing, name, ()) for name in FAMILIES})
    return {
        "chances": _frame((row for plan in zoned for row in _chances(plan, sheets[plan.id])), CHANCES),
        "reasons": _frame((row for plan in zoned for row in _reasons(plan, guarded[plan.id])), REASONS),
        "modifiers": _frame(_used(case, guarded), USED),
        "past": _frame((row for plan in zoned for row in _past(case, plan)), PAST),
        "tipping": _frame(_tippings(zoned, sheets, guarded, factors, answers), TIPPING),
        "shares": _frame(_shares(zoned, sheets, draws, factors), SHARES),
        "better": _better(found),
        "near": pl.DataFrame(
            [(*lived_near(case.places, case.events, case.as_of), 50.0)], schema=NEAR, orient="row"
        ),
    }


def _frame(rows: Iterator[Mapping[str, object]], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema))


def pressing_draws(case: Case, settings: Settings, room: Path) -> AbstractContextManager[Columns]:
    """Lay out every modifier and open answer of each member: the same numbers the study met."""
    return lay_out(room, (_drawn(case, settings.seed, members) for members in settings.chunks))


def _drawn(case: Case, seed: int, members: range) -> Rows:
    own = priors(case.modifiers)
    each = [
        {**draw_modifiers(own, seed=seed, member=m), **draw_answers(seed=seed, member=m)} for m in members
    ]
    return {name: np.array([one[name] for one in each]) for name in each[0]}


def _chances(plan: Plan, sheet: Columns) -> Iterator[Mapping[str, object]]:
    for row, zone in enumerate(sorted(plan.zones, key=lambda zone: zone.id)):
        for measure in ("attack", "serious", "overrun"):
            for at, weeks in enumerate(HORIZONS):
                low, middle, high = chance(sheet.column(measure, row, at))
                yield {
                    "plan": plan.id, "zone": zone.id, "name": zone.name, "measure": measure, "weeks": weeks,
                    "low": low, "middle": middle, "high": high,
                }  # fmt: skip


def _reasons(plan: Plan, guarded: Mapping[str, tuple[Guard, ...]]) -> Iterator[Mapping[str, object]]:
    for zone, stretches in sorted(guarded.items()):
        for one in stretches[-1].reasons:
            yield {
                "plan": plan.id, "zone": zone, "about": one.about, "answer": one.answer, "why": one.why,
                "source": one.source,
            }  # fmt: skip


def _used(
    case: Case, guarded: Mapping[str, Mapping[str, tuple[Guard, ...]]]
) -> Iterator[Mapping[str, object]]:
    now = priors(case.modifiers)
    for name, one in MODIFIERS.items():
        plans = [
            plan
            for plan, zones in guarded.items()
            if any(name in each.modifiers for found in zones.values() for each in found)
        ]
        if plans:
            prior = now[name]
            yield {
                "modifier": name, "acts": one.acts, "doc": one.doc, "low": prior.low, "middle": prior.middle,
                "high": prior.high, "source": prior.source or ELICITED, "why": prior.why, "plans": " ".join(plans),
            }  # fmt: skip


def _past(case: Case, plan: Plan) -> Iterator[Mapping[str, object]]:
    """Give the share of the class's zones lost by the product limit, with whole conflicts drawn for the range."""
    rows = class_rows(known_to(case), plan.protection)
    if rows.height < FEWEST_ZONES:
        return
    for weeks in HORIZONS:
        months = weeks * DAYS_PER_WEEK / DAYS_PER_MONTH
        low, high = interval(rows, months)
        held = survival(rows, months)
        if held == 1.0:
            # drawing zones that all held again says nothing of what may come
            low = 1.0 - jeffreys(0, int((watched(rows) >= weeks * DAYS_PER_WEEK).sum()))[1]
        yield {
            "plan": plan.id, "n": rows.height, "conflicts": rows["cluster"].n_unique(), "weeks": weeks,
            "lost_low": 1.0 - high, "lost": 1.0 - held, "lost_high": 1.0 - low,
        }  # fmt: skip


def _tippings(
    plans: Sequence[Plan],
    sheets: Mapping[str, Columns],
    guarded: Mapping[str, Mapping[str, tuple[Guard, ...]]],
    factors: Mapping[str, NDArray[np.float64]],
    answers: Mapping[str, NDArray[np.float64]],
) -> Iterator[Mapping[str, object]]:
    """Find for each factor on attack the value at which the plan's exposure within 2 km no longer beats that of no zone."""
    exposed = measured(sheets)["exposure_2_km"]
    for plan in plans:
        held = [guarded[plan.id][zone][0] for zone in sorted(guarded[plan.id])]
        names = sorted({name for guard in held for found in guard.answers.values() for name in found if name})
        for name in names:
            moved, on = _moved(sheets[plan.id], held, name, answers)
            if int(on.sum()) < FEWEST_DRAWS:
                continue
            value, word = tipping_value(
                exposed[plan.id][on], exposed[NO_ZONE][on], moved[on], factors[name][on]
            )
            low, _, high = spread(factors[name])
            yield {
                "plan": plan.id, "modifier": name, "doc": MODIFIERS[name].doc, "value": value, "low": low,
                "high": high, "verdict": word,
            }  # fmt: skip


def _moved(
    sheet: Columns, held: Sequence[Guard], name: str, answers: Mapping[str, NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Add up the exposure in zones that a factor moves, and say in which members it is the answer of any zone."""
    moved, on = np.zeros(sheet.members), np.zeros(sheet.members, dtype=np.bool_)
    for row, guard in enumerate(held):
        active = _is_active(guard, name, answers)
        moved += sheet.column("zone_exposure", row, TWO_KM) * active
        on |= active
    return moved, on


def _is_active(guard: Guard, name: str, answers: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Say in which members a modifier is the answer that was drawn, bool (member,)."""
    for family, names in guard.answers.items():
        if name in names:
            chosen = np.minimum((answers[family] * len(names)).astype(np.int64), len(names) - 1)
            return np.asarray(chosen == names.index(name))
    return np.zeros(next(iter(answers.values())).size, dtype=np.bool_)


def _shares(
    plans: Sequence[Plan],
    sheets: Mapping[str, Columns],
    draws: Draws,
    factors: Mapping[str, NDArray[np.float64]],
) -> Iterator[Mapping[str, object]]:
    values = measured(sheets)
    numbers_drawn = {name: draws[name][:MOST_REGRESSED].copy() for name in draws}
    factors_drawn = {name: factors[name][:MOST_REGRESSED].copy() for name in factors}
    for criterion in SHARED_OUT:
        for plan in plans:
            numbers = values[criterion][plan.id]
            apart = numbers if criterion.startswith("overrun") else numbers - values[criterion][NO_ZONE]
            for part, share in variance_shares(apart[:MOST_REGRESSED], numbers_drawn, factors_drawn).items():
                yield {"plan": plan.id, "criterion": criterion, "part": part, "share": share}


def _better(found: Findings) -> pl.DataFrame:
    """Give the probability that a plan beats no zone, criterion by criterion."""
    names = {criterion.id: criterion.name for criterion in found.criteria}
    rows = found.verdict.filter((pl.col("plan") != NO_ZONE) & pl.col("share_better").is_not_null())
    return rows.select(
        "plan", "criterion", pl.col("criterion").replace_strict(names).alias("name"), "share_better"
    )
