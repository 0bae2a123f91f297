"""Which standards are used: profiles that ship, and profiles a user copies and changes, checked for kind."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Final

from asylia.core.errors import CaseError, Problem, nearest
from asylia.core.quantities import quantity
from asylia.model.case import Case
from asylia.model.profile import Choice, Profile
from asylia.model.uncertain import Evidence
from asylia.need.measures import DERIVED, MEASURES, Derived, Measure
from asylia.need.standards import Standard, by_id, per_person

BASE: Final = "emergency"
"""Profile on which one without a base of its own rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing people need under a profile: how much a person, by which standards, and why these.

    Parameters
    ----------
    standard
        The standard it rests on first, with a value of the user's put in place if there is one.
    also
        Other standards the amount is worked out with.
    each
        Amount a person, in the unit of the measure.
    rule
        How it is worked out, where it is more than people times the standard.
    """

    measure: Measure | Derived
    sector: str
    standard: Standard
    also: tuple[Standard, ...] = ()
    each: float
    reason: str
    rule: str = ""

    @property
    def standards(self) -> tuple[Standard, ...]:
        """Every standard the amount rests on."""
        return (self.standard, *self.also)

    @property
    def is_need(self) -> bool:
        """Whether it is held against what a plan provides."""
        return isinstance(self.measure, Measure) and self.measure.role == "need"

    @property
    def meets(self) -> str:
        """The need it answers: its own, or the one it is worked out from."""
        if isinstance(self.measure, Derived):
            return self.measure.uses[0]
        return self.measure.meets or self.measure.id

    @property
    def evidence(self) -> Evidence:
        """The weakest evidence among the standards it rests on."""
        tags = {standard.evidence for standard in self.standards}
        order = (Evidence.UNKNOWN, Evidence.ASSUMED, Evidence.RECALLED, Evidence.DERIVED)
        return next((tag for tag in order if tag in tags), Evidence.SEEN)


@lru_cache(maxsize=1)
def shipped_profiles() -> Mapping[str, Profile]:
    """Read the profiles that ship, by name."""
    folder = files("asylia") / "data" / "standards" / "profiles"
    found = [
        tomllib.loads(one.read_text(encoding="utf-8"))
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".toml")
    ]
    return {
        one["id"]: Profile(
            id=one["id"],
            name=one["name"],
            based_on=one.get("based_on", ""),
            uses=tuple(Choice(**use) for use in one.get("uses", ())),
        )
        for one in found
    }


def requirements_of(case: Case) -> tuple[Requirement, ...]:
    """Work out what people need under the profile of a case; raises `CaseError` with everything wrong with it."""
    return resolve(case.standards, case.profile)


def needs_of(case: Case) -> tuple[Requirement, ...]:
    """Return what is held against provision under the profile of a case, one a measure."""
    return tuple(each for each in requirements_of(case) if each.is_need)


def profile(name: str) -> tuple[Requirement, ...]:
    """Return what is held against provision under a profile that ships, one a measure.

    Raises
    ------
    CaseError
        If there is no such profile.

    Examples
    --------
    >>> [r.standard.id for r in profile("emergency")][:3]
    ['WAT-04', 'WAT-06', 'SAN-01']
    """
    return tuple(each for each in resolve(name) if each.is_need)


def resolve(name: str, own: Profile | None = None) -> tuple[Requirement, ...]:
    """Work out every requirement of a profile: of the user's own, or of the one of this name that ships."""
    if own is None and name not in shipped_profiles():
        raise CaseError([_unknown("case.toml", "standards", name)])
    problems = list(check_profile(own, name)) if own is not None else []
    if problems:
        raise CaseError(problems)
    choices = _choices(own if own is not None else shipped_profiles()[name])
    values = {key: _changed(choice) for key, choice in choices.items()}
    each = {key: _each(key, values) for key in choices}
    direct = [
        Requirement(
            measure=MEASURES[key], sector=values[key].sector, standard=values[key],
            also=(values[MEASURES[key].share],) if MEASURES[key].share else (),
            each=each[key], reason=choices[key].reason,
        )
        for key in MEASURES
        if key in choices and MEASURES[key].role in ("need", "either")
    ]  # fmt: skip
    return (*direct, *(_derived(rule, values, each) for rule in DERIVED if set(rule.uses) <= set(each)))


def check_profile(own: Profile, file: str) -> Iterator[Problem]:
    """Hold a profile of the user's against the tables: names, kinds of amount, reasons."""
    if own.based_on not in shipped_profiles():
        yield _unknown(file, "based_on", own.based_on)
    seen: set[str] = set()
    for use in own.uses:
        column = f"uses.{use.measure}"
        if use.measure in seen:
            must = f"{use.measure} has one standard"
            yield Problem(
                file=file, column=column, value=use.standard, must=must, mend="Remove one of the two."
            )
        seen.add(use.measure)
        yield from _check_use(use, file, column)


def check_kind(measure: Measure, unit: str) -> str:
    """Say why a value in this unit cannot stand for a measure; empty if it can.

    >>> check_kind(MEASURES["ground"], "l/person/day")
    'Ground is given as area for each person (m2/person); l/person/day is volume for each person and time'
    >>> check_kind(MEASURES["water"], "m3/person/day")
    ''
    """
    found = quantity(unit)
    wanted = [quantity(kind) for kind in measure.kinds]
    if any(found.kind in (kind.kind, kind.inverse.kind) for kind in wanted):
        return ""
    return f"{measure.name} is given as {wanted[0]} ({measure.kinds[0]}); {unit} is {found}"


def _check_use(use: Choice, file: str, column: str) -> Iterator[Problem]:
    if use.measure not in MEASURES:
        mend = nearest(use.measure, MEASURES) or f"Known: {', '.join(MEASURES)}."
        yield Problem(file=file, column=column, value=use.measure, must="names a measure", mend=mend)
        return
    measure = MEASURES[use.measure]
    standard = by_id().get(use.standard)
    if standard is None:
        mend = nearest(use.standard, by_id()) or "The reference page of standards lists them."
        yield Problem(file=file, column=column, value=use.standard, must="names a standard", mend=mend)
        return
    if use.standard not in measure.standards:
        fault = check_kind(measure, standard.unit)
        must = fault or f"{use.standard} speaks of {measure.name.lower()}"
        mend = f"Standards for it: {', '.join(measure.standards)}."
        yield Problem(file=file, column=column, value=use.standard, must=must, mend=mend)
        return
    if use.value is not None:
        yield from _check_value(use, measure, file, column)


def _check_value(use: Choice, measure: Measure, file: str, column: str) -> Iterator[Problem]:
    unit = use.unit or by_id()[use.standard].unit
    fault = check_kind(measure, unit)
    if fault:
        mend = f"Write the value in {by_id()[use.standard].unit}."
        yield Problem(file=file, column=f"{column}.unit", value=unit, must=fault, mend=mend)
    if use.value is not None and use.value <= 0:
        must, mend = "is more than 0", "Leave the value out to keep the published one."
        yield Problem(file=file, column=f"{column}.value", value=f"{use.value:g}", must=must, mend=mend)
    elif measure.role == "factor" and not fault and (use.value or 0) * quantity(unit).factor >= 1:
        must, mend = "is a share below 1", "Write 35 with the unit %, or 0.35 with the unit share."
        yield Problem(file=file, column=f"{column}.value", value=f"{use.value:g}", must=must, mend=mend)


def _unknown(file: str, column: str, name: str) -> Problem:
    known = shipped_profiles()
    mend = nearest(name, known) or f"Known: {', '.join(known)}; or a .toml file in the case folder."
    return Problem(file=file, column=column, value=name, must="names a profile of standards", mend=mend)


def _choices(chosen: Profile) -> dict[str, Choice]:
    """Follow a profile to what it is based on; its own choices come first."""
    base = _choices(shipped_profiles()[chosen.based_on]) if chosen.based_on else {}
    return {**base, **{use.measure: use for use in chosen.uses}}


def _changed(choice: Choice) -> Standard:
    standard = by_id()[choice.standard]
    if choice.value is None:
        return standard
    unit = quantity(choice.unit or standard.unit)
    published = quantity(standard.unit)
    value = choice.value * unit.factor / published.factor
    if unit.kind != published.kind:
        value = 1.0 / (choice.value * unit.factor) / published.factor
    return replace(
        standard, value=value, low=None, high=None, evidence=Evidence.ASSUMED, editions=("the profile of the case",),
        source=choice.source or "Changed in the profile of the case",
        note=f"{standard.value:g} published; changed: {choice.reason}",
    )  # fmt: skip


def _each(key: str, values: Mapping[str, Standard]) -> float:
    """Give the amount a person, or the plain value of a factor or bound."""
    measure, amount = MEASURES[key], per_person(values[key])
    if measure.role == "bound":
        return values[key].value
    return amount * _each(measure.share, values) if measure.share else amount


def _derived(rule: Derived, values: Mapping[str, Standard], each: Mapping[str, float]) -> Requirement:
    first, *others = rule.uses
    shares = [MEASURES[key].share for key in rule.uses if MEASURES[key].share]
    return Requirement(
        measure=rule, sector=rule.sector, standard=values[first],
        also=tuple(values[key] for key in dict.fromkeys([*others, *shares]) if key != first),
        each=float(rule.work(*(each[key] for key in rule.uses))), reason=rule.rule, rule=rule.rule,
    )  # fmt: skip
