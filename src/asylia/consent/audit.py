"""Hold every actor's statements against one plan: who refuses, who has said nothing against it, who cannot be told.

Only confirmed statements that are hard or a red line decide. Everything else is shown beside them and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from asylia.consent.check import check_statements
from asylia.consent.expressions import ExpressionError, parse
from asylia.consent.floor import floor_lines
from asylia.consent.logic import contradict, evaluate
from asylia.consent.nodes import names
from asylia.model.actors import Actor, Floor, Statement, Term
from asylia.model.agreement import FloorLine
from asylia.model.findings import ConsentCell, ConsentLine, Position, Standing
from asylia.model.plan import NO_ZONE, Plan

__all__ = ["check_statements", "current", "positions", "standing_of"]

DECIDING: Final = ("hard", "red_line")
LAID_ASIDE: Final = ("superseded", "rejected")
DISPLACED: Final = "displaced_people"
NOT_ASKED: Final = Actor(id="displaced-people", name="Displaced people", kind=DISPLACED)
"""Stands in where a case names no actor for the people concerned, so that their silence is seen."""


def positions(
    plan: Plan,
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    terms: Sequence[Term],
    floor: Sequence[Floor] = (),
) -> tuple[ConsentCell, ...]:
    """Say where each actor stands on one plan, and by which of its own words.

    An actor *refuses* if a confirmed hard statement or red line is not met, in every reading of it. It is *contested* if
    readings differ on that, or two confirmed statements of the actor can never both be met. It *cannot* be *said* if
    there is no confirmed hard statement, or one turns on a term the plan leaves open. Otherwise there is *nothing stated
    against it*, which is not consent.

    Parameters
    ----------
    floor
        Protection terms no package may trade away; they stand in the row of the displaced people and change no position.

    Returns
    -------
    One cell per actor, in order. The displaced people always have a row, last if the case gives them none. Lines of a
    cell: confirmed statements by rank, then those not confirmed. Superseded and rejected statements are left out.
    """
    everyone = list(actors)
    if not any(actor.kind == DISPLACED for actor in everyone):
        everyone.append(NOT_ASKED)
    standing = tuple(current(statements))
    kept = floor_lines(plan, floor, terms)
    return tuple(
        _with_floor(
            _cell(plan, actor, [s for s in standing if s.actor == actor.id], tuple(terms)), actor, kept
        )
        for actor in everyone
    )


def current(statements: Sequence[Statement]) -> list[Statement]:
    """Leave out statements that were rejected, or superseded by their own status or by a confirmed later one."""
    replaced = {s.supersedes for s in statements if s.status == "confirmed" and s.supersedes}
    return [s for s in statements if s.status not in LAID_ASIDE and s.id not in replaced]


def standing_of(
    statement: Statement, plan: Plan, clashing: frozenset[str], terms: Mapping[str, Term]
) -> Standing:
    """Hold one statement against a plan, in all its readings.

    Parameters
    ----------
    clashing
        Ids of statements that another confirmed one of the same actor contradicts.
    """
    if statement.id in clashing:
        return "contested"
    outcomes = {_outcome(text, plan, terms) for text in (statement.expression, *statement.alternatives)}
    if outcomes == {True}:
        return "met"
    if outcomes == {False}:
        return "unmet"
    return "contested" if False in outcomes else "unknown"


def _with_floor(cell: ConsentCell, actor: Actor, kept: tuple[FloorLine, ...]) -> ConsentCell:
    if actor.kind != DISPLACED or not kept:
        return cell
    return replace(cell, floor=kept)


def _cell(plan: Plan, actor: Actor, said: list[Statement], terms: tuple[Term, ...]) -> ConsentCell:
    if plan.id == NO_ZONE:
        return _make(plan, actor, "nothing stated against it", "There is no zone to consent to.", ())
    by_id = {term.id: term for term in terms}
    said = sorted(said, key=lambda s: (s.status != "confirmed", s.rank, s.id))
    deciding = _deciding(said)
    clashing = _clashing(deciding, terms)
    standings = {s.id: standing_of(s, plan, clashing, by_id) for s in said}
    lines = tuple(_line(s, standings[s.id]) for s in said)
    position, reason = _judge(plan, deciding, standings, by_id)
    return _make(plan, actor, position, reason if said else _silence(actor), lines)


def _make(
    plan: Plan, actor: Actor, position: Position, reason: str, lines: tuple[ConsentLine, ...]
) -> ConsentCell:
    return ConsentCell(
        plan=plan.id,
        actor=actor.id,
        actor_name=actor.name,
        position=position,
        has_veto=bool(actor.vetoes),
        reason=reason,
        lines=lines,
    )


def _deciding(said: Sequence[Statement]) -> list[Statement]:
    """List confirmed hard statements, each counted once: a repeat stands with the one it repeats."""
    hard = [s for s in said if s.status == "confirmed" and s.force in DECIDING]
    by_id = {s.id: s for s in hard}
    return [s for s in hard if _origin(s, by_id) == s.id]


def _origin(statement: Statement, by_id: Mapping[str, Statement]) -> str:
    """Follow `same_as` to the statement that is counted; in a circle that is the first id."""
    path = [statement.id]
    while (following := by_id[path[-1]].same_as) in by_id:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]


def _clashing(deciding: Sequence[Statement], terms: tuple[Term, ...]) -> frozenset[str]:
    found = set()
    for index, first in enumerate(deciding):
        for second in deciding[index + 1 :]:
            if (
                _readable(first)
                and _readable(second)
                and contradict(first.expression, second.expression, terms)
            ):
                found |= {first.id, second.id}
    return frozenset(found)


def _readable(statement: Statement) -> bool:
    try:
        return bool(statement.expression) and bool(parse(statement.expression))
    except ExpressionError:
        return False


def _outcome(text: str, plan: Plan, terms: Mapping[str, Term]) -> bool | None:
    """Evaluate a reading; no reading, or one that cannot be read (`check_statements` reports it), is unknown."""
    try:
        return evaluate(parse(text), plan.terms, terms) if text else None
    except ExpressionError:
        return None


def _judge(
    plan: Plan,
    deciding: Sequence[Statement],
    standings: Mapping[str, Standing],
    terms: Mapping[str, Term],
) -> tuple[Position, str]:
    of = {
        kind: [s for s in deciding if standings[s.id] == kind] for kind in ("unmet", "contested", "unknown")
    }
    if of["unmet"]:
        return "refuses", "Not met: " + _list(of["unmet"])
    if of["contested"]:
        return "contested", "Readings differ, or statements contradict each other: " + _list(of["contested"])
    if of["unknown"]:
        return "cannot say", _open(plan, of["unknown"], terms)
    if not deciding:
        return "cannot say", "No confirmed condition of this actor is known that it would refuse over."
    many = "Both" if len(deciding) == 2 else f"All {len(deciding)}"
    count = "The one condition" if len(deciding) == 1 else f"{many} conditions"
    verb = "is" if len(deciding) == 1 else "are"
    return "nothing stated against it", f"{count} it stated {verb} met. That is not consent."


def _open(plan: Plan, unknown: Sequence[Statement], terms: Mapping[str, Term]) -> str:
    left = sorted(
        {n for s in unknown if _readable(s) for n in names(parse(s.expression)) if n not in plan.terms}
    )
    if not left:
        return "It cannot be told whether this is met: " + _list(unknown)
    called = ", ".join(terms[name].name if name in terms else name for name in left)
    return f"The plan leaves open: {called}. It decides: " + _list(unknown)


def _silence(actor: Actor) -> str:
    if actor.kind == DISPLACED:
        return "Nobody has asked them: the case holds no statement of theirs."
    return "The case holds no statement of this actor."


def _list(statements: Sequence[Statement]) -> str:
    return "; ".join(f"{s.summary.rstrip('.')} ({s.id})" for s in statements) + "."


def _line(statement: Statement, standing: Standing) -> ConsentLine:
    """Make a line; words of several passages stand one after the other. Unconfirmed ones say so in the summary."""
    pieces = statement.evidence
    mark = "" if statement.status == "confirmed" else "Not confirmed: "
    return ConsentLine(
        statement=statement.id,
        summary=mark + statement.summary,
        force=statement.force,
        standing=standing,
        condition=statement.expression,
        words=" / ".join(piece.words for piece in pieces),
        speaker="; ".join(dict.fromkeys(piece.speaker for piece in pieces)),
        mode="; ".join(dict.fromkeys(piece.mode for piece in pieces)),
        source="; ".join(dict.fromkeys(piece.source for piece in pieces)),
        said=statement.said,
        status=statement.status,
        same_as=statement.same_as,
        sensitive=statement.sensitive,
    )
