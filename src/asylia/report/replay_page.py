"""A page of scores on recorded conflicts: one table, what it means, and a chart per conflict; it stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import jinja2
from markupsafe import Markup

from asylia.report.page import TEMPLATES
from asylia.report.replay_chart import ReplayChart, draw_replay

STYLE: Final = "report.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePage:
    """What the page says.

    Parameters
    ----------
    columns
        Heads of the table of scores; the first column names conflicts, the others hold numbers.
    rows
        Cells of the table as text, the mean of the conflicts last.
    best
        For each row, the columns of the lowest score among ours and the naive rules: shown in bold.
    notes
        Sentences, the most important first.
    command
        What was typed.
    charts
        Each with the name of its files, without suffix.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    best: Sequence[int]
    notes: Sequence[str]
    command: str
    version: str
    charts: Sequence[tuple[str, ReplayChart]]


def write_score_page(page: ScorePage) -> str:
    """Return the page as HTML: no scripts, no requests, everything from data escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (TEMPLATES / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Safe: our own style sheet, no data in it.
    style = Markup((TEMPLATES / STYLE).read_text(encoding="utf-8"))  # noqa: S704 -- the reason stands above
    drawn = [(file, chart.title, draw_replay(chart)) for file, chart in page.charts]
    return environment.get_template("displacement.html").render(page=page, style=style, drawn=drawn)
