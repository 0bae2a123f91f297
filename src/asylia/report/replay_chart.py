"""A chart of a recorded conflict: a panel per camp with what was recorded, our middle and our range. SVG, no scripts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from markupsafe import Markup

from asylia.report import svg, words
from asylia.report.charts import ceiling

COLUMNS: Final = 4
PANEL: Final = (232.0, 150.0)
PLOT: Final = (10.0, 34.0, 150.0, 122.0)
"""Left, top, right, bottom of the plot inside a panel; the ends of the lines are named right of it."""
HEAD: Final = 62.0
"""Room above the panels for the title and the finding."""
CLOSE: Final = 22.0
"""Least distance between the names of two lines, pixels."""
MOST_POINTS: Final = 160
"""Points of a line: more cannot be told apart on a plot this wide."""
LETTERS: Final = 6.1
"""Width of a letter of the finding, pixels."""

STYLE: Final = (
    "text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif;fill:#565c63}"
    ".paper{fill:#fff}.title{font-size:17px;font-weight:650;fill:#191c1f}.finding{font-size:12px;fill:#191c1f}"
    ".camp{font-size:12px;font-weight:620;fill:#191c1f}.grid{stroke:#dcdee0;stroke-width:.8;fill:none}"
    ".floor{stroke:#8b9198;fill:none}.range{fill:#6baed6;fill-opacity:.38;stroke:#6baed6;stroke-width:.6}"
    ".line{fill:none;stroke-width:1.8;stroke-linejoin:round}.ours{stroke:#08519c}"
    ".seen{stroke:#191c1f;stroke-dasharray:5 2.5}.end{font-weight:650}.end.name{font-size:10px;font-weight:400}"
    ".end.ours{fill:#08519c;stroke:none}.end.seen{fill:#191c1f;stroke:none}"
)
"""Dark blue on a light blue range against dashed black: told apart by lightness and dashes, without colour too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayChart:
    """What a chart shows.

    Parameters
    ----------
    name
        Unique in the page.
    finding
        What the chart shows, in a sentence: its alternative text, and its second line.
    series
        day, date, camp, observed, middle, low, high; camps are drawn in their order here, each on a scale of its own.
    """

    name: str
    title: str
    finding: str
    series: pl.DataFrame


def draw_replay(chart: ReplayChart) -> Markup:
    """Draw small multiples by camp as an SVG picture that stands alone."""
    camps = chart.series.partition_by("camp", maintain_order=True)
    lines = _wrap(chart.finding, int(COLUMNS * PANEL[0] / LETTERS))
    head = HEAD + 16.0 * (len(lines) - 1)
    width, height = COLUMNS * PANEL[0], head + math.ceil(len(camps) / COLUMNS) * PANEL[1]
    panels = [
        svg.group(
            {"transform": f"translate({k % COLUMNS * PANEL[0]:g} {head + k // COLUMNS * PANEL[1]:g})"},
            _panel(camp),
        )
        for k, camp in enumerate(camps)
    ]
    drawn = svg.figure(
        (width, height),
        chart.title,
        chart.finding,
        [*_head(chart, lines, width, height), *panels],
        chart.name,
    )
    # Safe: both sides are ours, and `svg.figure` escaped what came from data.
    return Markup(str(drawn).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S704 -- as said above


def _head(chart: ReplayChart, lines: Sequence[str], width: float, height: float) -> list[Markup]:
    # Safe: our own style sheet, no data in it.
    style = svg.element("style", {}, Markup(STYLE))  # noqa: S704 -- the reason stands above
    return [
        style,
        svg.element("rect", {"class": "paper", "width": width, "height": height}),
        svg.element("text", {"class": "title", "x": PLOT[0], "y": 22}, chart.title),
        *(
            svg.element("text", {"class": "finding", "x": PLOT[0], "y": 41 + 16 * k}, line)
            for k, line in enumerate(lines)
        ),
    ]


def _panel(camp: pl.DataFrame) -> list[Markup]:
    top = ceiling(float(max(camp[name].max() or 0 for name in ("observed", "high"))))  # type: ignore[arg-type]  # numbers
    return [
        svg.element("text", {"class": "camp", "x": PLOT[0], "y": 16}, str(camp["camp"][0])),
        *_frame(camp, top),
        *_lines(camp, top),
        *_ends(camp, top),
    ]


def _frame(camp: pl.DataFrame, top: float) -> list[Markup]:
    left, upper, right, bottom = PLOT
    first, last = (date for date in (camp["date"][0], camp["date"][-1]) if isinstance(date, dt.date))
    half = (upper + bottom) / 2
    grid = svg.path([(left, upper), (right, upper)]) + svg.path([(left, half), (right, half)])
    return [
        svg.element("text", {"x": left, "y": upper - 4}, words.amount(top, "people")),
        svg.element("path", {"class": "grid", "d": grid}),
        svg.element("path", {"class": "floor", "d": svg.path([(left, bottom), (right, bottom)])}),
        svg.element("text", {"x": left, "y": bottom + 14}, f"{first:%b %Y}"),
        svg.element("text", {"x": right, "y": bottom + 14, "text-anchor": "end"}, f"{last:%b %Y}"),
    ]


def _lines(camp: pl.DataFrame, top: float) -> list[Markup]:
    step = max(1, camp.height // MOST_POINTS)
    thin = camp.filter((pl.int_range(pl.len()) % step == 0) | (pl.int_range(pl.len()) == pl.len() - 1))
    left, _, right, _ = PLOT
    wide = (right - left) / max(camp.height - 1, 1)
    across = [left + wide * (day - camp["day"][0]) for day in thin["day"]]
    edges = {
        name: list(zip(across, [_level(value, top) for value in thin[name]], strict=True))
        for name in ("low", "high", "middle", "observed")
    }
    band = svg.path([*edges["high"], *reversed(edges["low"])], closed=True)
    return [
        svg.element("path", {"class": "range", "d": band}),
        svg.element("path", {"class": "line ours", "d": svg.path(edges["middle"])}),
        svg.element("path", {"class": "line seen", "d": svg.path(edges["observed"])}),
    ]


def _ends(camp: pl.DataFrame, top: float) -> list[Markup]:
    """Name each line at its end with its last value; two that end together are moved apart."""
    ours, seen = float(camp["middle"][-1]), float(camp["observed"][-1])
    spots = [_level(ours, top), _level(seen, top)]
    if abs(spots[0] - spots[1]) < CLOSE:
        middle = min(max(sum(spots) / 2, PLOT[1] + CLOSE / 2), PLOT[3] - CLOSE / 2)
        sign = -1 if ours >= seen else 1
        spots = [middle + sign * CLOSE / 2, middle - sign * CLOSE / 2]
    found = []
    for kind, value, name, y in (("ours", ours, "simulated", spots[0]), ("seen", seen, "recorded", spots[1])):
        found += [
            svg.element(
                "text", {"class": f"end {kind}", "x": PLOT[2] + 6, "y": y}, words.amount(value, "people")
            ),
            svg.element("text", {"class": f"end {kind} name", "x": PLOT[2] + 6, "y": y + 10}, name),
        ]
    return found


def _level(value: float, top: float) -> float:
    _, upper, _, bottom = PLOT
    return bottom - (bottom - upper) * min(max(value, 0.0), top) / top


def _wrap(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
