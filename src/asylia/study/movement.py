"""Which rules move people in a study of a case: the case's own numbers, or what was fitted to recorded conflicts.

With `fitted`, numbers that both rule sets know are drawn together from the posterior: how distance puts people off, and what
gets through a closed border. Networks, income of host countries and luck that no rule knows come on top, and who controls the
way counts beside its ends. All else stays as the case has it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Final, Literal, cast, get_args

import numpy as np
import polars as pl

from asylia.core.errors import PlanError, Problem
from asylia.io.fitted_data import read_draws, read_hosts
from asylia.model.case import Case, fingerprint
from asylia.model.fitted import FittedDraws
from asylia.model.scenario import Learned, Scenario, draw_member
from asylia.model.uncertain import Evidence, Uncertain
from asylia.move.fitted.facts import FAMILIAR

RulesName = Literal["case", "fitted"]
INSTEAD: Final[Mapping[str, str]] = {"distance_power": "nearness", "closed_border_share": "leak"}
"""Numbers of a case that the fit replaces, and the fitted parameter that stands in."""
ON_TOP: Final = ("network", "income", "country_spread", "camp_spread", "time_spread")
"""Fitted parameters that no number of a case knows."""
UNUSED: Final[Mapping[str, str]] = {
    "origin_size": "who leaves home follows the fighting of each place, by the case's own rate",
    "reach": "who leaves home follows the fighting of each place, by the case's own rate",
    "half_life": "the case's rate is fitted to its own recent months, which are long after the first fighting",
    "nest": "a case has one place for each country abroad",
    "size": "a case knows how many people live at a place, which the pool does not",
    "capacity": "stated capacities of the pool were set from the counts",
}
"""Fitted parameters that a case has no use for, and why."""
STRIDE: Final = 89
"""Draws are taken this many apart, so that few members meet all chains of the fit."""
FACTORS: Final = 3
"""Length of a row of `Movement.reported`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How people move in a study.

    Parameters
    ----------
    rules
        Whose.
    reported
        By first-level area, what counts that were taken in say: its name, and the factors of departures and of pull; empty if
        none were.
    counts
        Fingerprint of those counts.
    told
        What was taken in, in sentences.
    file, days
        Name of the file or folder they came in, and the last day that was looked at, from the first; to run it again.
    """

    rules: RulesName = "case"
    reported: tuple[tuple[str, float, float], ...] = ()
    counts: str = ""
    told: tuple[str, ...] = ()
    file: str = ""
    days: int = 0

    @property
    def key(self) -> str:
        """Name what the numbers depend on; empty for the case's own rules and no counts."""
        plain = self.rules == "case" and not self.reported
        return "" if plain else fingerprint((self.rules, self.reported))


PLAIN: Final = Movement()
"""The case's own rules, and no counts."""


def chosen_rules(case: Case, asked: str) -> RulesName:
    """Return the rules asked for, or the case's own choice; raises `PlanError` for a name that does not exist."""
    name = asked or case.movement
    if name not in get_args(RulesName):
        must, mend = "is case or fitted", "Leave it out for the choice of the case."
        raise PlanError([Problem(file="the command", column="rules", value=name, must=must, mend=mend)])
    return cast("RulesName", name)


def own_rules(case: Case) -> Movement:
    """Return the case's own choice of rules, without counts."""
    return Movement(rules=chosen_rules(case, ""))


def read_movement(found: object) -> Movement | None:
    """Take a movement out of what a record holds; none if anything in it is not as it was written."""
    names = {one.name for one in fields(Movement)}
    if not isinstance(found, dict) or set(found) != names or found["rules"] not in get_args(RulesName):
        return None
    lists, texts = (found["reported"], found["told"]), (found["counts"], found["file"])
    if not all(isinstance(one, list) for one in lists) or not all(isinstance(one, str) for one in texts):
        return None
    if not all(map(_is_factor, found["reported"])) or not all(isinstance(one, str) for one in found["told"]):
        return None
    if type(found["days"]) is not int:
        return None
    return Movement(
        **{**found, "reported": tuple(map(tuple, found["reported"])), "told": tuple(found["told"])}
    )


def _is_factor(row: object) -> bool:
    """Say whether a row names an area with two factors above 0."""
    if not isinstance(row, list) or len(row) != FACTORS or not isinstance(row[0], str):
        return False
    return all(type(one) is float and 0 < one < math.inf for one in row[1:])


def scenario_of(case: Case, movement: Movement, member: int, seed: int) -> Scenario:
    """Draw one member: every number of the case, with fitted rules what they put in its place and on top, and what counts say."""
    drawn = draw_member(case.rules, member, seed)
    if movement.reported:
        drawn = replace(drawn, reported={name: (rate, pull) for name, rate, pull in movement.reported})
    return drawn if movement.rules == "case" else fitted_scenario(case, posterior(), drawn)


def fitted_scenario(case: Case, draws: FittedDraws, scenario: Scenario) -> Scenario:
    """Put the member's draw of the posterior in the place of what the case assumes."""
    row = scenario.member * STRIDE
    values = {**scenario.values, **{name: draws.of(row, own) for name, own in replaced(case).items()}}
    learned = Learned(
        network=draws.of(row, "network"),
        group_spread=draws.of(row, "country_spread"),
        place_spread=draws.of(row, "camp_spread"),
        time_spread=draws.of(row, "time_spread"),
        abroad={
            name: draws.of(row, "income") * income + draws.of(row, "network") * people
            for name, income, people in _abroad(case)
        },
    )
    return replace(scenario, values=values, learned=learned)


def replaced(case: Case) -> Mapping[str, str]:
    """Return the numbers that the fit replaces in a case: not those it gives with a source of its own, which knows better."""
    return {name: own for name, own in INSTEAD.items() if name not in case.rules}


def posterior() -> FittedDraws:
    """Return the draws that ship, of the whole pool and without capacities: most of those were set from the answers."""
    return next(one for one in read_draws() if not one.capacities and not one.left_out)


def told_rules(case: Case, movement: Movement) -> Case:
    """Return the case with the numbers that are really drawn, for lists of assumptions: the fitted ones as their range."""
    if movement.rules == "case":
        return case
    draws = posterior()
    fitted = {name: _range(draws, own) for name, own in replaced(case).items()}
    return replace(case, rules={**case.rules, **fitted})


def _range(draws: FittedDraws, name: str) -> Uncertain:
    low, high = np.quantile(draws.values[:, draws.names.index(name)], (0.05, 0.95))
    why = f"Fitted to eight recorded conflicts (`{name}` of the fitted rules): 5 to 95 % of the draws for a conflict not fitted on."
    return Uncertain(low=float(low), high=float(high), evidence=Evidence.DERIVED, why=why)


@lru_cache(maxsize=4)
def _abroad(case: Case) -> list[tuple[str, float, float]]:
    """List places abroad: id, log income and log share of the refugees who are there, as known on the first day."""
    abroad = case.places.filter(pl.col("country") != case.country).sort("id").select("id", "country")
    counted = case.people.filter(
        (pl.col("status") == "refugee") & (pl.col("measure") == "stock") & (pl.col("date") <= case.first)
    ).sort("date")
    people = {str(row["area"]): int(row["persons"] or 0) for row in counted.iter_rows(named=True)}
    there = [(name, people.get(country, 0)) for name, country in abroad.iter_rows()]
    everybody = max(sum(count for _, count in there), 1)
    incomes = dict(_centred(tuple(abroad.iter_rows()), case.first.year))
    return [(name, incomes.get(name, 0.0), math.log(count / everybody + FAMILIAR)) for name, count in there]


@lru_cache(maxsize=16)
def _centred(rows: tuple[tuple[str, str], ...], year: int) -> tuple[tuple[str, float], ...]:
    """Return log incomes of the year before the case, less their mean; one that is not known counts as the mean."""
    hosts = read_hosts()
    known = {name: hosts.income_before(country, year) for name, country in rows}
    logs = {name: float(np.log(income)) for name, income in known.items() if income}
    middle = float(np.mean(list(logs.values()))) if logs else 0.0
    return tuple((name, log - middle) for name, log in logs.items())
