"""Published standards as data, side by side, and the profiles that say which of them are used.

Every number comes from the table of standards with its edition, source and evidence tag; none stands in code.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from asylia.core.errors import CaseError, Problem, nearest
from asylia.model.uncertain import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One row of the table of standards.

    Parameters
    ----------
    bound
        min, max, planning, alert or derived.
    phase
        When it applies: emergency, post_emergency, all, ...
    source, url
        Edition, and where it was published.
    """

    id: str
    sector: str
    indicator: str
    bound: str
    value: float
    unit: str
    phase: str
    source: str
    url: str
    evidence: Evidence
    note: str = ""


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
    """

    id: str
    name: str
    unit: str
    whole: bool
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Which standard a profile uses for a measure, and why this one."""

    measure: str
    standard: str
    reason: str


def _measure(name: str, label: str, unit: str, *standards: str, whole: bool = True) -> Measure:
    return Measure(id=name, name=label, unit=unit, whole=whole, standards=standards)


MEASURES: Final[dict[str, Measure]] = {
    measure.id: measure
    for measure in (
        _measure(
            "water", "Water", "litres a day", "WAT-01", "WAT-02", "WAT-03", "WAT-04", "WAT-05", whole=False
        ),
        _measure("taps", "Taps", "taps", "WAT-06", "WAT-07"),
        _measure("toilets", "Toilets", "toilets", "SAN-01", "SAN-02"),
        _measure("showers", "Bath shelters", "bath shelters", "SAN-03"),
        _measure("hygiene", "Hygiene promoters", "promoters", "SAN-09"),
        _measure("ground", "Ground", "square metres", "SIT-01", "SIT-02", whole=False),
        _measure("covered_area", "Covered area", "square metres", "SIT-03", "SIT-04", whole=False),
        _measure("food", "Food energy", "kcal a day", "FOO-01", whole=False),
        _measure("health_posts", "Health posts", "health posts", "HEA-01"),
        _measure("schooling", "School places", "school places", "EDU-04", "EDU-01", "EDU-02", "EDU-03"),
    )
}

_BOTH: Final = (
    Use(measure="showers", standard="SAN-03", reason="The only published figure; 20 later, in its note."),
    Use(measure="hygiene", standard="SAN-09", reason="The only published figure; 1,000 later, in its note."),
    Use(
        measure="ground",
        standard="SIT-01",
        reason="Sphere and UNHCR agree on 45 m2 where services stand inside; outside ones are not known.",
    ),
    Use(
        measure="covered_area",
        standard="SIT-03",
        reason="The minimum everywhere; the figure for cold places is recalled and stays a choice.",
    ),
    Use(measure="food", standard="FOO-01", reason="Planning figure of Sphere, and what Zaatari was given."),
    Use(
        measure="health_posts",
        standard="HEA-01",
        reason="The nearest level of care, which every zone needs at any size.",
    ),
    Use(
        measure="schooling",
        standard="EDU-04",
        reason="A place for each child of 5 to 17 years; their share was seen in Zaatari, where most are Syrian.",
    ),
)
PROFILES: Final[dict[str, tuple[Use, ...]]] = {
    "emergency": (
        Use(measure="water", standard="WAT-04", reason="UNHCR for the emergency phase, equal to Sphere."),
        Use(measure="taps", standard="WAT-06", reason="Sphere and UNHCR for the emergency phase."),
        Use(measure="toilets", standard="SAN-01", reason="UNHCR for the emergency phase, Sphere short term."),
        *_BOTH,
    ),
    "post_emergency": (
        Use(measure="water", standard="WAT-05", reason="UNHCR after the emergency phase."),
        Use(measure="taps", standard="WAT-07", reason="UNHCR after the emergency phase."),
        Use(measure="toilets", standard="SAN-02", reason="Sphere, and UNHCR after the emergency phase."),
        *_BOTH,
    ),
}
"""Standards by profile name. Taps, bath shelters and promoters have no effect on the amounts of water or toilets."""

MEASURE_OF: Final[dict[str, str]] = {
    s: measure.id for measure in MEASURES.values() for s in measure.standards
}
"""Measure by standard id."""


@lru_cache(maxsize=1)
def read_standards() -> tuple[Standard, ...]:
    """Read every published standard that ships, in file order."""
    table = files("asylia") / "data" / "standards" / "standards.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return tuple(
        Standard(
            id=row["id"],
            sector=row["sector"],
            indicator=row["indicator"],
            bound=row["bound"],
            value=float(row["value"]),
            unit=row["unit"],
            phase=row["phase"],
            source=row["source"],
            url=row["url"],
            evidence=Evidence(row["evidence"]),
            note=row["note"],
        )
        for row in rows
    )


def profile(name: str) -> tuple[Standard, ...]:
    """Return the standards of a profile, one a measure.

    Raises
    ------
    CaseError
        If there is no such profile.

    Examples
    --------
    >>> [s.id for s in profile("emergency")][:3]
    ['WAT-04', 'WAT-06', 'SAN-01']
    """
    if name not in PROFILES:
        mend = nearest(name, PROFILES) or f"Known: {', '.join(PROFILES)}."
        must = "names a profile of standards"
        raise CaseError([Problem(file="case.toml", column="standards", value=name, must=must, mend=mend)])
    by_id = {standard.id: standard for standard in read_standards()}
    return tuple(by_id[use.standard] for use in PROFILES[name])
