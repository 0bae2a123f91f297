"""Read the folder of a recorded conflict of Flee, the published displacement engine, strictly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from asylia.core.errors import CaseError, Problem
from asylia.io import flee_days, flee_makeup, flee_places, flee_reports
from asylia.io.door import fail, listing
from asylia.io.flee_frames import replay_frame
from asylia.io.flee_places import Ground
from asylia.io.flee_settings import NAME, PASSED_OVER, read_settings
from asylia.io.flee_sheet import Intake
from asylia.io.made_id import made_id
from asylia.model.replay import Replay

T = TypeVar("T")

HOMES: Final = ("input_csv", "source_data")
FLAG_WARNING: Final = "Fighting is 0 or 1 a day here: such flags cannot tell worse from bad, and a day with one shot weighs as much as the worst."
"""Told wherever 0/1 flags come in as events."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FleeFolder:
    """A Flee folder as read.

    Parameters
    ----------
    notes
        What a reader should know about how it was understood, in sentences.
    ignored
        Files that are no part of what is read, by their path in the folder.
    doubts
        Those of the notes that a strict reading would make problems.
    """

    replay: Replay
    notes: tuple[str, ...]
    ignored: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def read_flee(folder: Path, settings: Path | None = None) -> Replay:
    """Read a recorded conflict from a Flee folder.

    Parameters
    ----------
    folder
        Holds `input_csv` and `source_data`.
    settings
        The settings file; without it the first `simsetting.yml` of the folder, its `input_csv` and the folder around
        it, or else the defaults of the published engine.

    Raises
    ------
    CaseError
        With every problem found, in file and row order.
    """
    return open_flee(folder, settings).replay


def open_flee(folder: Path, settings: Path | None = None, *, strict: bool = True) -> FleeFolder:
    """Read a Flee folder, with what should be known about how it was understood.

    Parameters
    ----------
    strict
        Whether what the published engine passes over is a problem. Otherwise it is a note, so that a folder which runs
        there can be scored here: a row that names nothing, settings not known, tables nobody needs that cannot be read.

    Raises
    ------
    CaseError
        With every problem found, in file and row order.
    """
    if not folder.is_dir():
        raise fail(
            str(folder), "the Flee folder is there", "Name the folder that holds input_csv and source_data."
        )
    intake = Intake(folder=folder, strict=strict)
    _check_homes(intake)
    # a file that the user named is the user's own to mend
    rules, wrong, notes = read_settings(folder, settings, strict=strict or settings is not None)
    intake.problems.extend(wrong)
    ground = flee_places.read_ground(intake)
    parts = _read_parts(intake, ground)
    if intake.problems:
        raise CaseError(intake.problems)
    intake.notes.extend(notes)
    intake.doubts.extend(note for note in notes if note.endswith(PASSED_OVER))
    name = folder.absolute().name
    replay = Replay(id=made_id(name), title=name, settings=rules, **_places(ground), **parts)
    if replay.intensity.size and set(np.unique(replay.intensity)) <= {0.0, 1.0}:
        intake.note(flee_days.CONFLICTS, FLAG_WARNING)
    return FleeFolder(
        replay=replay,
        notes=tuple(intake.notes),
        ignored=tuple(_ignored(intake)),
        doubts=tuple(intake.doubts),
    )


def _check_homes(intake: Intake) -> None:
    for home in HOMES:
        if not (intake.folder / home).is_dir():
            mend = "A Flee folder holds input_csv and source_data."
            intake.add(Problem(file=home, must="the folder is there", mend=mend))


def _places(ground: Ground) -> dict[str, Any]:
    return {
        "places": replay_frame("places", ground.places),
        "links": replay_frame("links", ground.links),
        "facts": replay_frame("facts", ground.facts),
    }


def _read_parts(intake: Intake, ground: Ground) -> dict[str, Any]:
    """Read everything but places, links and settings; empty if there are problems."""
    period = flee_days.read_period(intake)
    intensity = flee_days.read_conflicts(intake, ground, period)
    if period and 0 < len(intensity) < period.days:
        period = replace(period, days=len(intensity))
    counts = flee_reports.read_counts(intake, ground)
    rows: dict[str, Sequence[Sequence[Any]]] = {
        "closures": flee_days.read_closures(intake, ground),
        "corrections": flee_reports.read_corrections(intake, counts, period),
        "reports": counts.reports,
        "totals": counts.totals,
        "food": _if_good(intake, lambda: flee_days.read_food(intake, ground, period), []),
        "floods": _if_good(intake, lambda: flee_days.read_floods(intake, ground, period), []),
        "changes": _if_good(intake, lambda: flee_days.read_changes(intake, ground, period), []),
    }
    none: dict[str, flee_makeup.Shares] = {}
    makeup = _if_good(intake, lambda: flee_makeup.read_makeup(intake, ground), none)
    if intake.problems or period is None:
        return {}
    frames = {name: replay_frame(name, found) for name, found in rows.items()}
    shares = {name: replay_frame("makeup", found) for name, found in makeup.items()}
    return {"first": period.first, "days": period.days, "intensity": intensity, "makeup": shares, **frames}


def _if_good(intake: Intake, read: Callable[[], T], nothing: T) -> T:
    """Read a table a folder can do without; where reading is not strict, pass over one that cannot be read."""
    before = len(intake.problems)
    found = read()
    if intake.strict or len(intake.problems) == before:
        return found
    first = intake.problems[before]
    del intake.problems[before:]
    intake.let_pass(first.file, f"It was passed over whole, because it cannot be read: {first}")
    return nothing


def _ignored(intake: Intake) -> list[str]:
    """List files that were not looked at."""
    there = [f"{home}/{name}" for home in HOMES for name in listing(intake.folder / home)]
    there += [name for name in listing(intake.folder) if name not in HOMES]
    return sorted(name for name in there if name not in intake.used and Path(name).name != NAME)
