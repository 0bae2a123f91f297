"""Travel: one day on a link, or what is left of a day."""

from __future__ import annotations

from typing import Any

from asylia.core.draws import mix
from asylia.move.flee.bare import bare, inlined
from asylia.move.flee.cohorts import Cohorts, add, fresh_of, group_of, route_of, where_of, who
from asylia.move.flee.decide import halved
from asylia.move.flee.facts import WAVE, Facts, State
from asylia.move.flee.riders import Riders
from asylia.move.flee.shares import part

MOST_WAVES = 10_000
"""More waves than kilometres in a day: only links of no length could go on for ever."""


@bare
def travel(facts: Facts, state: State, riders: Riders, come: Cohorts, later: Cohorts) -> None:
    """Move all riders at the speed of their link, or on foot."""
    for row in range(riders.used[0]):
        link, people = where_of(riders.who[row]) - facts.people.size, riders.people[row]
        speed, walk = facts.link_speed[link], facts.link_walk[link]
        if facts.on_foot and fresh_of(riders.who[row]) == 1:
            speed, walk = facts.walking, 0.0
        if walk > 0.0:
            luck = mix(riders.key[row] ^ facts.link_salt[link])
            walkers = part(people, walk, luck, facts.dust)
            if walkers > 0:
                _advance(facts, state, riders, row, facts.walking, walkers, come, later)
            people -= walkers
        if people > 0:
            _advance(facts, state, riders, row, speed, people, come, later)
    riders.used[0] = 0


@inlined
def _advance(
    facts: Facts,
    state: State,
    riders: Riders,
    row: int,
    speed: int,
    people: Any,
    come: Cohorts,
    later: Cohorts,
) -> None:
    """Move people on their link; they stay on it, arrive, or are put back where the link has closed."""
    first, at, today, recent = riders.who[row], riders.at[row], riders.today[row], riders.recent[row]
    link, group = where_of(first) - facts.people.size, group_of(first)
    step = max(speed - today, 0) if facts.day_limit else speed
    left = facts.link_length[link] - at
    if step <= left:
        add(later, first, halved(facts, recent, today + step), at + step, 0, facts.grain, people)
    elif not state.is_open[link]:
        place = facts.link_start[link]
        state.here[place] += people
        add(later, who(place, -1, group, 0), halved(facts, recent, today + left), 0, 0, facts.grain, people)
    else:
        place, route = facts.link_end[link], route_of(first)
        state.here[place] += people
        if state.send_on[place] >= 0:
            route = state.send_on[place]
        short = recent + today + left < facts.speed
        if today + left < speed and state.now[WAVE] < MOST_WAVES:
            add(come, who(place, route, group, 0), recent, today + left, short, facts.grain, people)
        else:
            after = halved(facts, recent, today + left)
            add(later, who(place, route, group, 0), after, 0, 0, facts.grain, people)
