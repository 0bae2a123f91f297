"""Write scores of displacement rules to a folder: a page, and per conflict the numbers and a chart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Final

import polars as pl
import polars.selectors as cs

from asylia import __version__
from asylia.report.export import csv_text, put
from asylia.report.replay_chart import ReplayChart, draw_replay
from asylia.report.replay_page import ScorePage, write_score_page
from asylia.study.displacement import Score
from asylia.study.displacement_rules import Choice
from asylia.study.displacement_words import NAIVE_WORDS, mean_naive, notes

COLUMNS: Final = ("conflict", "ours", "ours, normal", *NAIVE_WORDS.values(), "range holds", "worst camp")
OURS: Final = 1
"""Column of our rescaled score."""


def write_scores(scores: Sequence[Score], choice: Choice, folder: Path, skill: Sequence[str] = ()) -> Path:
    """Write the page, and `CASE.csv` and `CASE.svg` for each conflict; each file whole or not at all.

    Parameters
    ----------
    folder
        Made if it is not there.
    skill
        Sentences on how far the rules were tried on the like of these conflicts.

    Returns
    -------
    The page, index.html.
    """
    charts = [(score.case, _chart(score, f"chart-{place}")) for place, score in enumerate(scores)]
    for score, (_, chart) in zip(scores, charts, strict=True):
        put(folder / f"{score.case}.csv", csv_text(score.series.with_columns(cs.float().round(1))))
        put(folder / f"{score.case}.svg", draw_replay(chart))
    page = ScorePage(
        columns=COLUMNS,
        rows=[cells for cells, _ in table_rows(scores)],
        best=[best for _, best in table_rows(scores)],
        notes=[*notes(scores, choice), *skill],
        command=command_of(choice),
        version=__version__,
        charts=charts,
    )
    return put(folder / "index.html", write_score_page(page))


def table_rows(scores: Sequence[Score]) -> list[tuple[list[str], int]]:
    """Return the table of `COLUMNS` as text with the column of each row's lowest score; the mean of all comes last."""
    rows = [
        _row(score.case, score.ard_rescaled, score.ard, list(score.naive.values()), score.interval_coverage_90,
             f"{score.worst[0].camp} ({score.worst[0].error:.3f})")
        for score in scores
    ]  # fmt: skip
    if len(scores) > 1:
        ours, normal = fmean(score.ard_rescaled for score in scores), fmean(score.ard for score in scores)
        held = fmean(score.interval_coverage_90 for score in scores)
        rows.append(_row("mean", ours, normal, list(mean_naive(scores).values()), held, ""))
    return rows


def command_of(choice: Choice) -> str:
    """Write the command that makes these scores again."""
    quirks = " --quirks" if choice.quirks else ""
    taken = f" --assimilate-days {choice.assimilate_days}" if choice.assimilate_days else ""
    return (
        f"asylia validate displacement FOLDER... --rules {choice.rules}{quirks}{taken} "
        f"--capacities {'on' if choice.capacities else 'off'} --members {choice.members} --seed {choice.seed}"
    )


def _row(
    name: str, ours: float, normal: float, naive: Sequence[float], held: float, worst: str
) -> tuple[list[str], int]:
    compared = [ours, *naive]
    lowest = compared.index(min(compared))
    cells = [name, *(f"{value:.3f}" for value in (ours, normal, *naive)), f"{held * 100:.0f} %", worst]
    return cells, OURS if lowest == 0 else lowest + OURS + 1


def _chart(score: Score, name: str) -> ReplayChart:
    order = {camp.camp: place for place, camp in enumerate(score.worst)}
    in_order = score.series.sort(pl.col("camp").replace_strict(order, return_dtype=pl.Int64), "day")
    return ReplayChart(
        name=name,
        title=f"{score.case}: people in camps",
        finding=finding(score),
        series=in_order,
    )


def finding(score: Score) -> str:
    """Say in a sentence or two what the chart of a conflict shows."""
    worst = score.worst[0]
    side = "Too many" if worst.ours > worst.observed else "Too few"
    name, best = min(score.naive.items(), key=lambda row: row[1])
    rank = "better than" if score.ard_rescaled < best else "worse than"
    return (
        f"Rescaled score {score.ard_rescaled:.2f}, {rank} the best naive rule ({NAIVE_WORDS[name]}, {best:.2f}). "
        f"{side} people in {worst.camp}, the largest part of the error: {worst.ours:,.0f} in the mean of all days, once the "
        f"daily total is made equal, against {worst.observed:,.0f} recorded."
    )
