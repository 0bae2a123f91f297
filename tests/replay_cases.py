"""Small recorded conflicts made by hand for tests of the `flee` rule set: a builder with good defaults, and cases.

Places are rows of `town`, `zone` (typed as a place of conflict), `camp`, `marker`, ...; links are rows of `link`.
People come from the reports of camps, `{camp: {day: people}}`. Whatever a test does not say is the default.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from asylia.io.flee_frames import REPLAY_FRAMES
from asylia.model.replay import NO_CAPACITY, Replay, ReplaySettings

__all__ = ["replace"]

FIRST = dt.date(2026, 1, 5)
HOME = "Riverland"
AWAY = "Hills"

PLACES, LINKS, CLOSURES, CORRECTIONS, REPORTS, TOTALS, FACTS, MAKEUP, FOOD, FLOODS, CHANGES = (
    REPLAY_FRAMES.values()
)


def date(day: int) -> dt.date:
    """Date of a day of the replay."""
    return FIRST + dt.timedelta(days=day)


def frame(schema: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Fill a table; columns not given are blank."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=dict(schema))


def place(name: str, kind: str, **more: object) -> dict[str, object]:
    """One row of places."""
    return {
        "name": name, "region": "North", "country": HOME, "lat": 14.0, "lon": 2.0, "kind": kind,
        "population": 0, "capacity": NO_CAPACITY, **more,
    }  # fmt: skip


def zone(name: str, population: int = 1000, **more: object) -> dict[str, object]:
    """A place typed as conflict from day 0."""
    return place(name, "conflict", population=population, onset_day=0, **more)


def town(name: str, population: int = 1000, **more: object) -> dict[str, object]:
    """A town."""
    return place(name, "town", population=population, **more)


def camp(name: str, capacity: int = NO_CAPACITY, **more: object) -> dict[str, object]:
    """A camp, abroad unless told otherwise."""
    return place(name, "camp", **{"capacity": capacity, "country": AWAY, **more})


def link(start: str, end: str, km: float, **more: object) -> dict[str, object]:
    """One row of links; it serves both ways."""
    return {"from": start, "to": end, "distance_km": float(km), "redirection": 0, **more}


def closure(what: str, name1: str, name2: str = "", start: int = 0, end: int = 0) -> dict[str, object]:
    """One row of closures; an end before the start never opens again."""
    return {"what": what, "name1": name1, "name2": name2, "start": start, "end": end}


def makeup(**shares: float) -> pl.DataFrame:
    """Shares of the values of one attribute everywhere; a leading underscore is dropped (`_70=1.0`)."""
    rows = [
        {"value": value.lstrip("_"), "place": "Default", "share": share} for value, share in shares.items()
    ]
    return frame(MAKEUP, rows)


def fighting(
    days: int, places: Sequence[Mapping[str, object]], intensity: Mapping[str, float | Sequence[float]]
):
    """Table of intensity (day, place): a number holds all days, a list from day 0 on, its last value to the end."""
    table = np.zeros((days, len(places)))
    names = [row["name"] for row in places]
    for name, given in intensity.items():
        values = [given] if isinstance(given, int | float) else list(given)
        values += [values[-1]] * (days - len(values))
        table[:, names.index(name)] = values[:days]
    return table


def replay(
    places: Sequence[Mapping[str, object]],
    links: Sequence[Mapping[str, object]],
    *,
    reports: Mapping[str, Mapping[int, int]],
    days: int = 8,
    intensity: Mapping[str, float | Sequence[float]] | None = None,
    closures: Sequence[Mapping[str, object]] = (),
    corrections: Mapping[str, Sequence[int]] | None = None,
    totals: Mapping[int, int] | None = None,
    facts: Sequence[tuple[str, str, str]] = (),
    attributes: Mapping[str, pl.DataFrame] | None = None,
    food: Sequence[tuple[int, str, float]] = (),
    floods: Sequence[tuple[int, str, float]] = (),
    changes: Sequence[tuple[int, str, str]] = (),
    **settings: object,
) -> Replay:
    """Make a replay of rows; places typed as conflict fight every day at 1 unless `intensity` is given."""
    if intensity is None:
        intensity = {row["name"]: 1.0 for row in places if row["kind"] == "conflict"}
    told = [
        {"camp": name, "file": f"{name}.csv", "date": date(day), "people": people}
        for name, series in reports.items()
        for day, people in series.items()
    ]
    mended = [
        {"camp": name, "date": date(day)} for name, found in (corrections or {}).items() for day in found
    ]
    total = [{"date": date(day), "people": people} for day, people in (totals or {}).items()]
    return Replay(
        id="tiny",
        title="Tiny",
        first=FIRST,
        days=days,
        places=frame(PLACES, places),
        links=frame(LINKS, links),
        intensity=fighting(days, places, intensity),
        closures=frame(CLOSURES, closures),
        corrections=frame(CORRECTIONS, mended),
        reports=frame(REPORTS, told),
        totals=frame(TOTALS, total),
        facts=frame(FACTS, [dict(zip(FACTS, row, strict=True)) for row in facts]),
        makeup=dict(attributes or {}),
        food=frame(FOOD, [dict(zip(FOOD, row, strict=True)) for row in food]),
        floods=frame(FLOODS, [dict(zip(FLOODS, row, strict=True)) for row in floods]),
        changes=frame(CHANGES, [dict(zip(CHANGES, row, strict=True)) for row in changes]),
        settings=ReplaySettings(**settings),
    )


def star(
    *,
    days: int = 8,
    reports: Mapping[str, Mapping[int, int]] | None = None,
    capacity: int = NO_CAPACITY,
    km: float = 100,
    **more: object,
) -> Replay:
    """One zone, a town and two camps: z joins t, c and d; t joins c. Twenty people, then more every day."""
    return replay(
        [zone("z"), town("t"), camp("c", capacity), camp("d", capacity)],
        [link("z", "t", 60), link("z", "c", km), link("z", "d", 2 * km), link("t", "c", 80)],
        reports=reports or {"c": {0: 6, days: 30}, "d": {0: 4, days: 20}},
        days=days,
        **more,
    )


def pair(kind: str = "camp", *, km: float = 100, people: int = 20, days: int = 8, **more: object) -> Replay:
    """Two places: all `people` set out from z on day 0, one link to b."""
    return replay(
        [zone("z"), place("b", kind, population=0 if kind == "camp" else 1000)],
        [link("z", "b", km)],
        reports={"b": {0: people}},
        **{"days": days, "insert_day0": False, **more},
    )


def chain(
    count: int = 4, *, km: Sequence[float] = (40, 40, 40, 40, 40), people: int = 20, **more: object
) -> Replay:
    """A zone, towns t1, t2, ... in a row and a camp c at the end; `people` set out on day 0."""
    names = ["z", *[f"t{number}" for number in range(1, count - 1)], "c"]
    places = [zone("z"), *[town(name) for name in names[1:-1]], camp("c")]
    steps = zip(names[:-1], names[1:], km, strict=False)
    return replay(
        places,
        [link(start, end, length) for start, end, length in steps],
        reports={"c": {0: people}},
        **{"insert_day0": False, **more},
    )


def two_wars(*, few: bool = False, **more: object) -> Replay:
    """Two zones that fight on other days and with other force, two towns, two camps, one at home for the displaced."""
    places = [
        zone("y", 9 if few else 700), town("x", 12 if few else 400), town("s", 800), camp("c", 40), place("i", "idpcamp", capacity=25), camp("d"),
    ]  # fmt: skip
    links = [
        link("y", "x", 90), link("y", "s", 60), link("x", "c", 210), link("x", "i", 50), link("s", "i", 75),
        link("s", "d", 180), link("c", "d", 120),
    ]  # fmt: skip
    wars = {"y": [1.0, 1.0, 0.5, 0.5, 0.0], "x": [0.0, 0.0, 2.0, 2.0, 1.0]}
    reports = {"c": {0: 3, 8: 25}, "i": {0: 8, 8: 30}, "d": {0: 0, 8: 12}}
    told = {"conflict_spawn_decay": (1.0, 0.5, 0.1), "conflict_spawn_decay_interval": 2}
    return replay(places, links, **{"reports": reports, "intensity": wars, **told, **more})


def markers(**more: object) -> Replay:
    """A zone that reaches its camps only past places that are no destination, and a forwarding place."""
    places = [zone("z"), place("m", "marker"), place("f", "forward"), camp("c"), camp("d"), town("t")]
    links = [
        link("z", "m", 50), link("m", "c", 90), link("m", "f", 40), link("f", "d", 120), link("f", "t", 30),
        link("t", "c", 200),
    ]  # fmt: skip
    return replay(places, links, reports={"c": {0: 4, 6: 24}, "d": {0: 0, 6: 10}}, days=6, **more)


def families(**more: object) -> Replay:
    """Women, men, children and the old, who see a place of fighting on the way with other eyes."""
    places = [zone("z"), zone("y", 100), town("t"), camp("c"), camp("d")]
    links = [
        link("z", "y", 60),
        link("z", "t", 60),
        link("z", "c", 150),
        link("y", "d", 60),
        link("t", "d", 300),
    ]
    attributes = {"age": makeup(_7=0.4, _16=0.2, _30=0.3, _70=0.3), "gender": makeup(f=2.0, m=1.0)}
    hazards = {"women_avoid_hazards": True, "children_avoid_hazards": True, "elderly_avoid_hazards": True}
    told = {"attributes": attributes, "conflict_weight": 0.3, "camp_weight": 2.0, "days": 5, **hazards}
    return replay(places, links, reports={"c": {0: 10, 5: 30}, "d": {0: 0, 5: 10}}, **{**told, **more})


def hungry(**more: object) -> Replay:
    """Two regions with other hunger, which grows."""
    places = [zone("z"), town("t", 500, region="South"), town("s", 900), camp("c", region="Beyond")]
    links = [link("z", "t", 60), link("z", "s", 60), link("t", "c", 70), link("s", "c", 90)]
    food = [(0, "North", 10.0), (4, "North", 50.0), (0, "South", 60.0), (9, "South", 90.0)]
    food += [(0, "Beyond", 0.0), (9, "Beyond", 20.0)]
    return replay(places, links, reports={"c": {0: 3, 6: 33}}, food=food, days=6, **more)


def wet(**more: object) -> Replay:
    """A place of floods on the way, under water for two days, and a zone."""
    places = [zone("z"), place("f", "flood", population=310), town("t"), camp("c")]
    links = [link("z", "f", 60), link("z", "t", 60), link("f", "c", 70), link("t", "c", 90)]
    floods = [(day, "f", level) for day, level in enumerate([0.0, 0.0, 1.0, 2.0, 1.5, 0.0])]
    told = {"flood_movechances": (0.3, 0.6, 0.9, 1.0), "flood_loc_weights": (1.0, 0.4, 0.1, 0.0)}
    return replay(
        places, links, reports={"c": {0: 3, 6: 33}}, **{"floods": floods, "days": 6, **told, **more}
    )


def far_apart(**more: object) -> Replay:
    """Places with coordinates of their own, so that home is near or far."""
    places = [
        zone("z", lat=10.0, lon=2.0), zone("y", 500, lat=11.0, lon=9.0), town("t", lat=10.3, lon=2.2),
        camp("c", lat=12.0, lon=9.0), camp("d", lat=9.0, lon=1.0),
    ]  # fmt: skip
    links = [
        link("z", "t", 60),
        link("y", "t", 90),
        link("t", "c", 300),
        link("t", "d", 150),
        link("z", "d", 200),
    ]
    told = {"stay_close_to_home": True, "home_distance_power": 0.7, "days": 5, "camp_movechance": 0.2}
    return replay(places, links, reports={"c": {0: 5, 5: 25}, "d": {0: 5, 5: 15}}, **{**told, **more})


def sent_on(**more: object) -> Replay:
    """A camp from which all who come are sent on to another, until that is lifted."""
    places = [zone("z"), town("t"), camp("c"), camp("d", 20)]
    links = [link("z", "c", 60), link("z", "t", 90), link("c", "d", 150, redirection=2), link("t", "d", 200)]
    lifted = [closure("remove_forced_redirection", "c", "d", 3, -1)]
    told = {"closures": lifted, "days": 6, "camp_movechance": 0.1, "awareness_level": 2}
    return replay(places, links, reports={"c": {0: 4, 6: 34}, "d": {0: 2, 6: 8}}, **{**told, **more})


def shut(*rows: Mapping[str, object], **more: object) -> Replay:
    """The star with something closed."""
    return star(days=6, closures=rows, **more)


@functools.cache
def features() -> dict[str, Replay]:
    """Cases that use one feature each, by name; the rule sets with and without quirks take all of them."""
    slow = {"avoid_short_stints": True, "default_movechance": 0.2}
    country = closure("country", HOME, AWAY, 1, 4)
    opened = [closure("link", "z", "c", 0, 3), closure("location", "t", "", 2, -1)]
    paved = [
        link("z", "t", 60, max_move_speed=50),
        link("z", "c", 100, walk_probability=0.4),
        link("t", "c", 80),
    ]
    sites = [zone("z"), town("t"), camp("c")]
    double = [
        link("z", "t", 60),
        link("z", "t", 150),
        link("t", "c", 300),
        link("t", "c", 80),
        link("z", "c", 400),
    ]
    return {
        "star": star(days=6),
        "room": star(days=6, capacity=14, camp_movechance=0.3),
        "little_room": star(
            days=6, capacity=10, capacity_buffer=0.5, capacity_scaling=1.4, camp_movechance=0.2
        ),
        "two_wars": two_wars(),
        "people_leave_home": two_wars(take_from_population=True, days=6),
        "aware_2": two_wars(awareness_level=2, days=6),
        "aware_3": chain(5, awareness_level=3, people=30, days=5),
        "aware_5_markers": markers(awareness_level=5),
        "markers": markers(),
        "powers": star(days=6, softening=50, distance_power=0.75, weight_power=1.5, weight_softening=0.2),
        "weights": two_wars(foreign_weight=2.5, camp_weight=1.7, conflict_weight=0.25, days=6),
        "pruned": star(days=6, pruning_threshold=2.5, awareness_level=2),
        "by_population": two_wars(use_pop_for_loc_weight=True, pop_power_for_loc_weight=0.3, days=6),
        "chance_by_population": two_wars(movechance_pop_scale_factor=0.2, movechance_pop_base=2000.0, days=6),
        "short_hops": chain(6, km=(30, 50, 20, 60, 90), people=25, days=5, max_move_speed=120),
        "short_stints": chain(6, km=(30, 50, 20, 60, 90), people=25, days=6, max_move_speed=120, **slow),
        "short_stints_far": chain(4, km=(300, 250, 410), people=25, days=6, max_move_speed=200, **slow),
        "first_leg_on_foot": chain(5, km=(90, 50, 70, 200), people=25, days=6, start_on_foot=True),
        "roads": replay(sites, paved, reports={"c": {0: 2, 6: 26}}, days=6),
        "country_closed": shut(country),
        "camp_closed": shut(closure("camp", "c", "", 1, 4), camp_weight=3.0),
        "place_and_link_closed": shut(*opened, awareness_level=2, km=800),
        "families": families(),
        "hunger": hungry(flee_when_starving=True, avoid_food_deprived_locations=True),
        "hunger_spawns": hungry(starvation_driven_spawning=True, conflict_zone_spawning_only=False),
        "per_conflict_day": two_wars(spawn_mode="constant", displaced_per_conflict_day=4.0, days=6),
        "per_person": two_wars(spawn_mode="pop_ratio", displaced_per_conflict_day=0.01, days=6),
        "boys": families(boys_take_risk=True),
        "close_to_home": far_apart(),
        "redirected": sent_on(),
        "two_roads": replay(
            sites, double, reports={"c": {0: 2, 6: 26}}, days=6, max_move_speed=120, awareness_level=2
        ),
        "flooded": wet(),
        "flood_spawns": wet(spawn_mode="flood", displaced_per_flood_day=(0.0, 0.01, 0.03)),
        "kinds_change": star(days=6, changes=[(1, "t", "camp"), (3, "c", "town")], camp_weight=2.0),
        "empty_camps": star(days=6, empty_camps_on_day0=True),
        "first_idps": star(days=6, facts=[("c", "initial_idps", "7")], camp_movechance=0.2),
        "few_people_left": two_wars(take_from_population=True, days=6, few=True),
        "no_day_0": two_wars(insert_day0=False, days=6),
        "per_day_alone": star(days=6, spawn_mode="constant", displaced_per_conflict_day=3.7),
        "poisson": two_wars(spawn_mode="poisson", displaced_per_conflict_day=4.0, days=6),
    }
