"""Tables and progress on the terminal: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, cast

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from asylia.core.errors import PlanError, Problem, nearest
from asylia.model.findings import Findings
from asylia.move.step import ORDER
from asylia.report import write_report
from asylia.report.words import amount, span
from asylia.study.conductor import Progress as Tell

AUDIENCES = ("public", "partners")
HEADLINES = (
    ("sheltered", "in zones"),
    ("without_shelter", "without shelter"),
    ("refused_or_trapped", "refused or trapped"),
    ("wanted_to_cross", "wanted to cross, could not"),
    ("exposure_2_km", "person-days exposed (2 km)"),
    ("overrun_52_weeks", "a zone overrun in 52 weeks"),
    ("cost_usd", "cost"),
)


def check_audience(audience: str) -> None:
    """Raise `PlanError` for an audience that does not exist."""
    if audience not in AUDIENCES:
        mend = nearest(audience, AUDIENCES) or "Use public or partners."
        must = "is public or partners"
        raise PlanError(
            [Problem(file="the command", column="audience", value=audience, must=must, mend=mend)]
        )


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """Show a bar on standard error while a study runs; nothing if all is finished already."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Running plans", total=None)

        def tell(finished: int, total: int) -> None:
            bar.update(task, completed=finished, total=total)

        yield tell


def write(findings: Findings, folder: Path, audience: str, *, hxl: bool) -> Path:
    """Write the report and return the page."""
    files = write_report(findings, folder, audience=cast("Literal['public', 'partners']", audience), hxl=hxl)
    return next(path for path in files if path.suffix == ".html")


def show_findings(findings: Findings, *, page: Path | None, record: Path, as_json: bool) -> None:
    """Print the comparison: every plan beside no zone, three sentences, and where the report is."""
    if as_json:
        print(json.dumps(_as_json(findings, page, record), indent=2, ensure_ascii=False))
        return
    console = Console()
    console.print(_table(findings))
    for sentence in findings.sentences.values():
        if sentence:
            console.print(sentence)
    console.print("[dim]Middle of the members; 90 % range beneath. Asylia calls no zone safe.[/dim]")
    if page is not None:
        console.print(f"Report: {page}", soft_wrap=True, highlight=False)
    console.print(f"Study: {record}", soft_wrap=True, highlight=False)


def show_verdict(findings: Findings, plan: str, *, as_json: bool) -> None:
    """Print every criterion of one plan beside no zone."""
    rows = findings.verdict.filter(pl.col("plan") == plan)
    if as_json:
        print(json.dumps({"plan": plan, "criteria": _criteria(findings, plan)}, indent=2, ensure_ascii=False))
        return
    names = {criterion.id: criterion.name for criterion in findings.criteria}
    none = {row["criterion"]: row for row in _of(findings, "none")}
    table = Table("criterion", "unit", "no zone", findings_title(findings, plan), title=findings.case.title)
    for row in rows.iter_rows(named=True):
        name = row["criterion"]
        table.add_row(names[name], row["unit"], _cell(none[name], "\n"), _cell(row, "\n"))
    Console().print(table)


def show_order() -> None:
    """Print the order of a simulated day."""
    for number, step in enumerate(ORDER, start=1):
        print(f"{number:2d}. {step}")


def findings_title(findings: Findings, plan: str) -> str:
    """Return a plan's title."""
    return next(each.title for each in findings.plans if each.id == plan)


def _of(findings: Findings, plan: str) -> list[dict[str, object]]:
    return list(findings.verdict.filter(pl.col("plan") == plan).iter_rows(named=True))


def _cell(row: dict[str, object], between: str) -> str:
    low, middle, high = (cast("float | None", row[name]) for name in ("low", "middle", "high"))
    unit = str(row["unit"])
    if middle is None:
        return "–"
    around = span(low, high, unit)
    return amount(middle, unit, low, high) + (f"{between}[dim]{around}[/dim]" if around else "")


def _table(findings: Findings) -> Table:
    title = f"{findings.case.title}: {findings.manifest['members']} members, {findings.manifest['days']} days"
    table = Table(title=title, show_lines=True)
    table.add_column("plan")
    for _, label in HEADLINES:
        table.add_column(label)
    table.add_column("refuses")
    for plan in findings.plans:
        rows = {str(row["criterion"]): row for row in _of(findings, plan.id)}
        refusing = [c.actor_name for c in findings.consent if c.plan == plan.id and c.position == "refuses"]
        cells = [_cell(rows[name], "\n") for name, _ in HEADLINES]
        table.add_row(plan.title, *cells, ", ".join(refusing) or "nobody, as stated")
    return table


def _criteria(findings: Findings, plan: str) -> dict[str, object]:
    keep = (
        "unit",
        "low",
        "middle",
        "high",
        "difference_low",
        "difference_middle",
        "difference_high",
        "share_better",
    )
    return {str(row["criterion"]): {name: row[name] for name in keep} for row in _of(findings, plan)}


def _as_json(findings: Findings, page: Path | None, record: Path) -> dict[str, object]:
    refusing = {
        plan.id: [c.actor for c in findings.consent if c.plan == plan.id and c.position == "refuses"]
        for plan in findings.plans
    }
    return {
        "plans": {
            plan.id: {
                "title": plan.title,
                "refuses": refusing[plan.id],
                "criteria": _criteria(findings, plan.id),
            }
            for plan in findings.plans
        },
        "sentences": dict(findings.sentences),
        "manifest": dict(findings.manifest),
        "report": str(page) if page else None,
        "study": str(record),
    }
