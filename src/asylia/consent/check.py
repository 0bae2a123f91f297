"""Check what a case says about consent: everything that is wrong, at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from asylia.consent.expressions import ID, RESERVED, ExpressionError, parse
from asylia.consent.logic import mismatches
from asylia.core.errors import Problem, nearest
from asylia.model.actors import Actor, Floor, Statement, Term
from asylia.model.plan import Plan

ACTORS: Final = "actors.toml"
STATEMENTS: Final = "statements.toml"
LONGEST_WORDS: Final = 80


def check_statements(
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    terms: Sequence[Term],
    plans: Sequence[Plan],
    floor: Sequence[Floor] = (),
) -> list[Problem]:
    """List everything that is wrong with terms, actors, the floor, statements and the terms of plans."""
    return [
        *_check_terms(terms),
        *_doubles("actors", ACTORS, [actor.id for actor in actors]),
        *_check_floor(floor, {term.id: term for term in terms}),
        *_doubles("statements", STATEMENTS, [statement.id for statement in statements]),
        *(p for s in statements for p in _check_statement(s, actors, statements, terms)),
        *_check_circles(statements),
        *(p for plan in plans for p in _check_plan(plan, terms)),
    ]


def _check_terms(terms: Sequence[Term]) -> Iterator[Problem]:
    yield from _doubles("terms", ACTORS, [term.id for term in terms])
    for term in terms:
        for name in (term.id, *term.values):
            if not ID.fullmatch(name) or name in RESERVED:
                yield Problem(
                    file=ACTORS,
                    column=f"terms.{term.id}",
                    value=name,
                    must="a term or value starts with a small letter, then small letters, digits or underscores",
                    mend=f"Not one of {', '.join(sorted(RESERVED))}.",
                )
        if not term.values or len(set(term.values)) < len(term.values):
            yield Problem(
                file=ACTORS,
                column=f"terms.{term.id}",
                must="has one value or more, each once",
                mend="List the values from least to most if they have an order.",
            )


def _check_statement(
    statement: Statement, actors: Sequence[Actor], statements: Sequence[Statement], terms: Sequence[Term]
) -> Iterator[Problem]:
    known = {s.id for s in statements} - {statement.id}
    for key, value, names, table in (
        ("actor", statement.actor, {actor.id for actor in actors}, "actors"),
        ("same_as", statement.same_as, known, "other statements"),
        ("supersedes", statement.supersedes, known, "other statements"),
    ):
        if value not in names and (value or key == "actor"):
            mend = nearest(value, names) or f"Known: {', '.join(sorted(names)) or 'none'}."
            yield _of(statement, key, value=value, must=f"names an id of {table}", mend=mend)
    yield from _check_readings(statement, {term.id: term for term in terms})
    yield from _check_evidence(statement)


def _check_readings(statement: Statement, terms: dict[str, Term]) -> Iterator[Problem]:
    if (
        statement.status == "confirmed"
        and statement.force in ("hard", "red_line")
        and not statement.expression
    ):
        yield _of(
            statement,
            "expression",
            must="a confirmed hard statement or red line has a condition",
            mend='Write the condition, or give it the force "concern" or "opinion".',
        )
    readings = [("expression", statement.expression)] if statement.expression else []
    readings += [(f"alternatives[{n}]", text) for n, text in enumerate(statement.alternatives, start=1)]
    for key, text in readings:
        for must, mend in _faults(text, terms):
            yield _of(statement, key, value=text, must=must, mend=mend)


def _check_floor(floor: Sequence[Floor], terms: dict[str, Term]) -> Iterator[Problem]:
    yield from _doubles("floor", ACTORS, [one.id for one in floor])
    for one in floor:
        for must, mend in _faults(one.expression, terms):
            column = f"floor.{one.id}.expression"
            yield Problem(file=ACTORS, column=column, value=one.expression, must=must, mend=mend)


def _faults(text: str, terms: dict[str, Term]) -> Iterator[tuple[str, str]]:
    """List what is wrong with a condition: what must hold, and how to mend it."""
    try:
        found = mismatches(parse(text), terms)
    except ExpressionError as error:
        yield (
            f"can be read; {error.reason}, at character {error.position + 1}",
            "See the language of conditions.",
        )
        return
    for fault in found:
        yield f'"{fault.value}" at character {fault.position + 1}: {fault.must}', fault.mend


def _check_evidence(statement: Statement) -> Iterator[Problem]:
    if statement.status == "confirmed" and not statement.evidence:
        yield _of(
            statement,
            "evidence",
            must="a confirmed statement points to the words behind it",
            mend='Add evidence, or set status = "proposed".',
        )
    for pointer in statement.evidence:
        held = statement.status == "confirmed" or pointer.end > 0
        if held and not 0 <= pointer.start < pointer.end:
            span = f"{pointer.start} to {pointer.end}"
            yield _of(
                statement,
                "evidence",
                value=span,
                must="a passage starts before it ends, at 0 or later",
                mend="Offsets count characters of the source. Where its text is not held, both are 0, and the "
                "statement is not confirmed.",
            )
        if not 0 < len(pointer.words) <= LONGEST_WORDS:
            must = f"a pointer is 1 to {LONGEST_WORDS} characters of the passage"
            yield _of(statement, "evidence", value=pointer.words, must=must, mend="Point, do not copy.")


def _check_circles(statements: Sequence[Statement]) -> Iterator[Problem]:
    """Find statements that by way of others repeat or supersede themselves."""
    by_id = {s.id: s for s in statements}
    for key in ("same_as", "supersedes"):
        following: dict[str, str] = {s.id: getattr(s, key) for s in statements}
        for statement in statements:
            seen, here = set(), statement.id
            while here in by_id and here not in seen:
                seen.add(here)
                here = following[here]
            if here == statement.id and len(seen) > 1:
                must = "does not lead back to itself"
                yield _of(statement, key, value=following[statement.id], must=must, mend="Break the circle.")


def _check_plan(plan: Plan, terms: Sequence[Term]) -> Iterator[Problem]:
    by_id = {term.id: term for term in terms}
    file = f"plans/{plan.id}.toml"
    for name, values in plan.terms.items():
        term = by_id.get(name)
        if term is None:
            mend = nearest(name, by_id) or f"Known terms: {', '.join(sorted(by_id)) or 'none'}."
            yield Problem(
                file=file, column=f"terms.{name}", value=name, must="names a term of actors.toml", mend=mend
            )
            continue
        for value in values:
            if value not in term.values:
                mend = nearest(value, term.values) or f"Known values: {', '.join(term.values)}."
                must = f"is a value of {name}"
                yield Problem(file=file, column=f"terms.{name}", value=value, must=must, mend=mend)
        if not term.several and len(values) != 1:
            yield Problem(
                file=file,
                column=f"terms.{name}",
                value=", ".join(values),
                must="this term takes one value",
                mend="Give one, or leave the term out if the plan does not say.",
            )


def _doubles(table: str, file: str, ids: Sequence[str]) -> list[Problem]:
    return [
        Problem(file=file, column=f"{table}.id", value=name, must="stands once", mend="Give one a new id.")
        for name, count in sorted(Counter(ids).items())
        if count > 1
    ]


def _of(statement: Statement, key: str, *, must: str, mend: str, value: str = "") -> Problem:
    return Problem(file=STATEMENTS, column=f"{statement.id}.{key}", value=value, must=must, mend=mend)
