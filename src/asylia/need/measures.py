"""What people need, and which standards speak of it. No amounts stand here: those are in the tables of standards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something people need, in which amounts, and the standards that speak of it.

    Parameters
    ----------
    unit
        Unit of the amount a zone needs.
    whole
        Whether the amount is counted in whole pieces.
    standards
        Ids of every standard a plan may name for it.
    kinds
        Units whose kind a value for it must have.
    role
        `need`: held against what a plan provides. `factor`: a share or loss that other measures are worked out with. `bound`: a
        limit on size, distance or layout. `either`: another way to meet a need that stands in the table too.
    share
        Measure whose share of people it is for; empty for everybody.
    meets
        The need it is another way to meet, or another amount of; empty for a need of its own.
    """

    id: str
    name: str
    unit: str
    whole: bool
    standards: tuple[str, ...]
    kinds: tuple[str, ...]
    role: str = "need"
    share: str = ""
    meets: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Something that follows from other measures, by a rule that is stated.

    Parameters
    ----------
    uses
        Measures it is worked out from, in the order the rule takes them.
    work
        Amounts a person of those, or plain values of factors and bounds, to the amount a person of this.
    rule
        The same in words.
    """

    id: str
    name: str
    sector: str
    unit: str
    whole: bool
    uses: tuple[str, ...]
    work: Callable[..., float]
    rule: str


def _need(
    name: str, label: str, unit: str, kind: str, *standards: str, share: str = "", whole: bool = True
) -> Measure:
    kinds = tuple(kind.split(" or "))
    return Measure(id=name, name=label, unit=unit, whole=whole, standards=standards, kinds=kinds, share=share)


def _other(
    name: str, label: str, role: str, kind: str, *standards: str, unit: str = "", meets: str = ""
) -> Measure:
    kinds = tuple(kind.split(" or "))
    return Measure(
        id=name,
        name=label,
        unit=unit or kind,
        whole=role == "either" and not unit.endswith(" a day"),
        standards=standards,
        kinds=kinds,
        role=role,
        meets=meets,
    )


MEASURES: Final[dict[str, Measure]] = {
    measure.id: measure
    for measure in (
        _need("water", "Water", "litres a day", "l/person/day", "WAT-01", "WAT-02", "WAT-03", "WAT-04", "WAT-05", whole=False),
        _need("taps", "Taps", "taps", "people/tap", "WAT-06", "WAT-07"),
        _other("pumps", "Hand pumps, in place of taps", "either", "people/handpump or people/source or people/well",
               "WAT-08", "WAT-09", "WAT-10", unit="hand pumps", meets="taps"),
        _other("water_loss", "Water lost on the way", "factor", "%", "WAT-18", "WAT-18-L"),
        _other("water_distance", "Distance to water", "bound", "m", "WAT-11", "WAT-12", "WAT-13"),
        _need("toilets", "Toilets", "toilets", "people/toilet", "SAN-01", "SAN-02"),
        _need("showers", "Bath shelters", "bath shelters", "people/unit", "SAN-03", "SAN-03-P"),
        _need("hygiene", "Hygiene promoters", "promoters", "people/promoter", "SAN-09", "SAN-09-P"),
        _need("refuse", "Refuse containers", "containers", "people/bin", "SAN-11"),
        _need("ground", "Ground", "square metres", "m2/person", "SIT-01", "SIT-02", whole=False),
        _need("covered_area", "Covered area", "square metres", "m2/person", "SIT-03", "SIT-04", whole=False),
        _need("relief_sets", "Core relief item sets", "sets", "people", "SIT-13"),
        _other("fire_break", "Width of fire breaks", "bound", "m", "SIT-06"),
        _other("fire_interval", "Built length between fire breaks", "bound", "m", "SIT-07"),
        _other("site_size", "Largest settlement", "bound", "people", "SIT-12"),
        _need("food", "Food energy", "kcal a day", "kcal/person/day", "FOO-01", whole=False),
        _other("ration", "Weight of food to carry", "either", "kg/person/day", "FOO-05", unit="kilograms a day", meets="food"),
        _need("health_posts", "Health posts", "health posts", "people/facility", "HEA-01"),
        _need("health_centres", "Health centres", "health centres", "people/facility", "HEA-02", "HEA-02-U"),
        _need("hospitals", "Hospitals", "hospitals", "people/facility", "HEA-03", "HEA-03-U"),
        _need("beds", "Hospital beds", "beds", "beds/10,000", "HEA-04"),
        _need("health_staff", "Doctors, nurses and midwives", "people at work", "staff/10,000", "HEA-05", "HEA-05-A"),
        _need("community_health", "Community health workers", "people at work", "CHW/1,000", "HEA-06"),
        _other("vaccine_age", "Share of children to vaccinate", "factor", "share", "GRP-01"),
        _need("vaccination", "Children vaccinated against measles", "children", "%", "HEA-09", share="vaccine_age"),
        _need("schooling", "School places", "school places", "share or people/school", "EDU-04", "EDU-01"),
        _need("teachers", "Teachers", "teachers", "pupils/teacher", "EDU-02", share="schooling"),
        _need("classroom_space", "Classroom space", "square metres", "m2/pupil", "EDU-03", share="schooling", whole=False),
        _need("distribution", "Distribution points", "distribution points", "people/point", "CCM-01"),
        _need("nutrition", "Feeding centres", "feeding centres", "people/centre", "CCM-03"),
        _need("storage", "Storage area", "square metres", "m2/person", "CCM-04", whole=False),
        _need("police", "Police for law and order", "officers", "officers/1,000", "CCM-05"),
    )
}  # fmt: skip

STAFF: Final = ("hygiene", "health_staff", "community_health", "teachers", "police")
DERIVED: Final[tuple[Derived, ...]] = (
    Derived(
        id="water_source", name="Water at the source", sector="wash_water", unit="litres a day", whole=False,
        uses=("water", "water_loss"), work=lambda water, loss: water / (1 - loss),
        rule="Water people are given, over the share that is not lost on the way.",
    ),
    Derived(
        id="water_points", name="Water points near enough", sector="wash_water", unit="points", whole=True,
        uses=("ground", "water_distance"), work=lambda ground, metres: ground / (2 * metres**2),
        rule="Ground at the standard over the square that a point reaches: within r metres lies a square of 2 r2.",
    ),
    Derived(
        id="fire_break_ground", name="Ground kept free as fire breaks", sector="site", unit="square metres", whole=False,
        uses=("ground", "fire_break", "fire_interval"), work=lambda ground, wide, built: ground * wide / (wide + built),
        rule="Share of the ground: the width of a break over break and built length together. It lies inside the ground at the standard.",
    ),
    Derived(
        id="classrooms", name="Classrooms", sector="education", unit="rooms", whole=True,
        uses=("teachers",), work=lambda teachers: teachers, rule="One room a teacher, in one shift.",
    ),
    Derived(
        id="site_staff", name="Staff of these services together", sector="services", unit="people at work", whole=True,
        uses=STAFF, work=lambda *staff: sum(staff),
        rule="Sum of promoters, health staff, community health workers, teachers and police. No row gives managers of a site, so none are in it.",
    ),
    Derived(
        id="settlements", name="Settlements of the largest size", sector="site", unit="settlements", whole=True,
        uses=("site_size",), work=lambda size: 1 / size, rule="People over the largest single settlement planned for.",
    ),
)  # fmt: skip

MEASURE_OF: Final[dict[str, str]] = {
    s: measure.id for measure in MEASURES.values() for s in measure.standards
}
"""Measure by standard id."""
