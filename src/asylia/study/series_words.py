"""What a score of a series means, in plain sentences: the losses first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from asylia.io.people_series import PeopleSeries
from asylia.study.forecast import ForecastScore, difference

RULES: Final = ("asylia", "asylia_other_conflicts", "persistence", "damped_trend", "frozen_shares")
RIVALS: Final[Mapping[str, str]] = {
    "persistence": "the last report",
    "damped_trend": "the damped trend",
    "frozen_shares": "the first shares of the damped total",
}

MEASURE: Final = (
    "As published: what is struck off a register between the origin and the day forecast counts as an error of every rule. "
    "A single fall of more than 3 % between two reports is taken for such a correction when trends are drawn."
)
PEOPLE: Final = (
    "People registered abroad, or counted at a border, lag those who came by weeks or months; people displaced inside the "
    "country are not in this series and are never added to it."
)


def notes(
    score: ForecastScore,
    wanted: tuple[int, ...],
    left_out: str,
    unknown: tuple[str, ...],
    series: PeopleSeries,
    seed: int,
) -> Iterator[str]:
    """Say what has to be known before the figures are believed."""
    for days in wanted:
        if days in score.horizons:
            yield _against(score, days, seed)
        else:
            yield f"{days} days ahead: the series is too short to tell."
    if left_out:
        yield f"What was learned on other conflicts was learned without {left_out}, which this is a record of."
    else:
        yield (
            "All eight conflicts were learned from. If this series is a record of one of them, name it with --leave-out: "
            "otherwise the scores flatter."
        )
    if unknown:
        yield f"Income not known, counted as the middle one: {', '.join(unknown)}."
    if series.blanks:
        yield f"{series.blanks:,} rows without a number were left out; a blank is not 0."
    yield MEASURE
    yield PEOPLE


def _against(score: ForecastScore, days: int, seed: int) -> str:
    errors = {name: float(own.mean()) for name, own in score.horizons[days].errors.items()}
    rival = min(RIVALS, key=lambda name: errors[name])
    ours, theirs = errors["asylia"], errors[rival]
    _, low, high = difference([score], days, rival, seed=seed)
    gap = (
        f"{abs(1 - ours / theirs) * 100:.0f} % {'better' if ours < theirs else 'worse'} than"
        if theirs
        else "beside"
    )
    sure = "" if low * high > 0 else " That difference is not told from none."
    return (
        f"{days} days ahead: {ours:.3f}, {gap} {RIVALS[rival]} ({theirs:.3f}), the best of three rules without a model; "
        f"95 % interval of the difference {low:.3f} to {high:.3f}.{sure}"
    )
