"""Bargaining sets with a known answer: points listed, curves given as formulas, and domains of additive scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.bargain import (
    Bargain,
    Elicited,
    bargain,
    egalitarian,
    equal_spread,
    kalai_smorodinsky,
    nash,
)
from asylia.consent.diagram import build
from asylia.consent.space import Space, Variable
from asylia.io.json_file import Entry
from asylia.study.frontier import FrontierError, pick, read_frontier
from asylia.study.known import Known

Points = NDArray[np.float64]
Rule = Callable[[Points, Points], NDArray[np.int64]]

RULES: Final[Mapping[str, Rule]] = {
    "nash": nash,
    "kalai_smorodinsky": kalai_smorodinsky,
    "max_min_ratio": kalai_smorodinsky,
    "egalitarian": egalitarian,
    "equal_spread": equal_spread,
}
"""Answer in a file -> our rule. `max_min_ratio` is Kalai-Smorodinsky by another name; equal spread is not."""

MOST_POINTS: Final = 5_000
MOST_ACTORS: Final = 10
MOST_ISSUES: Final = 100
MOST_OUTCOMES: Final = 10_000_000
LARGEST_SCORE: Final = 1000.0


def known_points(file: Entry) -> Iterator[Known]:
    """Go through the bargaining sets of a file of shape `analytic-bargaining/1`."""
    for case in file.part("instances").items(1000):
        name = case.part("name").text()
        without = np.array(case.part("disagreement").numbers(MOST_ACTORS))
        choose = _among_points(case, without) if case.has("points") else _on_curve(case, without)
        for key, rule in RULES.items():
            if case.has(key):
                expected = case.part(key).numbers(MOST_ACTORS)
                tied = choose(rule)
                found = min(tied, key=lambda point: _distance(point, expected), default=[])
                yield Known(file=file.file, case=name, check=key, expected=expected, found=found)


def known_domains(file: Entry) -> Iterator[Known]:
    """Go through the domains of a file of shape `bargaining/1`, by way of the search over packages."""
    for case in file.part("instances").items(1000):
        name = case.part("name").text()
        found = _solve_domain(case)
        scores, without = found.front.scores, np.array(found.no_deal)
        answers: dict[str, object] = {
            "nash_product": float(np.prod(scores[found.nash[0]] - without)) if found.nash else 0.0,
            "egalitarian_min": float(scores[found.egalitarian[0]].min()) if found.egalitarian else 0.0,
            "max_welfare": float(scores.sum(axis=1).max()),
            "pareto_count": sum(found.front.counts or ()),
        }
        for key, expected in case.part("known").parts():
            if key in answers:
                yield Known(
                    file=file.file, case=name, check=key, expected=expected.number(), found=answers[key]
                )


def _distance(point: list[float], expected: list[float]) -> float:
    return sum(abs(a - b) for a, b in zip(point, expected, strict=False))


def _among_points(case: Entry, without: Points) -> Callable[[Rule], list[list[float]]]:
    rows = [row.numbers(MOST_ACTORS) for row in case.part("points").items(MOST_POINTS)]
    if not rows or {len(row) for row in rows} != {without.size} or not without.size:
        raise case.wrong("has points with one number for each disagreement value", "Complete the points.")
    points = np.array(rows)

    def choose(rule: Rule) -> list[list[float]]:
        tied: list[list[float]] = points[rule(points, without)].tolist()
        return tied

    return choose


def _on_curve(case: Entry, without: Points) -> Callable[[Rule], list[list[float]]]:
    text = case.part("frontier")
    try:
        frontier = read_frontier(text.text(), without.size)
    except FrontierError as error:
        raise text.wrong(str(error).rstrip("."), "Give the points instead.") from error

    def choose(rule: Rule) -> list[list[float]]:
        try:
            return [pick(frontier, lambda points: rule(points, without), without.tolist())]
        except FrontierError as error:
            raise text.wrong(str(error).rstrip("."), "Give the points instead.") from error

    return choose


def _solve_domain(case: Entry) -> Bargain:
    profiles = case.part("profiles").items(MOST_ACTORS)
    if not profiles:
        raise case.wrong("has a profile or more", "Add the profiles.")
    issues = {name: [v for v, _ in values.parts()] for name, values in profiles[0].part("issues").parts()}
    space = Space(
        variables=tuple(
            Variable(name=name, term=name, values=tuple(values)) for name, values in issues.items()
        )
    )
    if not 0 < len(issues) <= MOST_ISSUES or not 0 < space.size <= MOST_OUTCOMES:
        must = f"has 1 to {MOST_ISSUES} issues and 1 to {MOST_OUTCOMES:,} outcomes"
        raise case.wrong(must, "Leave out issues or values.")
    elicited = [_profile(number, one, space) for number, one in enumerate(profiles, start=1)]
    return bargain(build(space, ()), elicited)


def _profile(number: int, profile: Entry, space: Space) -> Elicited:
    weights, issues = profile.part("issueWeights"), profile.part("issues")
    worth = {
        v.name: {
            value: _score(weights.part(v.name)) * _score(issues.part(v.name).part(value))
            for value in v.values
        }
        for v in space.variables
    }
    reserve = _score(profile.part("reservationValue"))
    return Elicited(actor=f"actor {number}", worth=worth, no_deal=reserve, source=profile.file)


def _score(entry: Entry) -> float:
    """Take a weight or value; far larger ones could not be added up exactly."""
    if abs(entry.number()) > LARGEST_SCORE:
        raise entry.wrong(f"is at most {LARGEST_SCORE:g}", "Give weights and values between 0 and 1.")
    return entry.number()
