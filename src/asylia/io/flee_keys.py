"""Every key of the published settings file `simsetting.yml`: its kind, its limits, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Way = tuple[str, ...]
"""The keys that lead to a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One known key.

    Parameters
    ----------
    field
        Field of `ReplaySettings`; empty for a key without effect here.
    kind
        What stands behind it: `flag`, `number`, `whole`, `word`, `numbers` or `any`.
    lowest, highest
        Limits of numbers, inclusive.
    why
        For a key without effect: the reason, told where the key asks for something.
    """

    field: str = ""
    kind: str = "any"
    lowest: float = 0.0
    highest: float = 1e9
    words: tuple[str, ...] = ()
    why: str = ""


def _flag(name: str) -> Key:
    return Key(field=name, kind="flag")


def _number(name: str, highest: float = 1e9, lowest: float = 0.0) -> Key:
    return Key(field=name, kind="number", lowest=lowest, highest=highest)


_UNUSED: Final = "the published engine does not use it"
_NOT_BUILT: Final = "this rule of the published engine is not built here; the conflict is replayed without it"
_PRINTING: Final = Key()
CONFLICT, FLOOD = ("spawn_rules", "conflict_driven_spawning"), ("spawn_rules", "flood_driven_spawning")
FLOOD_RULES: Final = ("move_rules", "flood_rules")
KEYS: Final[Mapping[Way, Key]] = {
    ("number_of_steps",): Key(why=_UNUSED),
    ("conflict_input_file",): Key(why=_UNUSED),
    ("default_conflict_intensity",): Key(why="the table of conflicts says how much fighting there is"),
    **{
        ("log_levels", name): _PRINTING
        for name in ("agent", "link", "camp", "conflict", "init", "idp_totals", "granularity")
    },
    **{
        ("spawn_rules", name): _flag(name)
        for name in (
            "take_from_population",
            "insert_day0",
            "empty_camps_on_day0",
            "conflict_zone_spawning_only",
            "sum_from_camps",
            "starvation_driven_spawning",
        )
    },
    ("spawn_rules", "flood_zone_spawning_only"): Key(kind="flag"),
    ("spawn_rules", "camps_are_sinks"): Key(why=_UNUSED),
    ("spawn_rules", "camps_are_sicks"): Key(why=_NOT_BUILT),
    ("spawn_rules", "read_from_agents_csv_file"): Key(why=_NOT_BUILT),
    ("spawn_rules", "average_social_connectivity"): Key(why=_UNUSED),
    ("spawn_rules", "conflict_spawn_decay"): Key(field="conflict_spawn_decay", kind="numbers"),
    ("spawn_rules", "conflict_spawn_decay_interval"): Key(
        field="conflict_spawn_decay_interval", kind="whole", lowest=1, highest=100_000
    ),
    (*CONFLICT, "spawn_mode"): Key(kind="word", words=("constant", "poisson", "pop_ratio")),
    (*CONFLICT, "displaced_per_conflict_day"): _number("displaced_per_conflict_day"),
    (*FLOOD, "spawn_mode"): Key(
        field="flood_spawn_mode", kind="word", words=("constant", "poisson", "pop_ratio")
    ),
    (*FLOOD, "displaced_per_flood_day"): Key(field="displaced_per_flood_day", kind="numbers"),
    **{
        ("move_rules", name): _number(name, 1.0)
        for name in (
            "conflict_movechance",
            "default_movechance",
            "camp_movechance",
            "idpcamp_movechance",
            "capacity_buffer",
        )
    },
    **{
        ("move_rules", name): _number(name)
        for name in (
            "foreign_weight",
            "camp_weight",
            "conflict_weight",
            "capacity_scaling",
            "softening",
            "weight_softening",
            "pruning_threshold",
        )
    },
    **{
        ("move_rules", name): _number(name, 100.0)
        for name in (
            "distance_power",
            "weight_power",
            "home_distance_power",
            "pop_power_for_loc_weight",
            "movechance_pop_scale_factor",
        )
    },
    ("move_rules", "max_move_speed"): _number("max_move_speed", 2_000.0, 0.001),
    ("move_rules", "max_walk_speed"): _number("max_walk_speed", 2_000.0, 0.001),
    ("move_rules", "movechance_pop_base"): _number("movechance_pop_base", 1e9, 1.0),
    ("move_rules", "max_crossing_speed"): Key(why=_UNUSED),
    ("move_rules", "awareness_level"): Key(field="awareness_level", kind="whole", lowest=-5, highest=5),
    **{
        ("move_rules", name): _flag(name)
        for name in (
            "stay_close_to_home",
            "use_pop_for_loc_weight",
            "avoid_short_stints",
            "start_on_foot",
            "flee_when_starving",
            "avoid_food_deprived_locations",
        )
    },
    ("move_rules", "WomenAvoidHazards"): _flag("women_avoid_hazards"),
    ("move_rules", "ChildrenAvoidHazards"): _flag("children_avoid_hazards"),
    ("move_rules", "ElderlyAvoidHazards"): _flag("elderly_avoid_hazards"),
    ("move_rules", "BoysTakeRisk"): _flag("boys_take_risk"),
    ("move_rules", "use_v1_rules"): Key(kind="flag"),
    ("move_rules", "two_system_decision_making"): Key(why=_UNUSED),
    **{
        ("move_rules", name): Key(why=_NOT_BUILT)
        for name in (
            "fixed_routes",
            "MatchCampReligion",
            "MatchCampEthnicity",
            "MatchTownEthnicity",
            "MatchConflictEthnicity",
            "avg_religion_fraction",
            "use_economic_pull",
            "harvest_months",
            "average_social_connectivity",
        )
    },
    (*FLOOD_RULES, "max_flood_level"): Key(),
    (*FLOOD_RULES, "flood_movechances"): Key(field="flood_movechances", kind="numbers", highest=1.0),
    (*FLOOD_RULES, "flood_loc_weights"): Key(field="flood_loc_weights", kind="numbers"),
    (*FLOOD_RULES, "flood_link_weights"): Key(why=_UNUSED),
    **{
        (*FLOOD_RULES, name): Key(why=_NOT_BUILT)
        for name in (
            "flood_forecaster",
            "flood_forecaster_timescale",
            "flood_forecaster_weights",
            "flood_forecaster_end_time",
            "flood_awareness_weights",
        )
    },
    ("optimisations", "hasten"): Key(kind="whole", lowest=1),
}
"""Every key of the published settings file, and what becomes of it."""

SECTIONS: Final = frozenset(way[:depth] for way in KEYS for depth in range(1, len(way)))
