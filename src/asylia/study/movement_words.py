"""What a comparison says of the rules that moved people: whose they are, where they were tried, and what lies outside."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean
from typing import Final

import numpy as np

from asylia.io.fitted_data import CaseScore, read_case_scores, read_pool
from asylia.model.case import Case
from asylia.model.rules import RULES
from asylia.move.fitted.parameters import LEARNED, PARAMETERS
from asylia.study.movement import ON_TOP, UNUSED, Movement, RulesName, posterior, replaced
from asylia.study.skill import case_features, outside

ALWAYS: Final = (
    "Always outside: the conflicts of the fit counted people in camps, mostly across a border; here most people choose among "
    "towns of their own country."
)
ELSEWHERE: Final = (
    "stay near home",
    "size of the destination",
    "fighting at the destination",
    "who holds it",
)
"""What both rule sets know and the pool cannot inform, in words; those numbers stay the case's."""
WHOLE: Final[Mapping[RulesName, tuple[int, str]]] = {"case": (5, "5.1"), "fitted": (4, "5.2")}
"""Of 10 months of returns, those inside the 90 % range; and the top of the range of refugees, in millions."""
TOTALS: Final = (
    "How many leave home and how many return follows the case's own rates under either set of rules; held against Syria from "
    "March 2017 to January 2018, newly displaced people lay in the 90 % range in 8 of 11 months, returns in {returns} of 10, "
    "with some three and a half times as many returns recorded as the middle says."
)
REFUGEES: Final = (
    "Refugees were missed there: 5.33 million were registered in four countries at the end of 2017, and 4.9 million foreseen, "
    "{top} at the top of the 90 % range; the engine lets few people over closed borders and counts no births or late registrations."
)
"""These figures: `asylia validate hindcast syria-2017`, with `--rules case` and without, seed 1."""


def in_words(case: Case, movement: Movement, days: int) -> dict[str, tuple[str, ...]]:
    """Say in sentences, by heading, what moved people and how far it can be trusted.

    Returns
    -------
    `rules`, `validated_on`, `skill_here`, `outside_its_range`, `fitted`, `elicited`, `counts`; empty headings are left out.
    """
    fitted = movement.rules == "fitted"
    said = {
        "rules": (_rules(fitted=fitted),),
        "validated_on": tuple(_validated(fitted=fitted)),
        "skill_here": tuple(_skill(case, movement)),
        "outside_its_range": tuple(_outside(case, days)) if fitted else (),
        "fitted": tuple(_from_the_fit(case)) if fitted else (),
        "elicited": (_elicited(case),) if fitted else (),
        "counts": movement.told,
    }
    return {name: sentences for name, sentences in said.items() if sentences}


def _rules(*, fitted: bool) -> str:
    if not fitted:
        return "People move by the case's own rules: ranges from its sources, and elicited ones where nobody published any."
    return (
        "People move by the case's rules with what was fitted to recorded conflicts in them: how distance puts people off, what "
        "gets through a closed border, how people of the same origin draw others, the income of host countries, and a spread "
        "for what no rule knows of a place. Who controls the way counts beside its ends."
    )


def _validated(*, fitted: bool) -> list[str]:
    told = []
    scored = [one for one in read_pool() if one.scores]
    if fitted and scored:
        ours, equal, gravity = (
            fmean(one.scores[name] for one in scored) for name in ("asylia", "uniform", "gravity_05")
        )
        better = sum(
            one.scores["asylia"] < min(one.scores["uniform"], one.scores["gravity_05"]) for one in scored
        )
        told.append(
            f"The fitted part, on its own: {len(scored)} recorded conflicts, each left out of the fit "
            f"({', '.join(one.name for one in scored)}). Mean rescaled error of the split over camps {ours:.3f} (0 is exact, it "
            f"ends at 2), against {equal:.3f} for an equal split and {gravity:.3f} for a static gravity; better than both on "
            f"{better} of {len(scored)}."
        )
    told += [_hindcast(one) for one in read_case_scores() if one.rules == ("fitted" if fitted else "case")]
    return told


def _hindcast(one: CaseScore) -> str:
    return (
        f"The whole, on {one.case} with the fighting known, {one.months} months after its first day: newly displaced people by "
        f"area of arrival, error of the split {one.split_error:.2f} (0 is exact, 2 is all wrong), against {one.naive_error:.2f} "
        f"for the shares of the months before; {100 * one.inside:.0f} % of areas and months inside the 90 % range; CRPS of the split "
        f"{one.crps:.2f} of the people who moved."
    )


def _skill(case: Case, movement: Movement) -> list[str]:
    here = [one for one in read_case_scores() if one.case == case.id and one.rules == movement.rules]
    returns, top = WHOLE[movement.rules]
    whole = [TOTALS.format(returns=returns), REFUGEES.format(top=top)]
    if not here:
        return ["None shown. This case was never held against what happened later.", *whole]
    one = here[0]
    word = "no better than" if one.split_error >= one.naive_error else "better than"
    told = (
        f"The middle of the split is {word} the shares of the months before; the 90 % range held {100 * one.inside:.0f} %, "
        "so it is too narrow. Do not rely on a single area's figure."
    )
    return [told, *whole]


def _outside(case: Case, days: int) -> list[str]:
    told = [ALWAYS]
    found = outside(case_features(case, days), read_pool())
    if found:
        return [
            *told,
            f"Outside the range of those conflicts: {'; '.join(found)}. Their scores do not carry over.",
        ]
    return [
        *told,
        "Inside the range of those conflicts in everything else that is compared; that is no promise.",
    ]


def _from_the_fit(case: Case) -> list[str]:
    draws, stands_for = posterior(), {own: name for name, own in replaced(case).items()}
    told = []
    for name in (*stands_for, *ON_TOP):
        low, middle, high = np.quantile(draws.values[:, draws.names.index(name)], (0.05, 0.5, 0.95))
        told.append(
            f"{_meaning(name)} (`{name}`): {middle:.2g} ({low:.2g} to {high:.2g}){_how(name, stands_for)}"
        )
    told.append(f"Not used here: {'; '.join(f'`{name}` ({why})' for name, why in UNUSED.items())}.")
    return told


def _meaning(name: str) -> str:
    known: Mapping[str, str] = {one.name: one.means for one in PARAMETERS}
    return known.get(name, "spread of what is not known").capitalize()


def _how(name: str, stands_for: Mapping[str, str]) -> str:
    stands = f", in place of `{stands_for[name]}`" if name in stands_for else ""
    learned = {one.name: bool(mark) for one, mark in zip(PARAMETERS, LEARNED, strict=True)}
    prior = "" if learned.get(name, True) else "; not fitted, its prior"
    return f"{stands}{prior}."


def _elicited(case: Case) -> str:
    taken = replaced(case)
    names = [name for name in RULES if name not in taken]
    return (
        f"The pool says nothing of {', '.join(ELSEWHERE)}, departures, returns, moving on or zones: "
        f"{', '.join(f'`{name}`' for name in names)} stay as the case has them or are elicited."
    )
