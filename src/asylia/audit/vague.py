"""Words of a plan that leave a duty open, each with the clause it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from asylia.audit.conditions import VagueTerm, read_vague
from asylia.model.law import Vague
from asylia.model.plan import Plan

CLAUSE: Final = re.compile(r"[^.;:]+")
"""What is shown around a word: up to the next full stop, semicolon or colon."""


def vague_words(plan: Plan) -> tuple[Vague, ...]:
    """Flag vague words in what the plan and its sources say: title, summary, objectives, pointers, promises.

    Our own assumptions are not searched. A word counts once for each clause.
    """
    terms = [(term, re.compile(rf"\b(?:{term.pattern})\b", re.IGNORECASE)) for term in read_vague()]
    found = {
        (clause.casefold(), term.term): _flag(where, clause, term)
        for where, text in _texts(plan)
        for clause in (part.strip() for part in CLAUSE.findall(text))
        for term, pattern in terms
        if pattern.search(clause)
    }
    return tuple(found.values())


def _flag(where: str, clause: str, term: VagueTerm) -> Vague:
    return Vague(where=where, clause=clause, term=term.term, why=term.why, ask=term.ask)


def _texts(plan: Plan) -> Iterator[tuple[str, str]]:
    yield "title", plan.title
    yield "summary", plan.summary
    for objective in plan.objectives:
        yield "objectives", objective
    for element, pointer in plan.stated.items():
        yield element.replace("_", " "), pointer.partition(": ")[2]
    if plan.protection.force:
        yield "protection", plan.protection.force
    for promise in plan.commitments:
        yield "commitments", promise.what
