"""Tables and progress on the terminal: results on standard output, everything else on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Literal, cast

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from asylia.cli.json_text import json_text
from asylia.core.errors import PlanError, Problem, nearest
from asylia.model.findings import Findings
from asylia.move import step
from asylia.move.flee import order as flee
from asylia.report import write_report
from asylia.report.words import amount, floor_in_short, span
from asylia.study.conductor import Progress as Tell

AUDIENCES = ("public", "partners")


def check_audience(audience: str) -> None:
    """Raise `PlanError` for an audience that does not exist."""
    if audience not in AUDIENCES:
        mend = nearest(audience, AUDIENCES) or "Use public or partners."
        must = "is public or partners"
        raise PlanError(
            [Problem(file="the command", column="audience", value=audience, must=must, mend=mend)]
        )


@contextmanager
def progress_bar(what: str = "Running plans") -> Iterator[Tell]:
    """Show a bar on standard error while a study runs; nothing if all is finished already."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

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
        print(json_text(_as_json(findings, page, record)))
        return
    console = Console(highlight=False)
    console.print(
        f"[bold]{findings.case.title}[/bold], {findings.manifest['members']} members, "
        f"{findings.manifest['days']} days from {findings.case.first}\n"
    )
    for criterion in findings.criteria:
        if criterion.headline:
            console.print(f"[bold]{criterion.name}[/bold] ({criterion.unit})")
            console.print(_comparison(findings, criterion.id))
    console.print("[bold]Who refuses, as stated[/bold]")
    console.print(_refusals(findings))
    for line in _floor(findings):
        console.print(line)
    for sentence in _said(findings):
        console.print(sentence, markup=False)
    console.print(
        "[dim]Middle of the members (of chances the mean), then the 90 % range. Asylia calls no zone safe.[/dim]"
    )
    if page is not None:
        console.print(f"Report: {page}", soft_wrap=True, highlight=False)
    console.print(f"Study: {record}", soft_wrap=True, highlight=False)


def _said(findings: Findings) -> list[str]:
    """Return what a comparison says in sentences: its three, how far its movements can be trusted, and counts taken in."""
    movement = findings.movement
    three = [sentence for sentence in findings.sentences.values() if sentence]
    skill = [f"How far to trust where people go: {told}" for told in movement.get("skill_here", ())[:1]]
    return [*three, *skill, *movement.get("counts", ())]


def show_verdict(findings: Findings, plan: str, *, as_json: bool) -> None:
    """Print every criterion of one plan beside no zone."""
    rows = findings.verdict.filter(pl.col("plan") == plan)
    if as_json:
        print(json_text({"plan": plan, "criteria": _criteria(findings, plan)}))
        return
    names = {criterion.id: criterion.name for criterion in findings.criteria}
    none = {row["criterion"]: row for row in _of(findings, "none")}
    table = Table("criterion", "unit", "no zone", findings_title(findings, plan), title=findings.case.title)
    for row in rows.iter_rows(named=True):
        name = row["criterion"]
        table.add_row(names[name], row["unit"], _cell(none[name], "\n"), _cell(row, "\n"))
    Console().print(table)


def show_order() -> None:
    """Print the order of a simulated day, by each set of rules."""
    for title, order in (("Asylia's own rules", step.ORDER), ("The published rules (flee)", flee.ORDER)):
        print(title)
        for number, what in enumerate(order, start=1):
            print(f"{number:2d}. {what}")


def findings_title(findings: Findings, plan: str) -> str:
    """Return a plan's title."""
    return next(each.title for each in findings.plans if each.id == plan)


def _of(findings: Findings, plan: str) -> list[dict[str, object]]:
    return list(findings.verdict.filter(pl.col("plan") == plan).iter_rows(named=True))


def _cell(row: dict[str, object], between: str) -> str:
    low, middle, high = (cast("float | None", row[name]) for name in ("low", "middle", "high"))
    unit = str(row["unit"])
    if middle is None:
        return "-"
    around = span(low, high, unit)
    return amount(middle, unit, low, high) + (f"{between}[dim]{around}[/dim]" if around else "")


def _comparison(findings: Findings, criterion: str) -> Table:
    """Put one criterion of every plan under one another: title, middle, range, and what members say against no zone."""
    titles = {plan.id: plan.title for plan in findings.plans}
    table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
    table.add_column(width=1)
    for width, justify in ((36, "left"), (14, "right"), (24, "left")):
        table.add_column(width=width, justify=cast("Literal['left', 'right']", justify), overflow="fold")
    for row in findings.verdict.filter(pl.col("criterion") == criterion).iter_rows(named=True):
        low, middle, high, unit = row["low"], row["middle"], row["high"], row["unit"]
        said = amount(middle, unit, low, high) if middle is not None else "does not apply"
        around = span(low, high, unit)
        table.add_row("", titles[row["plan"]], said, f"[dim]{around}[/dim]" if around else "")
    return table


def _refusals(findings: Findings) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
    for width in (1, 36, 38):
        table.add_column(width=width, overflow="fold")
    for plan in findings.plans:
        refusing = [c.actor_name for c in findings.consent if c.plan == plan.id and c.position == "refuses"]
        table.add_row("", plan.title, ", ".join(refusing) or "nobody has, which is not consent")
    return table


def _floor(findings: Findings) -> list[str]:
    """Say which plans trade a protection term away, or leave one open; nothing if the case has no floor."""
    told = {
        plan.id: floor_in_short(tuple(asdict(line) for line in cell.floor))
        for plan in findings.plans
        for cell in findings.consent
        if cell.plan == plan.id and cell.floor
    }
    return [f"{findings_title(findings, plan)}: {words}." for plan, words in told.items() if words]


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
                "protection_floor": {
                    line.id: line.standing
                    for cell in findings.consent
                    if cell.plan == plan.id
                    for line in cell.floor
                },
                "criteria": _criteria(findings, plan.id),
            }
            for plan in findings.plans
        },
        "sentences": dict(findings.sentences),
        "movement": {name: list(said) for name, said in findings.movement.items()},
        "manifest": dict(findings.manifest),
        "report": str(page) if page else None,
        "study": str(record),
    }
