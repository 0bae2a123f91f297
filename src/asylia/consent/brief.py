"""One page on a case: who refuses what, the least that would change it, what all agreement shares, and what to ask next.

Everything is put in words here, from numbers found elsewhere; each verdict stands beside the words it rests on. Only
confirmed statements enter. Where a statement can be read in several ways, the least change meets all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asylia.consent import words
from asylia.consent.acceptable import Bounds, bounds
from asylia.consent.ask import Known, Question, known, most_telling, questions
from asylia.consent.change import Change, moves, smallest_change
from asylia.consent.clash import clashes
from asylia.consent.doubt import MEMBERS, draw_worlds, in_tenths, shares
from asylia.consent.floor import floor_lines
from asylia.consent.readings import MET, OPEN, UNMET, Spoken, stands
from asylia.consent.space import Condition, Space, compile_condition, make_space
from asylia.consent.weights import Preference, prefers
from asylia.model.actors import Actor, Floor, Statement, Term
from asylia.model.agreement import Asked, Brief, FirstChoice, FloorLine, PlanBrief, Quote, Shares, TermChange
from asylia.model.plan import NO_ZONE, Plan

ZONE: Final = "zone"
"""The term that says whether there is a zone at all. Giving it up meets most conditions and settles nothing."""
WITHOUT: Final = "no"
DISPLACED: Final = "displaced_people"
MOST_WAYS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Matter:
    """What every part of the page looks at; `rules` holds for all that is searched, `kept` is the floor by plan."""

    plans: tuple[Plan, ...]
    actors: Mapping[str, Actor]
    statements: Mapping[str, Statement]
    space: Space
    given: Known
    labels: words.Labels
    rules: tuple[Condition, ...]
    kept: Mapping[str, tuple[FloorLine, ...]]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every reading of every hard condition of a veto holder."""
        held = set(self.given.veto_holders)
        return tuple(c for s in self.given.said if s.hard and s.actor in held for c in s.readings)


def findings_for(
    plans: Sequence[Plan],
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    terms: Sequence[Term],
    *,
    floor: Sequence[Floor] = (),
    seed: int = 0,
    members: int = MEMBERS,
    number_of_questions: int = 3,
) -> Brief:
    """Find everything the page on consent shows. The plan without a zone asks nobody and is left out.

    Parameters
    ----------
    floor
        Protection terms no package may trade away: no change and no package that is shown does.
    """
    space = make_space(terms)
    owed = tuple(compile_condition(one.expression, space, id=f"floor-{one.id}") for one in floor)
    shown = tuple(plan for plan in plans if plan.id != NO_ZONE)
    matter = _Matter(
        plans=shown,
        actors={actor.id: actor for actor in actors},
        statements={s.id: s for s in statements},
        space=space,
        given=known(shown, actors, statements, space, owed),
        labels=words.Labels.of(shown, actors, terms),
        rules=(*_with_zone(space, terms), *owed),
        kept={plan.id: floor_lines(plan, floor, terms) for plan in shown},
    )
    sets, concessions, together = _clashing(matter)
    return Brief(
        plans=_plans(matter, seed, members),
        shared=_shared(matter, actors, statements),
        together=together,
        clashes=sets,
        concessions=concessions,
        questions=tuple(
            _asked(question, matter)
            for question in most_telling(questions(matter.given), number_of_questions)
        ),
        first_choices=_first_choices(matter),
        silent=tuple(matter.actors[actor].name for actor in matter.given.silent),
        not_asked=_not_asked(matter),
        unconfirmed=words.unconfirmed(statements),
    )


def _with_zone(space: Space, terms: Sequence[Term]) -> tuple[Condition, ...]:
    if not any(term.id == ZONE and WITHOUT in term.values for term in terms):
        return ()
    return (compile_condition(f"{ZONE} != {WITHOUT}", space, id="rule-zone"),)


# ---------------------------------------------------------------- plans


def _plans(matter: _Matter, seed: int, members: int) -> tuple[PlanBrief, ...]:
    packages = [matter.given.packages[plan.id] for plan in matter.plans]
    drawn = shares(
        draw_worlds(matter.given.said, seed=seed, members=members), packages, matter.given.veto_holders
    )
    refused = drawn.anyone_refuses.tolist()
    return tuple(
        _plan(matter, plan, in_tenths(count, drawn.worlds))
        for plan, count in zip(matter.plans, refused, strict=True)
    )


def _plan(matter: _Matter, plan: Plan, share: str) -> PlanBrief:
    package = matter.given.packages[plan.id]
    verdicts = matter.given.verdicts[plan.id]
    refusing = [actor for actor in matter.given.veto_holders if verdicts[actor] == "refuses"]
    conditions = (*matter.conditions, *matter.given.rules)
    change = smallest_change(matter.space, conditions, package, keep=(ZONE,), most=MOST_WAYS)
    kept = matter.kept[plan.id]
    return PlanBrief(
        plan=plan.id,
        title=plan.title,
        verdict=matter.given.whole(verdicts),
        refused_by=tuple(matter.actors[actor].name for actor in refusing),
        refusals=tuple(
            _quote(matter, s.id)
            for s in matter.given.said
            if s.hard and s.actor in refusing and _unmet(s, package)
        ),
        cost=change.cost,
        proved=change.proved,
        ways_count=change.count,
        ways=tuple(_way(matter, package, after) for after in change.packages),
        proof=words.proof(change, floor=bool(kept)),
        giving_up=_giving_up(matter, plan, change),
        doubt=words.drawn(share),
        floor=kept,
    )


def _unmet(said: Spoken, package: Sequence[int | None]) -> bool:
    return all(stands(reading, package) == UNMET for reading in said.readings)


def _way(
    matter: _Matter, before: Sequence[int | None], after: Sequence[int | None]
) -> tuple[TermChange, ...]:
    owed = {n for rule in matter.given.rules if stands(rule, before) != MET for n in rule.scope}
    return tuple(
        TermChange(
            term=move.name,
            name=matter.labels.variable(move.name),
            before=words.value(move.before),
            after=words.value(move.after),
            who=matter.labels.who_settles(move.name),
            for_floor=move.variable in owed,
        )
        for move in moves(matter.space, before, after)
    )


def _giving_up(matter: _Matter, plan: Plan, change: Change) -> str:
    """Say what dropping the zone would do, where the plan has one and refusals could end that way."""
    if not _has_zone(plan) or change.cost == 0:
        return ""
    without = smallest_change(
        matter.space,
        matter.conditions,
        matter.given.packages[plan.id],
        keep=_all_but_zone(matter.space),
        most=1,
    )
    return words.GIVING_UP if without.cost == 1 else ""


def _has_zone(plan: Plan) -> bool:
    return plan.terms.get(ZONE) != (WITHOUT,)


def _all_but_zone(space: Space) -> Collection[str]:
    return {variable.name for variable in space.variables} - {ZONE}


# ---------------------------------------------------------------- everybody


def _shared(matter: _Matter, actors: Sequence[Actor], statements: Sequence[Statement]) -> Shares:
    holders = [actor for actor in actors if actor.vetoes]
    found: Bounds = bounds(holders, statements, matter.space, rules=matter.rules, most=0)
    label = matter.labels.variable
    left = {
        v.name: tuple(words.value(v.values[index]) for index in possible)
        for v, possible in zip(matter.space.variables, found.assured.possible, strict=True)
    }
    free = set(found.assured.free)
    backbone = {name: v for name, v in found.assured.backbone.items() if name != ZONE}
    return Shares(
        sentence=words.shared(found.assured.count, backbone, label, floor=bool(matter.given.rules)),
        agreed=tuple((label(name), words.value(v)) for name, v in backbone.items()),
        one_of=tuple(
            (label(name), values)
            for name, values in left.items()
            if len(values) > 1 and name not in free and name != ZONE
        ),
        free=tuple(dict.fromkeys(matter.labels.term(name) for name in found.assured.free)),
        assured=found.assured.count,
        possible=found.possible.count,
    )


def _clashing(
    matter: _Matter,
) -> tuple[tuple[tuple[Quote, ...], ...], tuple[tuple[Quote, ...], ...], bool]:
    """Look for clashes among everybody's conditions and wishes, each in its first reading, with a zone."""
    found = clashes(matter.space, [s.readings[0] for s in matter.given.said], rules=matter.rules)
    sets, concessions = (
        tuple(tuple(_quote(matter, name) for name in members) for members in group if members)
        for group in (found.sets, found.concessions)
    )
    return sets, concessions, found.together


def _first_choices(matter: _Matter) -> tuple[FirstChoice, ...]:
    """Say which plans come first by each actor's own order of wishes."""
    found = []
    for actor in matter.actors.values():
        wishes = [s for s in matter.given.said if s.actor == actor.id and not s.hard]
        if wishes:
            found.append(_first_choice(matter, actor, wishes))
    return tuple(found)


def _first_choice(matter: _Matter, actor: Actor, wishes: Sequence[Spoken]) -> FirstChoice:
    met = {
        plan.id: [_met(s, matter.given.packages[plan.id]) for s in wishes]
        for plan in matter.plans
        if _has_zone(plan)
    }
    ranks = [s.rank for s in wishes]
    answers: dict[str, set[Preference]] = {
        one: {prefers(met[one], met[other], ranks) for other in met if other != one} for one in met
    }
    first = [plan for plan in met if "the second" not in answers[plan]]
    open_answers = {answer for plan in first for answer in answers[plan] if answer.startswith("depends")}
    return FirstChoice(
        actor=actor.id,
        actor_name=actor.name,
        plans=tuple(matter.labels.plan(plan) for plan in first),
        follows="; ".join(sorted(open_answers)) or "follows from its own order",
    )


def _met(said: Spoken, package: Sequence[int | None]) -> bool | None:
    return {MET: True, OPEN: None, UNMET: False}[stands(said.readings[0], package)]


def _asked(question: Question, matter: _Matter) -> Asked:
    return Asked(
        question=words.question(question, matter.labels, matter.statements),
        sort=question.sort,
        answers=tuple(
            (words.answer(question, answer, matter.labels), words.effect(question, answer, matter.labels))
            for answer in question.answers
        ),
    )


def _not_asked(matter: _Matter) -> str:
    asked = {s.actor for s in matter.given.said}
    people = [actor for actor in matter.actors.values() if actor.kind == DISPLACED]
    return "" if any(actor.id in asked for actor in people) else words.NOT_ASKED


def _quote(matter: _Matter, name: str) -> Quote:
    statement = matter.statements[name]
    pieces = statement.evidence
    return Quote(
        statement=statement.id,
        actor=statement.actor,
        actor_name=matter.labels.actor(statement.actor),
        force=statement.force,
        summary=statement.summary,
        condition=statement.expression,
        words=" / ".join(piece.words for piece in pieces),
        speaker="; ".join(dict.fromkeys(piece.speaker for piece in pieces)),
        mode="; ".join(dict.fromkeys(piece.mode for piece in pieces)),
        source="; ".join(dict.fromkeys(piece.source for piece in pieces)),
        sensitive=statement.sensitive,
    )
