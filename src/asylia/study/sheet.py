"""The sheet of a plan: every quantity that is summed up over members, from finished work to columns on disk.

Finished work is read once, some members at a time. What a criterion says of a member is worked out there and then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.core.errors import RunError
from asylia.model.case import Case
from asylia.model.rules import RULES
from asylia.study.columns import Columns, OnDisk, Rows, lay_out
from asylia.study.criteria import JUDGES
from asylia.study.movement import scenario_of
from asylia.study.outcome import Outcome, of_arrays
from asylia.study.settings import Settings
from asylia.study.store import chunk_path, read_arrays

Values = Mapping[str, Mapping[str, NDArray[np.float64]]]
"""Criterion id -> plan id -> float64 (member,)."""

Draws = Mapping[str, NDArray[np.float64]]
"""Rule -> float64 (member,), what was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How a plan's rows are read and added up.

    Parameters
    ----------
    needs
        The measure of each row of the need arrays.
    areas
        Rows of places in each first-level area.
    """

    needs: tuple[str, ...]
    areas: Mapping[str, Sequence[int]]


def sheet(
    folder: Path, settings: Settings, grouping: Grouping, room: Path
) -> AbstractContextManager[Columns]:
    """Lay the finished work of one plan out as columns.

    Parameters
    ----------
    folder
        Where the plan's finished work is.
    room
        Folder in which there is room for the columns.
    """
    return lay_out(room, (rows(outcome, grouping) for outcome in finished(folder, settings)))


def finished(folder: Path, settings: Settings) -> Iterator[Outcome]:
    """Read finished work in member order, one piece at a time; raises `RunError` if a piece went missing."""
    for members in settings.chunks:
        arrays = read_arrays(chunk_path(folder, members))
        if arrays is None:
            raise RunError(
                f"Finished work in {folder.name} went missing while it was read. Run the command again."
            )
        yield of_arrays(arrays)


def rows(outcome: Outcome, grouping: Grouping) -> Rows:
    """Work out all that is summed up, for the members of one piece of work."""
    areas = [outcome.displaced_at[:, list(places)].sum(axis=1) for places in grouping.areas.values()]
    return {
        "criteria": np.stack([judge.measure(outcome, grouping.needs) for judge in JUDGES], axis=1),
        **weekly(outcome),
        "displaced_at": outcome.displaced_at,
        "areas": np.stack(areas, axis=1),
        "zone_end": outcome.zone_people[:, :, -1],
        "zone_peak": outcome.zone_peak,
        "zone_refused": outcome.zone_refused,
        "attack": outcome.attack,
        "serious": outcome.serious,
        "overrun": outcome.overrun,
        "zone_exposure": outcome.zone_exposure,
        "needed": outcome.needed,
        "provided": outcome.provided,
        "short": outcome.short,
        "short_people": outcome.short_people,
        "short_day": outcome.short_day,
        "cost": outcome.cost,
        **{name: getattr(outcome, name) for name in ("zone_days", "zone_most", "spend", "firm")},
    }


def weekly(outcome: Outcome) -> dict[str, NDArray[np.generic]]:
    """Name the measures that are shown over time, each (member, point)."""
    return {
        "in_zones": outcome.count("in_zones"),
        "without_shelter": outcome.without_shelter,
        "crossed": outcome.count("crossed"),
        "wanted_to_cross": outcome.count("wanted_to_cross"),
        "newly_displaced": outcome.count("newly_displaced"),
        "exposure_2_km": outcome.exposure[:, 1, :],
    }


def measured(sheets: Mapping[str, Columns]) -> Values:
    """Give every criterion of every plan, per member; read when asked for."""
    return {
        judge.criterion.id: OnDisk(
            places={plan: (columns, "criteria", (row,)) for plan, columns in sheets.items()}
        )
        for row, judge in enumerate(JUDGES)
    }


def drawn(case: Case, settings: Settings, room: Path) -> AbstractContextManager[Columns]:
    """Lay out what was drawn of every rule: the numbers of `study.movement.scenario_of`."""
    return lay_out(room, (_drawn(case, settings, members) for members in settings.chunks))


def by_rule(columns: Columns) -> Draws:
    """Name the columns of `drawn`."""
    return OnDisk(places={rule: (columns, rule, ()) for rule in RULES})


def _drawn(case: Case, settings: Settings, members: range) -> Rows:
    """As `scenario_of` for each member; with the case's own rules one call draws all, as each has a key of its own."""
    if settings.movement.key:
        drawn = [scenario_of(case, settings.movement, member, settings.seed).values for member in members]
        return {name: np.array([one[name] for one in drawn], dtype=np.float64) for name in RULES}
    seed = settings.seed
    ids = stable_ids(list(RULES))
    luck = np.concatenate([uniforms(seed, int(Stream.UNCERTAIN), m, 0, ids, 1).T for m in members])
    numbers = {name: case.rules.get(name, spec.default) for name, spec in RULES.items()}
    return {
        name: np.array([number.at(float(u)) for u in luck[:, row]], dtype=np.float64)
        for row, (name, number) in enumerate(numbers.items())
    }
