"""The page on consent in plain words: the same words for every party."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asylia.consent.ask import Answer, Question
from asylia.consent.change import OPEN, Change
from asylia.model.actors import Actor, Statement, Term
from asylia.model.plan import Plan

LEFT_OPEN: Final = "left open"
GIVING_UP: Final = (
    "Giving up the zone would meet every stated condition too; nobody would then be sheltered in it."
)
SIGNS: Final[Mapping[str, str]] = {
    "=": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*|[<>!]?=|[<>]")
NOT_ASKED: Final = (
    "Nobody has asked the displaced people. They hold no veto here, and no plan works unless they choose it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Names to show instead of ids."""

    plans: Mapping[str, str]
    actors: Mapping[str, str]
    terms: Mapping[str, str]
    settled_by: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, plans: Sequence[Plan], actors: Sequence[Actor], terms: Sequence[Term]) -> Labels:
        """Gather the names of a case."""
        return cls(
            plans={plan.id: plan.title or plan.id for plan in plans},
            actors={actor.id: actor.name for actor in actors},
            terms={term.id: term.name for term in terms},
            settled_by={term.id: term.controller for term in terms},
        )

    def plan(self, name: str) -> str:
        """Name a plan."""
        return self.plans.get(name, name)

    def actor(self, name: str) -> str:
        """Name an actor."""
        return self.actors.get(name, name)

    def term(self, name: str) -> str:
        """Name the term of a variable."""
        term = name.partition(":")[0]
        return self.terms.get(term, value(term))

    def who_settles(self, name: str) -> tuple[str, ...]:
        """Name the actors who settle the term of a variable; nobody if that is not known."""
        return tuple(map(self.actor, self.settled_by.get(name.partition(":")[0], ())))

    def variable(self, name: str) -> str:
        """Name a variable: a term, or one value of a term of several."""
        own = name.partition(":")[2]
        return f"{self.term(name)}: {value(own)}" if own else self.term(name)


def value(name: str) -> str:
    """Write the id of a value as words."""
    return LEFT_OPEN if name == OPEN else name.replace("_", " ")


def condition(text: str, labels: Labels) -> str:
    """Write a condition with names instead of ids, and words instead of signs."""

    def word(found: re.Match[str]) -> str:
        own = found.group()
        return f"“{labels.terms[own]}”" if own in labels.terms else SIGNS.get(own, value(own))

    return _WORD.sub(word, text)


def proof(change: Change, *, floor: bool = False) -> str:
    """Say why no smaller change does; with a floor, none that trades a protection term away was let through."""
    if change.cost is None:
        also = " and keeps the protection floor" if floor else ""
        return (
            f"No change of the other terms meets every known condition{also}: they clash."
            if change.proved
            else "No change was found before the search was stopped."
        )
    if change.cost == 0:
        also = ", and the protection floor is kept" if floor else ""
        return f"Nothing has to change: every known condition of those who can stop it is met{also}."
    if not change.proved:
        return f"{change.cost} changes do. At least {change.bound} are needed; the search was stopped there."
    terms = "1 term" if change.cost == 1 else f"{change.cost} terms"
    ways = "in 1 way" if change.count == 1 else f"in {change.count:,} ways"
    also = " It keeps the protection floor." if floor else ""
    return f"Changing or settling {terms} does, {ways}.{also} It was shown that nothing less does."


def drawn(share: str) -> str:
    """Say in how many drawn worlds somebody refuses."""
    return (
        f"Refused by somebody who can stop it: in {share} of the drawn worlds, which differ in how statements are read "
        "and whether they stand."
    )


def shared(
    count: int, backbone: Mapping[str, str], label: Callable[[str], str], *, floor: bool = False
) -> str:
    """Say what every package shares that meets all known conditions and keeps the floor."""
    also = " and keeps the protection floor" if floor else ""
    if count == 0:
        return f"No package with a zone meets every known condition{also}."
    if not backbone:
        return (
            f"No single term is the same in every package with a zone that meets all known conditions{also}."
        )
    parts = "; ".join(f"{label(name)}: {value(v)}" for name, v in backbone.items())
    return f"In every package with a zone that meets all known conditions{also}: {parts}."


def question(asked: Question, labels: Labels, statements: Mapping[str, Statement]) -> str:
    """Put a question in words."""
    term = labels.variable(asked.term)
    if asked.sort == "plan":
        return f"{labels.plan(asked.about[0])}: what does the plan settle on “{term}”?"
    if asked.sort == "silent":
        who = _listed([labels.actor(actor) for actor in asked.about])
        verb = "does" if len(asked.about) == 1 else "do"
        return f"What {verb} {who} require on “{term}”? No condition is known."
    who = _listed(list(dict.fromkeys(labels.actor(statements[name].actor) for name in asked.about)))
    if asked.sort == "reading":
        return f"How is what was said to be read ({who}: {', '.join(asked.about)})?"
    return f"Does it stand that “{statements[asked.about[0]].summary.rstrip('.')}” ({who}, {asked.about[0]})?"


def answer(asked: Question, given: Answer, labels: Labels) -> str:
    """Write an answer: a value or a condition in words, or the sentence it already is."""
    if asked.sort == "reading":
        return condition(given.text, labels)
    return value(given.text) if asked.sort == "plan" else given.text


def effect(asked: Question, given: Answer, labels: Labels) -> str:
    """Say what an answer would change."""
    whole = [f"{labels.plan(turn.plan)}: {turn.now} → {turn.then}" for turn in given.turns if not turn.actor]
    single: dict[tuple[str, str], list[str]] = {}
    for turn in given.turns:
        if turn.actor:
            single.setdefault((turn.plan, turn.then), []).append(labels.actor(turn.actor))
    parts = list(whole)
    if asked.sort == "silent":
        answered = len({turn.plan for turn in given.turns if turn.actor})
        if single:
            parts.append(
                f"{answered} plan{'s' if answered > 1 else ''} would have {'their' if answered > 1 else 'its'} answer"
            )
    else:
        parts += [f"{labels.plan(plan)}, {_listed(who)} → {then}" for (plan, then), who in single.items()]
    if given.agreeable is not None and given.agreeable != asked.agreeable_now:
        more = "more" if given.agreeable > asked.agreeable_now else "less"
        parts.append(f"{more} can be agreed")
    return "; ".join(parts) + "." if parts else "No verdict changes."


def unconfirmed(statements: Sequence[Statement]) -> str:
    """Say how many statements did not enter because nobody confirmed them."""
    left = sum(s.status in ("proposed", "disputed") for s in statements)
    out = sum(s.status == "rejected" for s in statements)
    rejected = f" {out} {'was' if out == 1 else 'were'} read and rejected." if out else ""
    if not left:
        return f"No statement waits to be confirmed.{rejected}" if out else "All statements are confirmed."
    return f"{left} of {len(statements)} statements are not confirmed and do not enter.{rejected}"


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
