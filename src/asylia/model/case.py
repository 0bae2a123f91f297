"""What is known about one conflict at one date."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from typing import Final

import numpy as np
import polars as pl

from asylia.model.actors import Actor, Floor, Statement, Term
from asylia.model.modifiers import Prior
from asylia.model.plan import Plan
from asylia.model.profile import Profile
from asylia.model.recorded import Recorded
from asylia.model.uncertain import Uncertain
from asylia.model.what_if import WhatIf

LATER: Final[Mapping[str, frozenset[str]]] = {
    "Case": frozenset({"profile", "replay", "floor", "modifiers", "scenarios", "movement"}),
    "Term": frozenset({"controller"}),
    "Plan": frozenset(
        (
            "form",
            "safeguards",
            "consents",
            "commitments",
            "revisions",
            "aims",
            "returns",
            "limits",
            "coded",
            "known_from",
        )
    ),
    "ConsentRecord": frozenset({"until"}),
    "Zone": frozenset({"decrees", "covers"}),
    "Service": frozenset({"ramp_up_days"}),
    "Protection": frozenset({"force_asked", "force_declared", "force_funded"}),
    "Cost": frozenset({"usd_year", "priority"}),
    "Funding": frozenset({"on", "earmark"}),
}
"""Fields that nouns gained after fingerprints of cases had been told: they count only once they say something, so that a
case that does not use them keeps its fingerprint."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Places, routes, people, fighting, actors and what they said, with sources. Never what came after.

    Parameters
    ----------
    id, title, country
        `country` is written as in `places.country`.
    as_of
        Last day of knowledge; nothing dated later may be in the case.
    first, days
        First day of the simulation and its default length.
    places, routes, events, people, closures, sources
        Frames that follow `model.schemas`.
    rules
        Uncertain numbers by name; names and defaults stand in `model.rules`.
    terms, actors, statements
        Who must say yes, to what.
    floor
        Protection terms no package may trade away.
    plans
        Plans shipped with the case; `none` is always first.
    boundaries
        GeoJSON feature collection for maps (admin1 and neighbours), or empty.
    standards
        Name of the standards profile, or of a file in the case folder that holds one.
    profile
        What that file says; `None` for a profile that ships.
    limits
        What a reader must know this case cannot say, in sentences.
    licences
        Data licences and credits, in sentences.
    replay
        What a recorded conflict says beyond the tables, to run it again; `None` for most cases.
    modifiers
        The case's own priors by name; names and defaults stand in `model.modifiers`.
    scenarios
        Scenarios that can be switched on by name.
    movement
        Whose rules move people unless a study asks for others: `case`, the numbers above; `fitted`, see `study.movement`.
    """

    id: str
    title: str
    country: str
    as_of: dt.date
    first: dt.date
    days: int
    places: pl.DataFrame
    routes: pl.DataFrame
    events: pl.DataFrame
    people: pl.DataFrame
    closures: pl.DataFrame
    sources: pl.DataFrame
    rules: Mapping[str, Uncertain] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    actors: tuple[Actor, ...] = ()
    statements: tuple[Statement, ...] = ()
    floor: tuple[Floor, ...] = ()
    plans: tuple[Plan, ...] = ()
    boundaries: Mapping[str, object] = field(default_factory=dict)
    standards: str = "emergency"
    profile: Profile | None = None
    limits: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    replay: Recorded | None = None
    modifiers: Mapping[str, Prior] = field(default_factory=dict)
    scenarios: tuple[WhatIf, ...] = ()
    movement: str = "fitted"

    def plan(self, plan_id: str) -> Plan:
        """Return the plan of this id; raises `KeyError`."""
        found = [plan for plan in self.plans if plan.id == plan_id]
        if not found:
            raise KeyError(plan_id)
        return found[0]


_ROWS: Final = json.JSONEncoder(default=str, ensure_ascii=False)
"""Writes rows as `json.dumps` does; made once, as a case has thousands."""


def fingerprint(noun: object) -> str:
    """Hash a noun by its content: 16 hexadecimal digits, the same however its rows are ordered.

    >>> fingerprint({"a": 1, "b": (1, 2)}) == fingerprint({"b": (1, 2), "a": 1})
    True
    """
    text = json.dumps(_plain(noun), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_silent(noun: object, one: Field[object]) -> bool:
    """Say whether a field came after the first fingerprints were told, and says nothing."""
    if one.name not in LATER.get(type(noun).__name__, ()):
        return False
    value = getattr(noun, one.name)
    return bool(
        value == one.default or (one.default_factory is not MISSING and value == one.default_factory())
    )


def _plain(noun: object) -> object:
    if isinstance(noun, pl.DataFrame):
        ordered = noun.select(sorted(noun.columns))
        return sorted(_ROWS.encode(row) for row in ordered.iter_rows())
    if isinstance(noun, np.ndarray):
        return _plain(noun.tolist())
    if is_dataclass(noun) and not isinstance(noun, type):
        told = {f.name: getattr(noun, f.name) for f in fields(noun) if not _is_silent(noun, f)}
        return {name: _plain(value) for name, value in told.items()}
    if isinstance(noun, Mapping):
        return {str(key): _plain(value) for key, value in noun.items()}
    if isinstance(noun, tuple | list):
        return [_plain(item) for item in noun]
    # 8 and 8.0 are the same number, whether somebody typed it or a file was read.
    return int(noun) if isinstance(noun, float) and noun.is_integer() else noun
