"""What to ask next: which unknown, once answered, would change a verdict or what can be agreed.

Four sorts of unknown: what a plan leaves open, how a statement is to be read, whether a statement not confirmed stands,
and what an actor that can stop a plan would require and has not said. Each possible answer is tried, and what it would
change is listed. No answer is held more likely than another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np

from asylia.consent.acceptable import acceptable
from asylia.consent.boxes import boxes_of
from asylia.consent.readings import UNDECIDED, Spoken, overall, spoken, standing_of_actor
from asylia.consent.search import Question as Search
from asylia.consent.search import any_package
from asylia.consent.space import Condition, Package, Space, package_of
from asylia.model.actors import Actor, Statement
from asylia.model.agreement import Overall
from asylia.model.findings import Position
from asylia.model.plan import NO_ZONE, Plan

Sort: TypeAlias = Literal["silent", "plan", "reading", "not confirmed"]
SORTS: Final[tuple[Sort, ...]] = ("silent", "plan", "reading", "not confirmed")
NOTHING_AGAINST: Final = "Has nothing against the plans as they stand"
AGAINST: Final = "Refuses the plans as they stand"
FORESEEN: Final[tuple[tuple[str, Position], ...]] = (
    (AGAINST, "refuses"),
    (NOTHING_AGAINST, "nothing stated against it"),
)
STANDS: Final = "It stands"
STANDS_NOT: Final = "It does not stand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A verdict that an answer changes; `actor` is empty where it is the verdict on the whole plan."""

    plan: str
    actor: str
    now: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One possible answer and what follows.

    Parameters
    ----------
    agreeable
        Packages that no veto holder refuses, in all readings, after this answer. `None` if the answer does not tell.
    """

    text: str
    turns: tuple[Turn, ...]
    agreeable: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something not known, and what each answer would change.

    Parameters
    ----------
    about
        Plan id, statement ids, or actor ids.
    term
        The variable or term in question; empty if there is none.
    agreeable_now
        Packages no veto holder refuses as things are known, in all readings.
    """

    sort: Sort
    about: tuple[str, ...]
    term: str
    answers: tuple[Answer, ...]
    agreeable_now: int

    @property
    def plans_turned(self) -> tuple[str, ...]:
        """List the plans whose whole verdict some answer changes."""
        return tuple(sorted({t.plan for a in self.answers for t in a.turns if not t.actor}))

    @property
    def cells_turned(self) -> tuple[tuple[str, str], ...]:
        """List plan and actor of the single verdicts some answer changes."""
        return tuple(sorted({(t.plan, t.actor) for a in self.answers for t in a.turns if t.actor}))

    @property
    def moves_agreeable(self) -> bool:
        """Whether some answer changes what can be agreed."""
        return any(a.agreeable not in (None, self.agreeable_now) for a in self.answers)


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """Everything the verdicts rest on.

    Parameters
    ----------
    packages
        By plan id, as `space.package_of` gives them.
    vetoes
        By actor id, the terms it can stop.
    rules
        What must hold whoever agrees: the protection floor.
    unconfirmed
        Statements that nobody has confirmed, or that are disputed.
    """

    space: Space
    packages: Mapping[str, Package]
    actors: tuple[str, ...]
    vetoes: Mapping[str, tuple[str, ...]]
    said: tuple[Spoken, ...]
    unconfirmed: tuple[Spoken, ...] = ()
    rules: tuple[Condition, ...] = ()

    @cached_property
    def veto_holders(self) -> tuple[str, ...]:
        """List the actors that can stop something."""
        return tuple(actor for actor in self.actors if self.vetoes.get(actor))

    @cached_property
    def silent(self) -> tuple[str, ...]:
        """List the veto holders of whom no hard condition is known."""
        spoke = {s.actor for s in self.said if s.hard}
        return tuple(actor for actor in self.veto_holders if actor not in spoke)

    @cached_property
    def verdicts(self) -> dict[str, dict[str, Position]]:
        """Say where each actor stands, by plan."""
        return {plan: self.stand(package, self.said) for plan, package in self.packages.items()}

    @cached_property
    def agreeable(self) -> int:
        """Count the packages no veto holder refuses, in all readings."""
        return self.count(self.said)

    def stand(self, package: Package, said: Sequence[Spoken]) -> dict[str, Position]:
        """Say where each actor stands on one package."""
        return {actor: standing_of_actor(said, actor, package) for actor in self.actors}

    def count(self, said: Sequence[Spoken]) -> int:
        """Count the packages that meet the rules and the hard conditions of all veto holders, in all readings."""
        hard = [c for s in said if s.hard and s.actor in self.veto_holders for c in s.readings]
        return acceptable(self.space, [*self.rules, *hard], most=0).count

    def turned(self, plan: str, then: Mapping[str, Position]) -> Iterator[Turn]:
        """List what differs from the verdicts now: the plan first, then single actors."""
        now = self.verdicts[plan]
        before, after = self.whole(now), self.whole(then)
        if before != after:
            yield Turn(plan=plan, actor="", now=before, then=after)
        for actor in self.actors:
            if now[actor] != then[actor]:
                yield Turn(plan=plan, actor=actor, now=now[actor], then=then[actor])

    def whole(self, positions: Mapping[str, Position]) -> Overall:
        """Say where a plan stands with everybody who can stop it."""
        return overall(positions, self.veto_holders)


def known(
    plans: Sequence[Plan],
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    space: Space,
    rules: tuple[Condition, ...] = (),
) -> Known:
    """Gather what the verdicts of a case rest on. The plan without a zone asks nobody and is left out."""
    return Known(
        space=space,
        packages={plan.id: package_of(plan.terms, space) for plan in plans if plan.id != NO_ZONE},
        actors=tuple(actor.id for actor in actors),
        vetoes={actor.id: tuple(t for veto in actor.vetoes for t in veto.over) for actor in actors},
        said=spoken(actors, statements, space),
        unconfirmed=spoken(actors, statements, space, status=UNDECIDED),
        rules=rules,
    )


def questions(given: Known) -> tuple[Question, ...]:
    """List every question some answer to which would change something, the most telling first.

    Order: plans whose whole verdict may turn; then single verdicts that may turn; then whether what can be agreed may
    change; then the sort and the name.
    """
    every: Iterable[Question] = (
        *_silent(given),
        *_open_terms(given),
        *_readings(given),
        *_unconfirmed(given),
    )
    return tuple(sorted((q for q in every if q.cells_turned or q.moves_agreeable), key=_rank))


def most_telling(every: Sequence[Question], number: int = 3) -> tuple[Question, ...]:
    """Choose few questions that different people can answer: the best of each sort before a second one of any."""
    seen: dict[str, int] = {}
    turn = []
    for question in every:
        seen[question.sort] = seen.get(question.sort, 0) + 1
        turn.append((seen[question.sort], question))
    return tuple(question for _, question in sorted(turn, key=lambda pair: pair[0])[:number])


def matters(space: Space, conditions: Sequence[Condition], package: Package, variable: int) -> bool:
    """Tell whether an open variable can decide between met and not met, in some way of settling what else is open."""
    for condition in conditions:
        if variable not in condition.scope:
            continue
        boxes = boxes_of(space.shape, [condition])
        for box in range(boxes.owner.size):
            parts = slice(boxes.first[box], boxes.first[box + 1])
            inside = dict(zip(boxes.variable[parts].tolist(), boxes.forbidden[parts].tolist(), strict=True))
            if variable in inside and _met_beside(space, conditions, package, inside, variable):
                return True
    return False


def _met_beside(
    space: Space, conditions: Sequence[Condition], package: Package, box: Mapping[int, int], variable: int
) -> bool:
    """Look for a package that meets all conditions and enters the box if the variable alone is changed."""
    domains = np.array(
        [
            (1 << size) - 1 if value is None else 1 << value
            for size, value in zip(space.shape, package, strict=True)
        ],
        dtype=np.int64,
    )
    for number, mask in box.items():
        domains[number] &= ~mask if number == variable else mask
    if not domains.all():
        return False
    question = Search(
        boxes=boxes_of(space.shape, conditions),
        domains=domains,
        stay=domains & -domains,
        weights=np.ones_like(domains),
    )
    return any_package(question).cost is not None


def _open_terms(given: Known) -> Iterator[Question]:
    used = sorted({number for s in given.said if s.hard for c in s.readings for number in c.scope})
    for plan, package in given.packages.items():
        for number in used:
            if package[number] is not None:
                continue
            variable = given.space.variables[number]
            answers = []
            for index, value in enumerate(variable.values):
                settled = (*package[:number], index, *package[number + 1 :])
                turns = tuple(given.turned(plan, given.stand(settled, given.said)))
                answers.append(Answer(text=value, turns=turns, agreeable=given.agreeable))
            yield _question(given, "plan", (plan,), variable.name, answers)


def _readings(given: Known) -> Iterator[Question]:
    groups: dict[tuple[str, int], list[Spoken]] = {}
    for s in given.said:
        if s.hard and len(s.readings) > 1:
            groups.setdefault((s.doubt, len(s.readings)), []).append(s)
    for (doubt, number), group in groups.items():
        ids = {s.id for s in group}
        texts = doubt.split(" / ")
        answers = []
        for index in range(number):
            said = [replace(s, readings=(s.readings[index],)) if s.id in ids else s for s in given.said]
            text = texts[index] if len(texts) == number else f"Reading {index + 1}"
            answers.append(_answer(given, text, said))
        yield _question(given, "reading", tuple(s.id for s in group), doubt, answers)


def _unconfirmed(given: Known) -> Iterator[Question]:
    for s in given.unconfirmed:
        if s.hard:
            answers = [_answer(given, STANDS, [*given.said, s]), _answer(given, STANDS_NOT, given.said)]
            yield _question(given, "not confirmed", (s.id,), "", answers)


def _silent(given: Known) -> Iterator[Question]:
    """Ask, term by term, the veto holders of whom no condition is known; only they can say what they would require."""
    terms = dict.fromkeys(term for actor in given.silent for term in given.vetoes[actor])
    for term in terms:
        asked = tuple(actor for actor in given.silent if term in given.vetoes[actor])
        answers = []
        for text, position in FORESEEN:
            turns = [
                turn
                for plan, now in given.verdicts.items()
                for turn in given.turned(plan, {**now, **dict.fromkeys(asked, position)})
            ]
            answers.append(Answer(text=text, turns=tuple(turns), agreeable=None))
        yield _question(given, "silent", asked, term, answers)


def _answer(given: Known, text: str, said: Sequence[Spoken]) -> Answer:
    turns = [
        turn
        for plan, package in given.packages.items()
        for turn in given.turned(plan, given.stand(package, said))
    ]
    return Answer(text=text, turns=tuple(turns), agreeable=given.count(said))


def _question(
    given: Known, sort: Sort, about: tuple[str, ...], term: str, answers: Sequence[Answer]
) -> Question:
    return Question(sort=sort, about=about, term=term, answers=tuple(answers), agreeable_now=given.agreeable)


def _rank(question: Question) -> tuple[int, int, bool, int, str, tuple[str, ...]]:
    return (
        -len(question.plans_turned),
        -len(question.cells_turned),
        not question.moves_agreeable,
        SORTS.index(question.sort),
        question.term,
        question.about,
    )
