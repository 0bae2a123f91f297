"""A picture of what must be ordered and needed when: one line a thing, the time it takes to come, and when more of it is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from asylia.report import svg, words

WIDTH: Final = 900.0
LEFT: Final = 232.0
RIGHT: Final = 690.0
ROW: Final = 17.0
TOP: Final = 30.0
MARK: Final = 5.5
"""Radius of the mark where all of a thing is needed at once, pixels."""
SMALLEST: Final = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One thing to bring.

    Parameters
    ----------
    order_by, needed_by
        Last day to order the first of it, and the day it is first needed.
    batches
        Days on which more is needed, with the share of all of it.
    said
        How much in all, in words.
    """

    name: str
    order_by: dt.date
    needed_by: dt.date
    batches: tuple[tuple[dt.date, float], ...]
    said: str


def chart(name: str, title: str, bars: Sequence[Bar], first: dt.date, last: dt.date) -> Markup:
    """Draw bars from order to first need, and dots where more is needed; an order before the first day is drawn hollow.

    Parameters
    ----------
    first, last
        First and last day of the study; the axis begins earlier where an order has to.
    """
    if not bars:
        return Markup("")
    start = min(first, *(bar.order_by for bar in bars))
    scale = _Scale(start=start, days=max((last - start).days, 1))
    height = TOP + ROW * len(bars) + 8
    marks = [
        _axis(scale, first, last, height),
        *(_bar(bar, row, scale, first) for row, bar in enumerate(bars)),
    ]
    return svg.figure((WIDTH, height), title, _finding(bars, first), marks, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    start: dt.date
    days: int

    def x(self, day: dt.date) -> float:
        return LEFT + (RIGHT - LEFT) * min(max((day - self.start).days / self.days, 0.0), 1.0)


def _finding(bars: Sequence[Bar], first: dt.date) -> str:
    earliest = min(bars, key=lambda bar: bar.order_by)
    late = sum(bar.order_by < first for bar in bars)
    said = f"The first order is {earliest.name.lower()}, by {words.day(earliest.order_by)}."
    if late:
        said += (
            f" {late} of {len(bars)} would have to be ordered before the study begins on {words.day(first)}."
        )
    return said


def _axis(scale: _Scale, first: dt.date, last: dt.date, height: float) -> Markup:
    months = _months(scale.start, last)
    every = max(1, -(-len(months) // 9))
    parts = []
    for at, day in enumerate(months):
        x = scale.x(day)
        parts.append(svg.element("path", {"class": "grid", "d": svg.path([(x, TOP - 4), (x, height)])}))
        if at % every == 0:
            text = f"{day:%b}" + (f" {day.year}" if at == 0 or day.month <= every else "")
            parts.append(svg.element("text", {"x": x, "y": TOP - 10, "text-anchor": "middle"}, text))
    x = scale.x(first)
    parts.append(svg.element("path", {"class": "today", "d": svg.path([(x, TOP - 4), (x, height)])}))
    parts.append(svg.element("text", {"x": RIGHT + 12, "y": TOP - 10, "class": "soft"}, "needed in all"))
    return svg.group({"class": "axis-months"}, parts)


def _months(start: dt.date, last: dt.date) -> list[dt.date]:
    found, day = [], start.replace(day=1)
    while day <= last:
        if day >= start:
            found.append(day)
        day = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return found


def _bar(bar: Bar, row: int, scale: _Scale, first: dt.date) -> Markup:
    y = TOP + ROW * row + ROW / 2
    is_late = bar.order_by < first
    begin, end = scale.x(bar.order_by), scale.x(bar.needed_by)
    parts = [
        svg.element("text", {"x": LEFT - 10, "y": y + 4, "text-anchor": "end"}, bar.name),
        svg.element(
            "rect",
            {
                "class": "lead late" if is_late else "lead",
                "x": begin,
                "y": y - 3.5,
                "width": max(end - begin, 1.0),
                "height": 7,
            },
        ),
    ]
    parts += [
        svg.element(
            "circle", {"class": "batch", "cx": scale.x(day), "cy": y, "r": max(MARK * share**0.5, SMALLEST)}
        )
        for day, share in bar.batches
        if share > 0
    ]
    parts.append(svg.element("text", {"x": RIGHT + 12, "y": y + 4, "class": "soft"}, bar.said))
    return svg.group({}, parts)
