"""Score displacement rules on recorded conflicts: daily totals known, the split over the camps to be found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.replay import Observed, Replay
from asylia.move.flee.observed import observe
from asylia.study.displacement_rules import FORECASTS, Choice, camp_counts, check_choice
from asylia.study.displacement_score import (
    coverage,
    point,
    ranges,
    relative_difference,
    rescale,
    shares_of_error,
)
from asylia.study.executors import Executor, Processes, Serial
from asylia.study.naive import naive_rows

Progress = Callable[[int, int], None]
"""Told (finished, all) in members of conflicts."""

CHUNK: Final = 5
"""Members that one piece of work runs: few enough to keep two processes busy to the end."""

TIE_DIGITS: Final = 9
"""Errors of camps that agree to this many digits are a tie, which the name decides."""

SERIES: Final[Mapping[str, type[pl.DataType]]] = {
    "day": pl.Int64,
    "date": pl.Date,
    "camp": pl.String,
    "observed": pl.Int64,
    "middle": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CampError:
    """What one camp adds to the rescaled ARD, and its people in the mean of all days: recorded, and ours rescaled."""

    camp: str
    error: float
    observed: float
    ours: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """How rules did on one recorded conflict.

    Parameters
    ----------
    people
        Most people recorded in camps on any day.
    ard, ard_rescaled
        Mean over members of each member's averaged relative difference; of the one point forecast for rules whose members
        are draws of what is not known (`FORECASTS`).
    ard_middle, ard_rescaled_middle
        The same of the middle of the members, by camp and day.
    ard_rescaled_low, ard_rescaled_high
        Among members, 5 and 95 %: the luck of the draw.
    interval_coverage_90
        Share of recorded camp-days inside the members' 5 to 95 % range; of forecasts, scaled to the day's total.
    interval_width_90
        Mean width of that range, added up over camps, as a share of the recorded people of the day.
    naive
        Rescaled ARD of each naive rule, see `study.naive`.
    worst
        Every camp, the one with the largest part of the error first.
    left_out
        Camps with reports that are no place of the folder: their people set out, and they cannot be scored.
    seconds
        Seconds of one core, all members; the first run on a machine compiles, and that is counted.
    series
        Columns of `SERIES`, people in camps as simulated (not rescaled).
    """

    case: str
    first: dt.date
    days: int
    people: int
    ard: float
    ard_rescaled: float
    ard_middle: float
    ard_rescaled_middle: float
    ard_rescaled_low: float
    ard_rescaled_high: float
    interval_coverage_90: float
    interval_width_90: float
    naive: Mapping[str, float]
    worst: tuple[CampError, ...]
    left_out: tuple[str, ...]
    seconds: float
    series: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some members of one conflict: what a worker gets."""

    number: int
    replay: Replay
    camps: tuple[str, ...]
    choice: Choice
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ran:
    """What a worker gives back: people in camps, (member, day, camp)."""

    number: int
    members: tuple[int, ...]
    people: NDArray[np.int64]
    seconds: float


def score_displacement(
    replays: Sequence[Replay], choice: Choice, *, workers: int = 1, progress: Progress | None = None
) -> tuple[Score, ...]:
    """Score rules on recorded conflicts, in their order, whatever the number of workers.

    Parameters
    ----------
    workers
        Processes on this machine.

    Raises
    ------
    PlanError
        If it cannot be run as asked.
    """
    check_choice(choice)
    records = [scored(replay, observe(replay)) for replay in replays]
    pieces = list(_pieces(replays, records, choice))
    found: dict[int, list[Ran]] = {}
    finished = 0
    executor: Executor = Processes(workers=workers) if min(workers, len(pieces)) > 1 else Serial()
    for ran in executor.map(work, pieces):
        found.setdefault(ran.number, []).append(ran)
        finished += len(ran.members)
        if progress is not None:
            progress(finished, choice.members * len(replays))
    return tuple(
        _score(replay, record, found[number], forecast=choice.rules in FORECASTS)
        for number, (replay, record) in enumerate(zip(replays, records, strict=True))
    )


def scored(replay: Replay, observed: Observed) -> Observed:
    """Keep the camps that are places of the folder; newcomers stay those of all reports."""
    names = set(replay.places["name"])
    kept = [spot for spot, camp in enumerate(observed.camps) if camp in names]
    return Observed(
        camps=tuple(observed.camps[spot] for spot in kept),
        people=observed.people[:, kept],
        newcomers=observed.newcomers,
    )


def work(piece: Piece) -> Ran:
    """Run some members of one conflict; a worker calls this."""
    began = process_time()
    people = camp_counts(piece.replay, piece.camps, piece.choice, piece.members)
    return Ran(number=piece.number, members=piece.members, people=people, seconds=process_time() - began)


def _pieces(replays: Sequence[Replay], records: Sequence[Observed], choice: Choice) -> Iterator[Piece]:
    for number, (replay, record) in enumerate(zip(replays, records, strict=True)):
        # what is taken in is worked out once for all members
        chunk = choice.members if choice.assimilate_days else CHUNK
        for start in range(0, choice.members, chunk):
            members = tuple(range(start, min(start + chunk, choice.members)))
            yield Piece(number=number, replay=replay, camps=record.camps, choice=choice, members=members)


def _score(replay: Replay, record: Observed, ran: list[Ran], *, forecast: bool) -> Score:
    in_order = sorted(ran, key=lambda one: one.members)
    people, seen = np.concatenate([one.people for one in in_order]), record.people
    rescaled = np.stack([rescale(member, seen) for member in people])
    low, middle, high = ranges(rescaled if forecast else people)
    each = [relative_difference(member, seen) for member in rescaled]
    # a forecast is one split with a range; of fixed settings each member is a run of its own
    normal, split = ([people.mean(axis=0)], [point(rescaled, seen)]) if forecast else (people, list(rescaled))
    return Score(
        case=replay.id,
        first=replay.first,
        days=replay.days,
        people=int(seen.sum(axis=1).max()),
        ard=float(np.mean([relative_difference(table, seen) for table in normal])),
        ard_rescaled=float(np.mean([relative_difference(table, seen) for table in split])),
        ard_middle=relative_difference(middle, seen),
        ard_rescaled_middle=relative_difference(rescale(middle, seen), seen),
        ard_rescaled_low=float(np.quantile(each, 0.05)),
        ard_rescaled_high=float(np.quantile(each, 0.95)),
        interval_coverage_90=coverage(low, high, seen),
        interval_width_90=float(((high - low).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)).mean()),
        naive={
            name: relative_difference(rescale(table, seen), seen)
            for name, table in naive_rows(replay, record).items()
        },
        worst=_worst(record, split),
        left_out=tuple(camp for camp in replay.camps if camp not in record.camps),
        seconds=sum(one.seconds for one in ran),
        series=_series(replay, record, (low, middle, high)),
    )


def _worst(record: Observed, splits: Sequence[NDArray[np.float64]]) -> tuple[CampError, ...]:
    errors = np.mean([shares_of_error(member, record.people) for member in splits], axis=0)
    seen, ours = record.people.mean(axis=0), np.mean(splits, axis=(0, 1))
    rows = [
        CampError(camp=camp, error=float(errors[k]), observed=float(seen[k]), ours=float(ours[k]))
        for k, camp in enumerate(record.camps)
    ]
    return tuple(sorted(rows, key=lambda row: (-round(row.error, TIE_DIGITS), row.camp)))


def _series(replay: Replay, record: Observed, levels: tuple[NDArray[np.float64], ...]) -> pl.DataFrame:
    """Lay the camps under one another, days in order."""
    days, camps = record.people.shape
    numbers = np.tile(np.arange(days), camps)
    low, middle, high = (level.T.ravel() for level in levels)
    return pl.DataFrame(
        {
            "day": numbers,
            "date": [replay.first + dt.timedelta(days=int(day)) for day in numbers],
            "camp": [camp for camp in record.camps for _ in range(days)],
            "observed": record.people.T.ravel(),
            "middle": middle,
            "low": low,
            "high": high,
        },
        schema=dict(SERIES),
    )
