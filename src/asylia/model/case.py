"""What is known about one conflict at one date."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass

import polars as pl

from asylia.model.actors import Actor, Statement, Term
from asylia.model.plan import Plan
from asylia.model.uncertain import Uncertain


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
    plans
        Plans shipped with the case; `none` is always first.
    boundaries
        GeoJSON feature collection for maps (admin1 and neighbours), or empty.
    standards
        Name of the standards profile.
    limits
        What a reader must know this case cannot say, in sentences.
    licences
        Data licences and credits, in sentences.
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
    plans: tuple[Plan, ...] = ()
    boundaries: Mapping[str, object] = field(default_factory=dict)
    standards: str = "emergency"
    limits: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()

    def plan(self, plan_id: str) -> Plan:
        """Return the plan of this id; raises `KeyError`."""
        found = [plan for plan in self.plans if plan.id == plan_id]
        if not found:
            raise KeyError(plan_id)
        return found[0]


def fingerprint(noun: object) -> str:
    """Hash a noun by its content: 16 hexadecimal digits, the same however its rows are ordered.

    >>> fingerprint({"a": 1, "b": (1, 2)}) == fingerprint({"b": (1, 2), "a": 1})
    True
    """
    text = json.dumps(_plain(noun), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(noun: object) -> object:
    if isinstance(noun, pl.DataFrame):
        ordered = noun.select(sorted(noun.columns))
        return sorted(json.dumps(row, default=str, ensure_ascii=False) for row in ordered.iter_rows())
    if is_dataclass(noun) and not isinstance(noun, type):
        return {f.name: _plain(getattr(noun, f.name)) for f in fields(noun)}
    if isinstance(noun, Mapping):
        return {str(key): _plain(value) for key, value in noun.items()}
    if isinstance(noun, tuple | list):
        return [_plain(item) for item in noun]
    # 8 and 8.0 are the same number, whether somebody typed it or a file was read.
    return int(noun) if isinstance(noun, float) and noun.is_integer() else noun
