"""How much shared luck steadies the difference between two plans: syria-2017 over a year, with feedback.

Three ways to give two plans their luck:

- *nothing shared*: another seed for each plan;
- *same fighting, own days*: what is drawn before the first day is shared (rates, fighting, reactions, capacities, overrun),
  the small draws of each day are not. That is what one generator started from the same seed comes to, as soon as one plan
  uses up one number more than the other;
- *all keyed*, as Asylia does it: a draw is a hash of what it is for, so the days are shared too.

The figure is the variance of (plan A - plan B) over members with nothing shared, divided by that variance with luck shared:
so many times as many members would be needed without it, for the same width of the range. Every pair of plans is one
figure; the middle of the pairs is shown, and the least and most of them. Pairs that do not differ in any member once all
is keyed (two plans that move nobody differently, or not yet) would be a division by zero: they are counted instead, with
the difference that own days would have made up between them.

`python -m benchmarks.common_luck FILE.svg` draws the curve as well.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import start_key
from asylia.io.folder import find_case, read_case
from asylia.model.case import Case
from asylia.model.history import History
from asylia.model.plan import Plan
from asylia.model.scenario import Scenario
from asylia.move.facts import STREAMS
from asylia.move.run import simulate
from asylia.move.world import build
from asylia.need.cost import support
from asylia.report import svg
from asylia.study.conductor import with_no_zone
from asylia.study.members import Stage, all_stages, draw_fighting, exposures, fit_field, without_shelter
from asylia.study.movement import own_rules, scenario_of
from asylia.study.pressure import Pressure, press, weeks_needed
from asylia.study.settings import Settings

MEMBERS: Final = 100
DAYS: Final = 364
SEED, OTHER_SEED, DAYS_SEED = 7, 1007, 2007
HORIZONS: Final = (4, 13, 26, 52)
MILLION: Final = 1e6
"""Above it a ratio says only that next to nothing is left of the spread."""

WAYS: Final = ("nothing shared", "same fighting, own days", "all keyed")
NOTHING, FIGHTING, KEYED = WAYS

CRITERIA: Final = {
    "in_zones": "in zones",
    "without_shelter": "displaced without shelter",
    "exposure_2_km": "person-days within 2 km of a lethal event",
    "crossed": "crossed a border",
    "wanted_to_cross": "wanted to cross and could not",
    "refused": "refused by a full zone",
    "newly_displaced": "newly displaced",
    "returned": "went home",
}
SHOWN: Final = {
    "in_zones": "#0b6e4f",
    "without_shelter": "#1f4e8c",
    "exposure_2_km": "#b3541e",
    "crossed": "#7a3e9d",
    "returned": "#555555",
}
"""Criteria of the picture, and their colours."""

Kept = dict[str, dict[tuple[str, str], NDArray[np.float64]]]
"""Criterion -> (way, plan) -> float64 (member, week)."""
Figures = dict[str, object]


def measure() -> dict[str, Figures]:
    """Measure every criterion: by week, the middle of the pairs; at four horizons also the least and most."""
    case = read_case(find_case("syria-2017"))
    plans = with_no_zone(case, case.plans)
    kept = _run(case, plans)
    return {criterion: _figures(own, [plan.id for plan in plans]) for criterion, own in kept.items()}


def variances(
    own: Mapping[tuple[str, str], NDArray[np.float64]], plans: Sequence[str], way: str
) -> NDArray[np.float64]:
    """Give the variance of the difference of every pair of plans over members, float64 (pair, week)."""
    return np.array(
        [np.var(own[way, first] - own[KEYED, second], axis=0) for first, second in combinations(plans, 2)]
    )


def _figures(own: Mapping[tuple[str, str], NDArray[np.float64]], plans: Sequence[str]) -> Figures:
    by_way = {way: variances(own, plans, way) for way in WAYS}
    differ = by_way[KEYED] > 0
    found: Figures = {
        way: _over_pairs([(by_way[NOTHING] / np.where(differ, by_way[way], 1))[:, w][differ[:, w]]
                          for w in range(differ.shape[1])])
        for way in (FIGHTING, KEYED)
    }  # fmt: skip
    alike = by_way[FIGHTING][:, -1][~differ[:, -1]]
    found["alike"] = {"pairs": int(alike.size), "made_up": float(np.sqrt(alike.max(initial=0.0)))}
    return found


def _over_pairs(ratios: Sequence[NDArray[np.float64]]) -> Figures:
    """Sum up the ratios of the pairs that differ, week by week."""
    return {
        "by_week": [float(np.median(week)) if week.size else None for week in ratios],
        "at": {
            str(weeks): [float(f(ratios[weeks - 1])) for f in (np.min, np.median, np.max, np.size)]
            if ratios[weeks - 1].size
            else [None, None, None, 0.0]
            for weeks in HORIZONS
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Luck:
    """Where the luck of one way comes from: before the first day, and day by day."""

    before: int
    days: int


_LUCK = {
    NOTHING: _Luck(before=OTHER_SEED, days=OTHER_SEED),
    FIGHTING: _Luck(before=SEED, days=DAYS_SEED),
    KEYED: _Luck(before=SEED, days=SEED),
}


def _run(case: Case, plans: tuple[Plan, ...]) -> Kept:
    field, movement = fit_field(case), own_rules(case)
    stages = all_stages(case, plans, on_the_way=movement.rules == "fitted")
    rows: dict[str, dict[tuple[str, str], list[NDArray[np.float64]]]] = {name: {} for name in CRITERIA}
    for member in range(MEMBERS):
        for way, luck in _LUCK.items():
            settings = Settings(members=MEMBERS, days=DAYS, seed=luck.before, movement=movement)
            scenario = scenario_of(case, movement, member, luck.before)
            ahead = max(weeks_needed(each.posts, DAYS) for each in stages)
            fighting = draw_fighting(field, settings, member, ahead)
            for each in stages:
                pressure = press(each.posts, each.reference, scenario, fighting, case.modifiers, DAYS)
                history = _history(case, each, scenario, fighting, pressure, luck.days)
                exposed, _ = exposures(each, scenario, history, fighting, pressure)
                for name, values in _weekly(case, each, scenario, history, settings, exposed[1]).items():
                    rows[name].setdefault((way, each.plan.id), []).append(values)
    return {
        name: {key: np.array(members) for key, members in by_key.items()} for name, by_key in rows.items()
    }


def _history(
    case: Case,
    each: Stage,
    scenario: Scenario,
    fighting: NDArray[np.int64],
    pressure: Pressure,
    seed_of_days: int,
) -> History:
    world = build(
        case,
        each.plan,
        scenario,
        event_paths=fighting,
        overrun_days=pressure.falls,
        days=DAYS,
        ground=each.ground,
        siege=pressure.siege,
    )
    keys = np.array(
        [start_key(seed_of_days, int(name), scenario.member) for name in STREAMS], dtype=np.uint64
    )
    return simulate(replace(world, facts=world.facts._replace(luck=keys)))


def _weekly(
    case: Case,
    each: Stage,
    scenario: Scenario,
    history: History,
    settings: Settings,
    exposed: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    points = np.array(settings.points)
    helped, _ = support(each.plan, scenario, case.first, settings.days)
    found = {
        name: history.count(name) for name in CRITERIA if name not in {"without_shelter", "exposure_2_km"}
    }
    both = {
        "without_shelter": without_shelter(scenario, history, helped),
        "exposure_2_km": exposed,
    }
    return {name: np.asarray((found | both)[name][points], dtype=np.float64) for name in CRITERIA}


def show(found: dict[str, Figures]) -> str:
    """Put the figures at the horizons in a Markdown table: middle of the pairs, least to most."""
    head = ["criterion", "shared", *(f"{weeks} weeks" for weeks in HORIZONS), "pairs that differ", "made up"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, figures in found.items():
        alike = _mapping(figures["alike"])
        for way in (FIGHTING, KEYED):
            at = _mapping(_mapping(figures[way])["at"])
            pairs = _listed(at[str(HORIZONS[-1])])[3] or 0
            cells = [CRITERIA[name], way, *(_cell(at[str(weeks)]) for weeks in HORIZONS), f"{pairs:.0f}"]
            cells.append(f"{alike['made_up']:,.0f}" if way == FIGHTING and alike["pairs"] else "none")
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(figures: object) -> str:
    least, middle, most, _ = _listed(figures)
    if least is None or middle is None or most is None:
        return "-"
    ends = f"{_times(least)} to {_times(most)}" if least <= MILLION else "all"
    return f"{_times(middle)} ({ends})"


def _times(value: float) -> str:
    if value > MILLION:
        return "over a million"
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> list[float | None]:
    return value if isinstance(value, list) else []


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720.0, 400.0, 60.0, 520.0, 30.0, 350.0
TICKS: Final = (1, 10, 100, 1_000, 10_000, 100_000)


def draw(found: dict[str, Figures]) -> str:
    """Draw the middle of the pairs by week: thick for all keyed, thin for the same fighting with own days."""
    top = max(value for name in SHOWN for way in (FIGHTING, KEYED) for _, value in _curve(found, name, way))
    ticks = [tick for tick in TICKS if tick <= max(top * 1.2, 10)]
    scale = np.log(max(top * 1.2, ticks[-1]))

    def place(week: float, value: float) -> tuple[float, float]:
        x = LEFT + (RIGHT - LEFT) * (week - 1) / (DAYS // 7 - 1)
        return x, BOTTOM - (BOTTOM - TOP) * float(np.log(max(value, 1.0))) / scale

    text = {"font-family": "sans-serif", "font-size": 12, "fill": "#222222"}
    parts = [svg.element("rect", {"width": WIDTH, "height": HEIGHT, "fill": "#ffffff"})]
    for tick in ticks:
        y = place(1, tick)[1]
        parts.append(svg.element("path", {"d": svg.path([(LEFT, y), (RIGHT, y)]), "stroke": "#dddddd"}))
        parts.append(
            svg.element(
                "text",
                {**text, "x": LEFT - 8, "y": y + 4, "text-anchor": "end"},
                f"{tick:,}" + (" +" if tick == TICKS[-1] else ""),
            )
        )
    for week in HORIZONS:
        at = {"x": place(week, 1)[0], "y": BOTTOM + 18, "text-anchor": "middle"}
        parts.append(svg.element("text", {**text, **at}, f"week {week}"))
    parts.append(
        svg.element(
            "text", {**text, "x": LEFT, "y": TOP - 12}, "times as many members needed without shared luck"
        )
    )
    for row, (name, colour) in enumerate(SHOWN.items()):
        for way, width in ((FIGHTING, 1.0), (KEYED, 2.5)):
            curve = [place(week, value) for week, value in _curve(found, name, way)]
            line = {"d": svg.path(curve), "fill": "none", "stroke": colour, "stroke-width": width}
            parts.append(svg.element("path", line))
        y = TOP + 20 + 22 * row
        parts.append(
            svg.element(
                "text",
                {**text, "fill": colour, "x": RIGHT + 14, "y": y},
                CRITERIA[name].removesuffix(" of a lethal event"),
            )
        )
    for row, (said, width) in enumerate((("all keyed", 2.5), ("same fighting, own days", 1.0))):
        y = BOTTOM - 30 + 22 * row
        line = {"d": svg.path([(RIGHT + 14, y), (RIGHT + 40, y)]), "stroke": "#222222", "stroke-width": width}
        parts += [svg.element("path", line), svg.element("text", {**text, "x": RIGHT + 46, "y": y + 4}, said)]
    picture = svg.figure(
        (WIDTH, HEIGHT), "Shared luck steadies differences", "Ratio of variances by week; the table gives the figures.",
        parts, "luck",
    )  # fmt: skip
    return str(picture).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def _curve(found: dict[str, Figures], name: str, way: str) -> list[tuple[int, float]]:
    """Give the middles by week where any pair differs, no further up than the highest tick."""
    values = _listed(_mapping(found[name][way])["by_week"])
    return [(week, min(value, TICKS[-1])) for week, value in enumerate(values, start=1) if value is not None]


if __name__ == "__main__":
    measured = measure()
    print(show(measured))
    for file in sys.argv[1:]:
        Path(file).write_text(draw(measured), encoding="utf-8")
