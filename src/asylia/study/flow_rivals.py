"""Rules without a model for where people from one place go: what forecasts of flows are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from asylia.move.forecast.flow_signs import REACHES, Flows, distances, shares
from asylia.move.forecast.flows import middle
from asylia.move.forecast.known import Table
from asylia.move.forecast.monthly import YEAR

BLUR: Final = 0.1
"""Part of a rival's shares that is spread evenly before its logarithm is taken: one that gives 0 to what comes would score without end."""


def rivals(known: Flows) -> Mapping[str, Table]:
    """Return shares over destinations and elsewhere by rule, float64 (origin, destination and elsewhere).

    An origin without a past gets the shares of all origins together.
    """
    people = known.people
    year = people[-YEAR:]
    everywhere = shares(people.sum(axis=(0, 1)))
    found = {
        "last_month": _or_else(_last_with_people(people), everywhere),
        "last_year": _or_else(year.sum(axis=0), everywhere),
        "whole_past": _or_else(people.sum(axis=0), everywhere),
        "pooled": _or_else(np.zeros(people.shape[1:]), shares(year.sum(axis=(0, 1)))),
        "stay": np.eye(people.shape[1]),
        "gravity": _gravity(known),
    }
    found["middle_of_year"] = _middle_of_year(year, found["last_year"])
    return {name: _with_elsewhere(one) for name, one in found.items()}


def blurred(rival: Table) -> Table:
    """Return shares none of which is 0."""
    return np.asarray((1.0 - BLUR) * rival + BLUR / rival.shape[-1], dtype=np.float64)


def year_of_shares(known: Flows) -> Table:
    """Return the shares of each of the last twelve months, float64 (month, origin, destination and elsewhere).

    A month in which nobody left an origin stands as its year.
    """
    year = known.people[-YEAR:]
    whole = rivals(known)["last_year"][:, :-1]
    each = np.where(year.sum(axis=2, keepdims=True) > 0, shares(year), whole)
    return _with_elsewhere(each)


def _or_else(people: Table, other: Table) -> Table:
    some = people.sum(axis=1, keepdims=True) > 0
    return np.where(some, shares(people), other)


def _last_with_people(people: Table) -> Table:
    found: Table = people[0].copy()
    for month in people[1:]:
        left = month.sum(axis=1) > 0
        found[left] = month[left]
    return found


def _middle_of_year(year: Table, mean: Table) -> Table:
    found = mean.copy()
    for origin in np.flatnonzero(year.sum(axis=(0, 2)) > 0):
        months = year[year[:, origin].sum(axis=1) > 0, origin]
        found[origin] = middle(shares(months)[:, None])[0]
    return found


def _gravity(known: Flows) -> Table:
    """Return the share that stays everywhere, and for the rest arrivals so far, divided by the distance where it is known."""
    total = known.people.sum(axis=0)
    stay = np.trace(total) / max(float(total.sum()), 1.0)
    away = (total.sum(axis=0) - np.diagonal(total))[None] * (1.0 - np.eye(len(total)))
    if np.isfinite(known.positions).any():
        apart = distances(known.positions)
        away = away / np.maximum(np.where(np.isfinite(apart), apart, np.nanmean(apart)), REACHES[0])
    return np.asarray(stay * np.eye(len(total)) + (1.0 - stay) * shares(away), dtype=np.float64)


def _with_elsewhere(table: Table) -> Table:
    return np.concatenate([table, np.zeros((*table.shape[:-1], 1))], axis=-1)
