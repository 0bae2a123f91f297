"""`asylia consent confirm`: a person goes through proposed statements, one by one."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from asylia.cli.problems import CONTROL
from asylia.consent.confirm import FIELDS, confirmed, edited, obstacles, rejected
from asylia.core.errors import CaseError
from asylia.io.decisions import Decision, keep, record_of
from asylia.io.door import fail
from asylia.io.folder import built_in_cases, find_case
from asylia.io.proposals import StatementFile, read_statements, save_statement, texts_of
from asylia.io.sources import find_texts
from asylia.model.actors import Actor, Pointer, Statement, Term
from asylia.study.check import check_case

WORDS_AROUND = 200
CHOICES = ("accept", "edit", "reject", "skip", "quit")
ASK = "accept, edit, reject, skip or quit? "


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies on the table during a review: where to speak, the texts, what a case knows, and which desk decides."""

    console: Console
    texts: dict[str, str]
    actors: Sequence[Actor] = ()
    terms: Sequence[Term] = ()
    by: str = ""


def confirm(
    target: Annotated[
        str,
        typer.Argument(
            metavar="FILE|CASE", help="A file of proposals, or a case folder with proposed statements."
        ),
    ],
    sources: Annotated[
        Path | None,
        typer.Option(help="Folder with the texts; needed to read the words in place and to confirm."),
    ] = None,
    case: Annotated[
        str, typer.Option(help="Hold a file of proposals against the actors and terms of this case.")
    ] = "",
    by: Annotated[
        str, typer.Option(help="Desk or office that decides, for the record; never the name of a person.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was decided as JSON.")] = False,
) -> None:
    """Go through proposed statements with a person, who accepts, edits or rejects each.

    Every decision is kept at once, and written to a record beside the file; start again to go on where you stopped.
    Answers may come from a pipe.

    Example: asylia consent confirm proposals.toml --sources texts
    """
    held, desk = _open(target, sources, case, Console(highlight=False, stderr=as_json))
    before = Counter(one.status for one in held.statements)
    held = review(held, replace(desk, by=by))
    counts = Counter(one.status for one in held.statements)
    if as_json:
        typer.echo(json.dumps({"ok": True, "file": str(held.path), "statements": dict(counts)}, indent=2))
        return
    done = {name: counts[name] - before[name] for name in ("confirmed", "rejected")}
    typer.echo(
        f"{done['confirmed']} confirmed and {done['rejected']} rejected now; {counts['proposed']} left. "
        f"Kept in {held.path}; who decided what, and when, in {record_of(held.path).name}."
    )


def review(held: StatementFile, desk: Desk) -> StatementFile:
    """Ask about every proposed statement; stops when the answers end."""
    waiting = [one.id for one in held.statements if one.status == "proposed"]
    if not waiting:
        desk.console.print("No statement waits to be confirmed.")
    for number, name in enumerate(waiting, start=1):
        desk.console.print(f"\n[bold]{number} of {len(waiting)}: {_safe(name)}[/bold]")
        held, goes_on = _decide(held, name, desk)
        if not goes_on:
            break
    return held


def _decide(held: StatementFile, name: str, desk: Desk) -> tuple[StatementFile, bool]:
    """Ask about one statement until it is decided or skipped; an edit is kept even if nothing is decided."""
    statement = next(one for one in held.statements if one.id == name)
    _show(desk, statement, held)
    while True:
        choice, rest = _choice(_ask(desk, ASK))
        if choice in ("skip", "quit"):
            return held, choice == "skip"
        if choice == "reject":
            return _keep(held, rejected(statement), desk, "rejected"), True
        if choice == "accept" and _may_be_confirmed(held, statement, desk):
            return _keep(held, confirmed(statement), desk, "confirmed"), True
        if choice == "edit":
            before, statement = statement, _edit(desk, statement, rest)
            held = _keep(held, statement, desk, "edited") if statement != before else held
        elif choice not in CHOICES:
            desk.console.print(f"  Say one of {', '.join(CHOICES)}; the first letter is enough.")


def _keep(held: StatementFile, statement: Statement, desk: Desk, decision: str) -> StatementFile:
    """Put a decision into the file, then into the record."""
    after = save_statement(held, statement)
    keep(held.path, Decision.of(statement, decision, desk.by))
    return after


def _may_be_confirmed(held: StatementFile, statement: Statement, desk: Desk) -> bool:
    passages = [_passage(pointer, desk) for pointer in statement.evidence]
    others = [one for one in held.statements if one.id != statement.id]
    found = obstacles(statement, passages, actors=desk.actors, terms=desk.terms, others=others)
    for problem in found:
        desk.console.print(f"  Not yet: {_safe(str(problem))}")
    return not found


def _edit(desk: Desk, statement: Statement, rest: str) -> Statement:
    """Change a field: `edit speaker The minister`, or `edit` and answer."""
    name, _, value = rest.partition(" ")
    name = name or _ask(desk, f"  which of {', '.join(FIELDS)}? ").strip()
    field = next((one for one in FIELDS if name and one.startswith(name)), name)
    value = value or _ask(desk, f"  {field}: ").strip()
    try:
        changed = edited(statement, field, value)
    except CaseError as error:
        for problem in error.problems:
            desk.console.print(f"  {_safe(str(problem))}")
        return statement
    _show_fields(desk, changed)
    return changed


def _show(desk: Desk, statement: Statement, held: StatementFile) -> None:
    for pointer in statement.evidence:
        text = desk.texts.get(pointer.source)
        if text is None:
            desk.console.print(
                f"  {_safe(pointer.source)}: the text is not at hand. “{_safe(pointer.words)}”"
            )
            continue
        before = text[max(0, pointer.start - WORDS_AROUND) : pointer.start]
        behind = text[pointer.end : pointer.end + WORDS_AROUND]
        inside = _safe(text[pointer.start : pointer.end])
        desk.console.print(f"  [dim]{_safe(before)}[/dim][bold]{inside}[/bold][dim]{_safe(behind)}[/dim]")
    _show_fields(desk, statement)
    told = held.suggestions.get(statement.id, {})
    if told:
        hint = f" Named as speaking before: {told['named_before']}." if told.get("named_before") else ""
        terms = ", ".join(map(str, told.get("terms", []))) or "none"
        there = (
            f" The case has these words in {', '.join(map(str, told['in_case']))}."
            if told.get("in_case")
            else ""
        )
        desk.console.print(
            f"  [dim]{_safe(told.get('reason', ''))}{_safe(hint)} May touch: {_safe(terms)}.{_safe(there)}[/dim]"
        )


def _show_fields(desk: Desk, statement: Statement) -> None:
    pointer = statement.evidence[0] if statement.evidence else None
    told = {
        "speaker": pointer.speaker if pointer else "",
        "actor": statement.actor,
        "mode": pointer.mode if pointer else "",
        "force": statement.force,
        "expression": statement.expression or "(none)",
        "summary": statement.summary,
        "same_as": statement.same_as,
    }
    for name, value in told.items():
        if value:
            desk.console.print(f"  {name:<11}{_safe(value)}")


def _open(target: str, sources: Path | None, case: str, console: Console) -> tuple[StatementFile, Desk]:
    path = Path(target)
    if path.is_file():
        held = read_statements(path)
        known = check_case(find_case(case)) if case else None
        texts = texts_of(held, sources)
    elif target in built_in_cases():
        raise fail(
            target, "is a file or folder of your own", "Copy the case first; what ships is not changed."
        )
    else:
        folder = find_case(target)
        known = check_case(folder)
        held = read_statements(folder / "statements.toml")
        named = {pointer.source for one in held.statements for pointer in one.evidence}
        texts = find_texts(known.sources, named, sources)[0] if sources else {}
    actors, terms = (known.actors, known.terms) if known else ((), ())
    return held, Desk(console=console, texts=texts, actors=actors, terms=terms)


def _passage(pointer: Pointer, desk: Desk) -> str | None:
    text = desk.texts.get(pointer.source)
    return None if text is None else text[pointer.start : pointer.end]


def _ask(desk: Desk, words: str) -> str:
    """Read one line of answer; empty when the answers end."""
    desk.console.print(words, end="")
    return sys.stdin.readline() or "quit"


def _choice(answer: str) -> tuple[str, str]:
    word, _, rest = answer.strip().partition(" ")
    chosen = next((one for one in CHOICES if word and one.startswith(word.casefold())), "?")
    return chosen, rest.strip()


def _safe(text: Any) -> str:
    """Make words of a file harmless on a terminal."""
    return escape(CONTROL.sub("\ufffd", str(text).replace("\n", " ")))
