"""What a score of forecasts means, in plain sentences: where we lose, and what the figures leave out."""

from __future__ import annotations

from collections.abc import Sequence

from asylia.study.forecast import Asked, ForecastScore, better_rival, difference, mean_error

RIVALS = {"persistence": "the last report", "damped_trend": "the damped trend"}

MEASURE = (
    "Each origin knows reports and corrections dated up to it, as published. Later corrections change the measure of the "
    "record; forecasts are turned into that measure before they are scored. Without that, see the fields that end in "
    "as_published: what is struck off at a new registration then counts as an error, and no rule foresees it."
)

PEER = (
    "The peer (the published rules of Flee) cannot forecast: it wants each later day's total. It is run from day 0 to the origin, without "
    "capacities; its split is held and the total is the damped trend's, as for shares frozen at day 30."
)


def notes(scores: Sequence[ForecastScore], asked: Asked) -> list[str]:
    """Say what has to be known before the figures are believed, the losses first."""
    said = [
        _against(scores, days, asked) for days in asked.horizons if any(days in s.horizons for s in scores)
    ]
    short = [score.case for score in scores if set(score.horizons) != set(asked.horizons)]
    outside = [score.case for score in scores if not score.in_pool]
    if short:
        said.append(f"Too short for some of the days ahead: {', '.join(short)}.")
    if outside:
        said.append(
            f"Not of the eight conflicts that were learned from, all of which were used: {', '.join(outside)}."
        )
    if any("peer" in one.errors for score in scores for one in score.horizons.values()):
        said.append(PEER)
    return [*said, MEASURE, "Quiet is no forecast of quiet: nothing here knows of fighting to come."]


def _against(scores: Sequence[ForecastScore], days: int, asked: Asked) -> str:
    rival = better_rival(scores, days)
    ours, theirs = mean_error(scores, days, "asylia"), mean_error(scores, days, rival)
    lost = [
        score.case
        for score in scores
        if days in score.horizons
        and score.horizons[days].errors["asylia"].mean() > score.horizons[days].errors[rival].mean()
    ]
    gap, low, high = difference(scores, days, rival, seed=asked.seed)
    side = (
        f"{abs(1 - ours / theirs) * 100:.0f} % {'better' if ours < theirs else 'worse'} than"
        if theirs > 0
        else "beside"
    )
    worse = f" Worse on {', '.join(lost)}." if lost else ""
    return (
        f"{days} days ahead: {ours:.3f}, {side} {RIVALS[rival]} ({theirs:.3f}), the better of the two rules without a model; "
        f"difference {gap:.3f}, 95 % interval {low:.3f} to {high:.3f}.{worse}"
    )
