"""The page on consent on a terminal: each plan against those who have spoken, then what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from asylia.model.agreement import Agreement, PlanBrief
from asylia.model.findings import ConsentCell, ConsentLine
from asylia.model.plan import Plan

DECIDING: Final = ("hard", "red_line")
SHORT: Final = {"nothing stated against it": "nothing against"}


def show_page(
    console: Console, plans: Sequence[Plan], cells: Sequence[ConsentCell], agreement: Agreement | None
) -> None:
    """Print where those who have spoken stand on each plan, by their own words, and what would change it."""
    console.print("No zone (none): nothing is set up, so nobody is asked.")
    for plan in plans:
        _show_plan(console, plan, [cell for cell in cells if cell.plan == plan.id])
    if agreement is not None:
        _show_changes(console, agreement)
        _show_questions(console, agreement)
        _show_holding(console, agreement)
        console.print(f"\n{escape(agreement.brief.not_asked)} {escape(agreement.brief.unconfirmed)}")
    console.print("\nNothing stated against a plan is not consent. Unconfirmed statements never decide.")


def _say(console: Console, text: str, indent: int = 2) -> None:
    """Print a paragraph whose every line keeps its indent."""
    console.print(Padding(text, (0, 0, 0, indent)))


def _show_plan(console: Console, plan: Plan, cells: Sequence[ConsentCell]) -> None:
    console.print(f"\n[bold]{escape(plan.title)}[/bold] ({plan.id})")
    spoken = [cell for cell in cells if cell.floor or any(_counts(line) for line in cell.lines)]
    for cell in spoken:
        _show_cell(console, cell)
    silent = [cell.actor_name for cell in cells if cell not in spoken]
    if silent:
        names = escape(", ".join(silent))
        _say(console, f"[bold]cannot say[/bold]  No confirmed statement is on record of: [dim]{names}[/dim]")


def _counts(line: ConsentLine) -> bool:
    return line.status == "confirmed" and line.force not in ("opinion", "report")


def _show_cell(console: Console, cell: ConsentCell) -> None:
    veto = " (can stop it)" if cell.has_veto else ""
    stand = SHORT.get(cell.position, cell.position)
    _say(console, f"[bold]{stand}[/bold]  {escape(cell.actor_name)}{veto}. {escape(cell.reason)}")
    for line in cell.lines:
        if _counts(line) and line.force in DECIDING:
            _say(console, f"{line.standing}: {_pointer(line)}", 6)
    wishes = [line for line in cell.lines if _counts(line) and line.force not in DECIDING]
    for standing in ("unmet", "contested"):
        own = "; ".join(_pointer(line) for line in wishes if line.standing == standing)
        if own:
            _say(console, f"[dim]wishes {standing}, which never decide: {own}[/dim]", 6)
    for kept in cell.floor:
        _say(console, f"{kept.standing}: {escape(f'{kept.name} ({kept.basis})')}", 6)


def _pointer(line: ConsentLine) -> str:
    """Write the words a statement rests on, and where they stand."""
    said = f", {line.said}" if line.said else ""
    return escape(f"{line.statement} “{line.words}” ({line.speaker}, {line.mode}{said}, {line.source})")


def _show_changes(console: Console, agreement: Agreement) -> None:
    console.print("\n[bold]The smallest change[/bold]")
    for plan in agreement.brief.plans:
        _say(console, f"[bold]{escape(plan.title)}[/bold]: {plan.verdict}. {escape(plan.proof)}")
        _show_way(console, plan)
        if plan.giving_up:
            _say(console, f"[dim]{escape(plan.giving_up)}[/dim]", 6)
    console.print("\n[bold]What agreement shares[/bold]")
    _say(console, escape(agreement.brief.shared.sentence))
    for name, values in agreement.brief.shared.one_of:
        _say(console, escape(f"{name}: one of {', '.join(values)}"), 6)


def _show_way(console: Console, plan: PlanBrief) -> None:
    """Print the first way, with who would have to change."""
    for change in plan.ways[0] if plan.ways else ():
        who = f"; settled by {', '.join(change.who)}" if change.who else ""
        floor = "; asked by the protection floor" if change.for_floor else ""
        after = f"[bold]{escape(change.after)}[/bold]"
        _say(
            console,
            f"{escape(f'{change.name}: {change.before}')} -> {after}[dim]{escape(who + floor)}[/dim]",
            6,
        )


def _show_questions(console: Console, agreement: Agreement) -> None:
    console.print("\n[bold]The questions that matter most[/bold]")
    for number, asked in enumerate(agreement.brief.questions, start=1):
        _say(console, f"{number}. {escape(asked.question)}")
        for answer, changes in asked.answers:
            _say(console, f"{escape(answer)}: [dim]{escape(changes)}[/dim]", 6)


def _show_holding(console: Console, agreement: Agreement) -> None:
    """Print the four answers of each plan with a zone, and history once."""
    console.print("\n[bold]Would it hold[/bold] (four answers, never multiplied)")
    for held in agreement.holds:
        for name in ("margin", "stability", "worlds"):
            _say(console, f"{held.plan}, {name}: {escape(getattr(held, name))}")
    if agreement.holds:
        _say(console, f"past: {escape(agreement.holds[0].past)}")
