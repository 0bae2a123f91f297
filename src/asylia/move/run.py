"""Run a world and label what happened."""

from __future__ import annotations

import numpy as np

from asylia.core.errors import RunError
from asylia.model.history import COUNTS, RADII_KM, History
from asylia.move.facts import Facts, Record, State
from asylia.move.step import run
from asylia.move.world import World


def simulate(world: World) -> History:
    """Run one plan and one member, day by day.

    Raises
    ------
    RunError
        If people are not conserved on some day. Checked every day, exactly.
    """
    facts = world.facts
    state, record = _start(facts), _blank(facts)
    broken = run(facts, state, record)
    if broken >= 0:
        raise RunError(
            f'people went missing in plan "{world.plan}", member {world.member}, day {broken}: '
            f"{record.counts[:6, min(broken, record.counts.shape[1] - 1)].tolist()}"
        )
    for array in (*record, state.zone_refused):
        array.setflags(write=False)
    return History(
        plan=world.plan,
        member=world.member,
        places=world.places,
        zones=world.zones,
        counts=record.counts,
        exposure=record.exposure,
        person_km=record.person_km,
        displaced_at=record.displaced_at,
        zone_people=record.zone_people,
        zone_refused=state.zone_refused,
    )


def _start(facts: Facts) -> State:
    areas, places = facts.stock.shape
    zones = facts.zone_host.size
    options = facts.option_place.shape[2]
    return State(
        residents=facts.residents.copy(),
        away=facts.away.copy(),
        displaced=facts.stock.copy(),
        trapped=np.zeros((areas, places), dtype=np.int64),
        held=np.zeros((areas, places), dtype=np.int64),
        in_zone=np.zeros((areas, zones), dtype=np.int64),
        zone_full=np.zeros(zones, dtype=np.bool_),
        road=np.zeros((facts.slots, areas, places + zones), dtype=np.int64),
        tally=np.zeros(len(COUNTS), dtype=np.int64),
        exposure=np.zeros(len(RADII_KM)),
        person_km=np.zeros(1),
        zone_refused=np.zeros(zones, dtype=np.int64),
        depart=np.zeros(places),
        option_share=np.zeros((places, options)),
        option_rest=np.zeros((places, options)),
        towns=np.zeros(places),
        zones=np.zeros((places, zones)),
        today=np.zeros_like(facts.luck),
        later=np.zeros(zones),
    )


def _blank(facts: Facts) -> Record:
    days = facts.epoch_of_day.size
    return Record(
        counts=np.zeros((len(COUNTS), days), dtype=np.int64),
        exposure=np.zeros((len(RADII_KM), days)),
        person_km=np.zeros(days),
        zone_people=np.zeros((facts.zone_host.size, days), dtype=np.int64),
        displaced_at=np.zeros(facts.area_of.size, dtype=np.int64),
    )
