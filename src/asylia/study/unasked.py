"""The scenarios every plan must be tried against, run without being asked for: few members, on the luck of the study itself.

Consent withdrawn, mandate ended, donor failed, front moved, route cut, zone shrunk: each on the middle day of the simulation,
or as the case itself writes it. The first members are run again under each, for every plan and for no zone, so what differs is
the scenario alone. With so few draws nothing is said of how likely anything is; it says which way a plan bends, and how far.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.what_if import KINDS, WhatIf
from asylia.study.outcome import Outcome, of_arrays
from asylia.study.settings import PIECE_MEMBERS, Settings
from asylia.study.store import chunk_path, read_arrays
from asylia.study.what_ifs import find, switched

ALWAYS: Final = tuple(kind for kind in KINDS if not kind.startswith("escalation"))
"""Kinds tried without being asked for; escalation between outside powers stays a question of its own."""
FEW: Final = PIECE_MEMBERS
"""Members of each scenario: the first piece of work of the study."""
TRIED: Final[dict[str, type[pl.DataType]]] = {
    "plan": pl.String, "kind": pl.String, "title": pl.String, "on": pl.Date, "measure": pl.String, "unit": pl.String,
    "members": pl.Int64, "without": pl.Float64, "with": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip
"""Columns of the table: means over the members, and the least and most difference among them."""

Measure = Callable[[Outcome], NDArray[np.float64]]
MEASURES: Final[Mapping[str, tuple[str, Measure]]] = {
    "in zones on the last day": ("people", lambda one: one.last("in_zones")),
    "trapped, or in a zone nobody can leave": (
        "people",
        lambda one: one.last("trapped") + one.last("enclosed"),
    ),
    "made to leave a zone": ("people", lambda one: one.last("turned_out")),
    "refused by a full zone": ("people", lambda one: one.last("refused")),
    "within 2 km of a lethal event": ("person-days", lambda one: one.exposure[:, 1, -1]),
    "in zones no way leads to": ("person-days", lambda one: one.cut_off.astype(np.float64)),
    "cost without money": ("share", lambda one: one.unfunded),
}
"""Measure -> unit, and how to take it from an outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One scenario, with case and plans as it leaves them."""

    what_if: WhatIf
    case: Case
    plans: tuple[Plan, ...]


def few(settings: Settings) -> Settings:
    """Give the settings of a trial: the first members of the study, everything else as it is."""
    return replace(settings, members=min(settings.members, FEW))


def trials(case: Case, plans: Sequence[Plan], settings: Settings) -> tuple[Trial, ...]:
    """Prepare one trial of each kind that is always tried; none if no plan has a zone."""
    if not any(plan.zones for plan in plans):
        return ()
    middle = case.first + dt.timedelta(days=settings.days // 2)
    own: dict[str, WhatIf] = {one.kind: one for one in reversed(case.scenarios)}
    made = []
    for kind in ALWAYS:
        asked = own.get(kind) or find(case, f"{kind}={middle.isoformat()}")
        then, changed, what_if = switched(case, plans, asked)
        if what_if is not None:
            made.append(Trial(what_if=what_if, case=then, plans=changed))
    return tuple(made)


def table(
    tried: Sequence[Trial],
    plans: Sequence[Plan],
    settings: Settings,
    without: Mapping[str, Path],
    under: Sequence[Mapping[str, Path]],
) -> pl.DataFrame:
    """Put finished trials beside the study: one row per plan, scenario and measure; columns as in `TRIED`.

    Parameters
    ----------
    without, under
        Folders of finished work by plan: of the study, and of each trial.
    """
    rows = [
        row
        for trial, folders in zip(tried, under, strict=True)
        for plan in plans
        for row in _rows(trial.what_if, plan, few(settings), without[plan.id], folders[plan.id])
    ]
    return pl.DataFrame(rows, schema=TRIED, orient="row")


def _rows(
    what_if: WhatIf, plan: Plan, settings: Settings, without: Path, under: Path
) -> Iterator[tuple[object, ...]]:
    before, after = _read(without, settings), _read(under, settings)
    for measure, (unit, take) in MEASURES.items():
        ours, theirs = take(before)[: settings.members], take(after)[: settings.members]
        if np.isnan(ours).all() or np.isnan(theirs).all():
            continue
        change = theirs - ours
        yield (
            plan.id, what_if.kind, what_if.title, what_if.on, measure, unit, settings.members,
            float(np.nanmean(ours)), float(np.nanmean(theirs)), float(np.nanmin(change)), float(np.nanmax(change)),
        )  # fmt: skip


def _read(folder: Path, settings: Settings) -> Outcome:
    """Read the first piece of work; that of the study holds as many members or more."""
    arrays = read_arrays(chunk_path(folder, settings.chunks[0]))
    if arrays is None:
        raise FileNotFoundError(chunk_path(folder, settings.chunks[0]))
    return of_arrays(arrays)
