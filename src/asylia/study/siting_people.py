"""People who would need shelter, by settlement and group, in scenarios drawn from the simulation without a zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.model.case import Case
from asylia.model.plan import NO_ZONE, Plan
from asylia.model.scenario import draw_member
from asylia.study.members import Task, work
from asylia.study.movement import own_rules
from asylia.study.settings import Settings
from asylia.study.siting_question import Group

PER_WEEK: Final = 3
"""Scenarios kept of each week: low, middle and high by all people who lack shelter."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """People to shelter in each scenario.

    Parameters
    ----------
    people
        int64 (scenario, group, place).
    chance
        float64 (scenario,).
    labels
        What each scenario is, in words.
    """

    people: NDArray[np.int64]
    chance: NDArray[np.float64]
    labels: tuple[str, ...]


def demand(case: Case, groups: Sequence[Group], *, weeks: Sequence[int], members: int, seed: int) -> Demand:
    """Simulate without a zone to the end of each of these weeks and keep a low, a middle and a high member of each.

    People to shelter are those displaced outside zones, times the drawn share that lacks adequate shelter.
    """
    found, chance, labels = [], [], []
    for week in weeks:
        lacking = _lacking(
            case, Settings(members=members, days=7 * week, seed=seed, movement=own_rules(case))
        )
        for rows, name in _parts(lacking.sum(axis=1)):
            row = rows[len(rows) // 2]
            found.append(_by_group(lacking[row], groups))
            chance.append(len(rows) / members / len(weeks))
            labels.append(f"{name} of the draws after {week} weeks")
    return Demand(people=np.stack(found), chance=np.array(chance), labels=tuple(labels))


def _lacking(case: Case, settings: Settings) -> NDArray[np.int64]:
    """Return people who lack shelter at each place on the last day, int64 (member, place)."""
    pieces = [
        work(Task(case=case, plans=(Plan.none(),), settings=settings, members=members)).plans[NO_ZONE]
        for members in settings.chunks
    ]
    displaced = np.concatenate([piece["displaced_at"] for piece in pieces]).astype(np.int64)
    share = [
        draw_member(case.rules, member, settings.seed).values["hosted_without_shelter_share"]
        for member in range(settings.members)
    ]
    lacking: NDArray[np.int64] = np.floor(displaced * np.array(share)[:, None]).astype(np.int64)
    return lacking


def _parts(totals: NDArray[np.int64]) -> list[tuple[list[int], str]]:
    """Cut members into a low, a middle and a high part by their totals; each is in order, its middle one stands for it."""
    order = np.argsort(totals, kind="stable")
    parts = zip(
        np.array_split(order, PER_WEEK),
        ("the lowest third", "the middle third", "the highest third"),
        strict=True,
    )
    return [(part.tolist(), name) for part, name in parts if part.size]


def _by_group(people: NDArray[np.int64], groups: Sequence[Group]) -> NDArray[np.int64]:
    """Split whole people by shares; what rounding leaves goes to the first group."""
    split = np.stack([np.floor(people * group.share + 1e-9).astype(np.int64) for group in groups])
    split[0] += people - split.sum(axis=0)
    return split
