"""Replays of all sorts for Hypothesis: small, and with whatever a folder may hold."""

from __future__ import annotations

from hypothesis import strategies as st

import replay_cases as cases

KINDS = ("conflict", "town", "town", "camp", "camp", "idpcamp", "forward", "marker")
chances = st.sampled_from([None, None, 0.3])


@st.composite
def settings_of_moves(draw):
    return {
        "awareness_level": draw(st.integers(1, 4)),
        "max_move_speed": draw(st.sampled_from([40.0, 120.0, 360.0])),
        "default_movechance": draw(st.sampled_from([0.0, 0.3, 1.0])),
        "camp_movechance": draw(st.sampled_from([0.0, 0.2])),
        "capacity_buffer": draw(st.sampled_from([0.5, 0.9, 1.0])),
        "avoid_short_stints": draw(st.booleans()),
        "start_on_foot": draw(st.booleans()),
        "take_from_population": draw(st.booleans()),
        "insert_day0": draw(st.booleans()),
        "pruning_threshold": draw(st.sampled_from([1.0, 1.5])),
        "weight_power": draw(st.sampled_from([0.5, 1.0, 2.0])),
        "use_pop_for_loc_weight": draw(st.booleans()),
        "conflict_spawn_decay": draw(st.sampled_from([(), (1.0, 0.5), (1.0, 0.0)])),
        "conflict_spawn_decay_interval": 2,
    }


@st.composite
def replays(draw):
    """Two to six places, the first a zone, the last a camp; links, wars, closures and settings of all sorts."""
    inner = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))
    names = ["z", *[f"p{number}" for number in range(len(inner))], "c"]
    places = [
        cases.place(
            name,
            kind,
            population=0 if kind in {"camp", "idpcamp"} else draw(st.sampled_from([700, 3, 0])),
            capacity=draw(st.sampled_from([-1, 5, 40])) if kind in {"camp", "idpcamp"} else -1,
            country=draw(st.sampled_from([cases.HOME, cases.AWAY])),
        )
        for name, kind in zip(names, ["conflict", *inner, "camp"], strict=True)
    ]
    pairs = [(x, y) for x in names for y in names if x < y]
    picked = draw(st.lists(st.sampled_from(pairs), min_size=2, max_size=8, unique=True))
    links = [
        cases.link(x, y, draw(st.sampled_from([1.0, 40.0, 90.0, 400.0])), walk_probability=draw(chances))
        for x, y in picked
    ]
    whats = st.sampled_from(["country", "location", "link", "camp"])
    shut = [
        shut_row(draw, draw(whats), draw(st.sampled_from(picked)), names)
        for _ in range(draw(st.integers(0, 2)))
    ]
    wars = {
        row["name"]: draw(st.lists(st.sampled_from([1.0, 0.0, 0.5, 2.0]), min_size=1, max_size=7))
        for row in places
        if row["kind"] == "conflict" or draw(st.booleans())
    }
    reports = {"c": {0: draw(st.integers(0, 20)), 2: draw(st.integers(5, 30)), 7: draw(st.integers(0, 80))}}
    told = draw(settings_of_moves())
    return cases.replay(places, links, reports=reports, days=7, closures=shut, intensity=wars, **told)


def shut_row(draw, what, pair, names):
    start, end = draw(st.sampled_from([(0, 3), (2, 5), (1, -1)]))
    if what == "country":
        return cases.closure(what, cases.HOME, cases.AWAY, start, end)
    if what == "link":
        return cases.closure(what, *pair, start, end)
    return cases.closure(what, "c" if what == "camp" else draw(st.sampled_from(names)), "", start, end)
