"""Small charts: a dot and a bar for a table cell, panels of weeks, bars for shares."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from markupsafe import Markup

from asylia.report import svg, words

CELL: Final = (120.0, 12.0)
PANEL: Final = (210.0, 118.0)
PLOT: Final = (4.0, 14.0, 140.0, 98.0)
"""Left, top, right, bottom of the plot inside a panel; names and values of the lines stand right of it."""
CLOSE: Final = 11.0
"""Least distance between two names of lines, pixels."""


def ceiling(highest: float) -> float:
    """Return a round number just above the highest value: the end of a scale.

    >>> [ceiling(h) for h in (798_000, 3.83e6, 0)]
    [800000.0, 4000000.0, 1.0]
    """
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if power * step >= highest)


def dot_and_bar(
    low: float | None, middle: float | None, high: float | None, reference: float | None, top: float
) -> Markup:
    """Draw a range as a thin bar with a dot on a scale from zero to `top`; the tick is `no zone`."""
    if middle is None or top <= 0:
        return Markup("")
    left, right, y = 3.0, CELL[0] - 3.0, CELL[1] / 2
    at = [left + (right - left) * min(max(value or 0.0, 0.0), top) / top for value in (low, middle, high)]
    parts = [
        svg.element("path", {"class": "axis", "d": svg.path([(left, y), (right, y)])}),
        svg.element("path", {"class": "range", "d": svg.path([(at[0], y), (at[2], y)])}),
    ]
    if reference is not None:
        x = left + (right - left) * min(max(reference, 0.0), top) / top
        parts.append(
            svg.element("path", {"class": "reference", "d": svg.path([(x, 0.5), (x, CELL[1] - 0.5)])})
        )
    parts.append(svg.element("circle", {"class": "dot", "cx": at[1], "cy": y, "r": 2.8}))
    size = f"0 0 {CELL[0]:g} {CELL[1]:g}"
    return svg.element("svg", {"viewBox": size, "class": "cell", "aria-hidden": "true"}, *parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One plan against no zone in one measure.

    Parameters
    ----------
    top
        Upper end of the scale, shared by the panels of a measure.
    """

    name: str
    title: str
    description: str
    unit: str
    top: float
    plan: pl.DataFrame
    none: pl.DataFrame


def panel(shown: Panel) -> Markup:
    """Draw weeks: the plan with its 90 % band, no zone in grey, each line named with its last value."""
    children = [
        *_frame(shown),
        *_lines(shown.none, shown.top, "none"),
        *_lines(shown.plan, shown.top, "plan"),
        *_ends(shown),
    ]
    return svg.figure(PANEL, shown.title, shown.description, children, shown.name)


def share_bar(parts: Sequence[tuple[str, float]], width: float = 180.0) -> Markup:
    """Draw shares of a whole side by side; each part has a class of its own, and its number beside it."""
    whole = sum(size for _, size in parts) or 1.0
    x, shapes = 0.0, []
    for kind, size in parts:
        wide = width * size / whole
        shapes.append(
            svg.element("rect", {"class": f"part {kind}", "x": x, "y": 1, "width": wide, "height": 10})
        )
        x += wide
    return svg.element(
        "svg", {"viewBox": f"0 0 {width:g} 12", "class": "shares", "aria-hidden": "true"}, *shapes
    )


def pull(correlation: float) -> Markup:
    """Draw a correlation from -1 to 1 as a bar from the middle."""
    x = 60 + 56 * correlation
    shapes = [
        svg.element("path", {"class": "reference", "d": "M60 0V12"}),
        svg.element(
            "path", {"class": "range" if correlation >= 0 else "range less", "d": svg.path([(60, 6), (x, 6)])}
        ),
        svg.element(
            "circle", {"class": "dot" if correlation >= 0 else "dot less", "cx": x, "cy": 6, "r": 2.8}
        ),
    ]
    return svg.element("svg", {"viewBox": "0 0 120 12", "class": "cell", "aria-hidden": "true"}, *shapes)


def _frame(shown: Panel) -> list[Markup]:
    left, top, right, bottom = PLOT
    first, last = shown.none["date"].min(), shown.none["date"].max()
    dates = [f"{date:%b %Y}" for date in (first, last) if isinstance(date, dt.date)]
    texts = [
        svg.element("text", {"x": left, "y": top - 4, "class": "scale"}, words.amount(shown.top, shown.unit)),
        svg.element("text", {"x": left, "y": bottom + 13, "class": "scale"}, dates[0] if dates else ""),
        svg.element(
            "text",
            {"x": right, "y": bottom + 13, "class": "scale", "text-anchor": "end"},
            dates[-1] if dates else "",
        ),
    ]
    lines = svg.path([(left, top), (right, top)]) + svg.path(
        [(left, (top + bottom) / 2), (right, (top + bottom) / 2)]
    )
    floor = svg.element("path", {"class": "floor", "d": svg.path([(left, bottom), (right, bottom)])})
    return [svg.element("path", {"class": "grid", "d": lines}), floor, *texts]


def _lines(weeks: pl.DataFrame, top: float, kind: str) -> list[Markup]:
    if weeks.is_empty():
        return []
    left, _, right, _ = PLOT
    wide = (right - left) / max(weeks.height - 1, 1)
    across = [left + wide * k for k in range(weeks.height)]
    levels = {name: [_level(value, top) for value in weeks[name]] for name in ("low", "middle", "high")}
    upper, lower = (
        list(zip(across, levels["high"], strict=True)),
        list(zip(across, levels["low"], strict=True)),
    )
    return [
        svg.element(
            "path", {"class": f"band {kind}", "d": svg.path([*upper, *reversed(lower)], closed=True)}
        ),
        svg.element(
            "path", {"class": f"line {kind}", "d": svg.path(zip(across, levels["middle"], strict=True))}
        ),
    ]


def _ends(shown: Panel) -> list[Markup]:
    """Name each line at its end; two that end together are moved apart."""
    last = {kind: _last(frame) for kind, frame in (("plan", shown.plan), ("none", shown.none))}
    spots = {kind: _level(value, shown.top) for kind, (value, _) in last.items()}
    gap = spots["plan"] - spots["none"]
    if abs(gap) < 2 * CLOSE:
        middle = min(max((spots["plan"] + spots["none"]) / 2, PLOT[1] + CLOSE), PLOT[3] - CLOSE)
        sign = -1 if gap <= 0 else 1
        spots = {"plan": middle + sign * CLOSE, "none": middle - sign * CLOSE}
    names = {"plan": "this plan", "none": "no zone"}
    found = []
    for kind, y in spots.items():
        found += [
            svg.element("text", {"class": f"end {kind}", "x": PLOT[2] + 6, "y": y - 1}, last[kind][1]),
            svg.element("text", {"class": f"end {kind} name", "x": PLOT[2] + 6, "y": y + 9}, names[kind]),
        ]
    return found


def _last(weeks: pl.DataFrame) -> tuple[float, str]:
    if weeks.is_empty():
        return 0.0, words.UNKNOWN
    row = weeks.row(-1, named=True)
    if row["middle"] is None:
        return 0.0, words.FEW
    return float(row["middle"]), words.amount(row["middle"], row["unit"], row["low"], row["high"])


def _level(value: float | None, top: float) -> float:
    _, high, _, low = PLOT
    return low - (low - high) * min(max(value or 0.0, 0.0), top) / top if top > 0 else low
