"""Would a plan hold: four lines that stand beside each other and are never multiplied.

How little would lose a veto holder; who would leave by the order of what it said; in what share of drawn worlds nobody who
can stop the plan refuses it; what became of agreements of the past. None of them is a probability that the plan works, and
a plan that everybody accepts can still fail the people in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asylia.consent.graph_model import GraphError
from asylia.consent.margin import Margin, Turn, Way, margin, turns
from asylia.consent.past_rates import PastRate, similar
from asylia.consent.space import compile_conditions, make_space, package_of
from asylia.consent.staying import Stays, ground, leaving_together, staying
from asylia.core.intervals import jeffreys
from asylia.model.actors import Actor, Statement, Term
from asylia.model.plan import Plan

Worlds: TypeAlias = NDArray[np.bool_] | Callable[[], NDArray[np.bool_]]
"""bool (draw,) or (draw, veto holder): true where it is accepted."""

MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """In how many of the drawn worlds every veto holder accepts.

    Parameters
    ----------
    k, n
        Worlds in which it is accepted, of how many.
    low, high
        90 % Jeffreys interval of the share.
    """

    k: int
    n: int
    low: float
    high: float

    @property
    def text(self) -> str:
        """Say it in tenths, and in no more of them than the draws support.

        >>> Share(k=70, n=100, low=0.62, high=0.77).text
        'In 6 to 8 of 10 worlds drawn'
        """
        if self.k in (0, self.n):
            return f"In {'none' if self.k == 0 else 'all'} of the {self.n:,} worlds drawn"
        low, high = (round(10 * end) for end in (self.low, self.high))
        if low == high and 0 < low < 10:
            return f"In about {low} of 10 worlds drawn"
        if high == 0:
            return "In fewer than 1 of 20 worlds drawn"
        return "In more than 19 of 20 worlds drawn" if low == 10 else f"In {low} to {high} of 10 worlds drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The four answers for one plan.

    Parameters
    ----------
    turns
        Single statements that, meant otherwise, would lose a veto holder.
    stays
        One for every actor that can change a term some statement turns on.
    together
        Coalitions that would gain by leaving together, though none of their members would alone.
    unsolved
        Why `stays` is empty, if it could not be solved.
    share
        `None` if no worlds were drawn.
    """

    plan: str
    margin: Margin
    turns: tuple[Turn, ...]
    stays: tuple[Stays, ...]
    together: tuple[tuple[str, ...], ...]
    unsolved: str
    share: Share | None
    past_rates: tuple[PastRate, ...]


def hold(
    plan: Plan,
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    terms: Sequence[Term],
    *,
    worlds: Worlds | None = None,
    provisions: Collection[str] = (),
    control: Mapping[str, Sequence[str]] | None = None,
) -> Hold:
    """Ask of one plan, in four separate ways, whether the consent to it would last.

    Parameters
    ----------
    worlds
        From `consent.doubt`: bool (draw,) or (draw, veto holder), or a function that gives it.
    provisions
        Groups of past agreements to show beside all of them, such as `peacekeeping` or `return`.
    control
        Terms each actor can change alone, by actor id; those of its vetoes if not given.
    """
    space = make_space(terms)
    package = package_of(plan.terms, space)
    conditions = compile_conditions(actors, statements, terms, space)
    holders = frozenset(actor.id for actor in actors if actor.vetoes)
    stays: tuple[Stays, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    unsolved = ""
    try:
        stays = staying(package, space, conditions, actors, control=control)
        together = leaving_together(ground(package, space, conditions, actors, control=control))
    except GraphError as error:
        unsolved = str(error)
    return Hold(
        plan=plan.id,
        margin=margin(package, space, conditions, holders),
        turns=turns(plan, statements, terms, holders),
        stays=stays,
        together=together,
        unsolved=unsolved,
        share=None if worlds is None else share_of(worlds),
        past_rates=similar(provisions),
    )


def share_of(worlds: Worlds) -> Share | None:
    """Count the drawn worlds in which every veto holder accepts; `None` if none was drawn."""
    accepted = np.asarray(worlds() if callable(worlds) else worlds, dtype=np.bool_)
    every = accepted.reshape(len(accepted), -1).all(axis=1) if accepted.size else np.empty(0, np.bool_)
    if not every.size:
        return None
    k, n = int(every.sum()), int(every.size)
    low, high = jeffreys(k, n)
    return Share(k=k, n=n, low=low, high=high)


def lines(found: Hold, actors: Sequence[Actor], terms: Sequence[Term]) -> dict[str, str]:
    """Write the four answers as short sentences: margin, stability, worlds, past."""
    names = {actor.id: actor.name for actor in actors} | _variable_names(terms)
    past = " ".join(rate.text for rate in found.past_rates)
    cautions = dict.fromkeys(rate.caution for rate in found.past_rates)
    share = (
        "No worlds were drawn."
        if found.share is None
        else f"{found.share.text}, nobody who can stop it refuses."
    )
    return {
        "margin": _margin_text(found.margin, names) + _turns_text(found.turns, names),
        "stability": _stability_text(found, names),
        "worlds": share,
        "past": " ".join([past, *cautions]),
    }


def _variable_names(terms: Sequence[Term]) -> dict[str, str]:
    plain = {term.id: term.name for term in terms if not term.several}
    return plain | {
        f"{term.id}:{v}": f"{term.name}: {v}" for term in terms if term.several for v in term.values
    }


def _margin_text(found: Margin, names: Mapping[str, str]) -> str:
    if found.changes is None:
        return "No confirmed condition of anyone who can stop it is known."
    refusing = [way for way in found.ways if not way.changes and not way.left_open]
    if refusing:
        return f"Refused as it stands by {_who(refusing, names)}."
    if found.changes == 0:
        left = sorted({names.get(name, name) for way in found.ways for name in way.left_open})
        return f"It hinges on what the plan leaves open ({', '.join(left)}) for {_who(found.ways, names)}."
    many = "1 term is" if found.changes == 1 else f"{found.changes} terms are"
    shown = list(dict.fromkeys(_all([c.variable for c in way.changes], names) for way in found.ways))
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    kept = "; ".join(shown[:MOST_NAMED]) + more
    return f"If {many} not kept ({kept}), it loses {_who(found.ways, names)}."


def _who(ways: Sequence[Way], names: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(names.get(way.actor, way.actor) for way in ways))


def _turns_text(found: Sequence[Turn], names: Mapping[str, str]) -> str:
    if not found:
        return ""
    count = "1 statement is" if len(found) == 1 else f"{len(found)} statements are"
    who = ", ".join(dict.fromkeys(names.get(turn.actor, turn.actor) for turn in found))
    return f" Each alone would lose one if {count} meant otherwise than read: {who}."


def _stability_text(found: Hold, names: Mapping[str, str]) -> str:
    if found.unsolved:
        return f"Not solved. {found.unsolved}"
    known = [one for one in found.stays if one.known]
    said = [_stays_text(one, names) for one in known if one.answers["Nash"] != "yes"]
    firm = [names.get(one.actor, one.actor) for one in known if one.answers["Nash"] == "yes"]
    if firm:
        said.append(f"Would not gain by changing a term of its own: {', '.join(firm)}.")
    unknown = [names.get(one.actor, one.actor) for one in found.stays if not one.known]
    if unknown:
        said.append(f"Cannot say what these would rather have: {', '.join(unknown)}.")
    said += [
        f"Together, though not alone, these would gain: {_all(group, names)}." for group in found.together
    ]
    return " ".join(said) or "Nobody can alone change a term that a statement turns on."


def _stays_text(one: Stays, names: Mapping[str, str]) -> str:
    name = names.get(one.actor, one.actor)
    how = ", ".join(f"{names.get(term, term)} to {value}" for term, value in one.by)
    would = "would gain" if one.answers["Nash"] == "no" else "may gain, by how the open terms are settled,"
    can = "can" if len(one.answered_by) == 1 else "can each"
    answer = f" {_all(one.answered_by, names)} {can} undo that." if one.answered_by else ""
    held = [concept for concept, said in one.answers.items() if said == "yes"]
    notions = f" It stays by: {', '.join(held)}." if held else ""
    return f"{name} {would} by changing {how}.{answer}{notions}"


def _all(members: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(member, member) for member in members)
