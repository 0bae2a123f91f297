"""The data of the fitted rules that ships with Asylia: income of countries, and draws of the parameters."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Final

import numpy as np

from asylia.model.fitted import FittedDraws, HostCountries, plain_name

FOLDER: Final = "data/fitted"
LIST: Final = "; "
SCORE: Final = "score "
LABELS: Final = ("name", "first", "camps")
KEYS: Final = ("capacities", "left_out", "draw")
DIGITS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolConflict:
    """A conflict the rules were fitted on.

    Parameters
    ----------
    first
        Date of day 0, YYYY-MM-DD.
    features
        What others are held against, see `study.skill`.
    scores
        Rescaled ARD with the conflict left out of the fit, and of naive rules; empty if it was not scored.
    """

    name: str
    first: str
    camps: tuple[str, ...]
    features: Mapping[str, float]
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseScore:
    """How a set of rules did on a case with a hindcast; made by tools/hindcast.py.

    Parameters
    ----------
    months
        Months scored, whole ones after the first day.
    split_error, naive_error
        Sum over areas of the absolute error of the shares of people newly displaced, mean of the months: of the rules, and of
        the shares recorded before the first day.
    inside
        Share of areas and months inside the 90 % range of the split.
    crps, crps_both
        Continuous ranked probability score as a share of people moved: of the split, and of split and total together.
    """

    case: str
    rules: str
    months: int
    split_error: float
    naive_error: float
    inside: float
    crps: float
    crps_both: float


@cache
def read_hosts() -> HostCountries:
    """Read the income of countries that ships with Asylia."""
    rows = list(csv.DictReader(StringIO(_shipped("countries.csv"))))
    codes: dict[str, str] = {}
    for row in rows:
        for name in (row["code"], row["name"], *row["also"].split(";")):
            if plain_name(name):
                codes[plain_name(name)] = row["code"]
    years = [name for name in rows[0] if name.isdigit()]
    return HostCountries(
        codes=codes,
        income={row["code"]: {int(year): float(row[year]) for year in years if row[year]} for row in rows},
    )


@cache
def read_draws() -> tuple[FittedDraws, ...]:
    """Read the draws that ship with Asylia."""
    return _parsed(_shipped("draws.csv"))


@cache
def read_pool() -> tuple[PoolConflict, ...]:
    """Read which conflicts the shipped draws were fitted on."""
    rows = list(csv.DictReader(StringIO(_shipped("pool.csv"))))
    return tuple(
        PoolConflict(
            name=row["name"],
            first=row["first"],
            camps=tuple(row["camps"].split(LIST)),
            features={
                name: float(row[name]) for name in row if name not in LABELS and not name.startswith(SCORE)
            },
            scores={name.removeprefix(SCORE): float(row[name]) for name in row if name.startswith(SCORE)},
        )
        for row in rows
    )


@cache
def read_case_scores() -> tuple[CaseScore, ...]:
    """Read how each set of rules did on cases with a hindcast."""
    rows = csv.reader(StringIO(_shipped("hindcast.csv")))
    next(rows)
    return tuple(
        CaseScore(
            case=row[0], rules=row[1], months=int(row[2]), split_error=float(row[3]), naive_error=float(row[4]),
            inside=float(row[5]), crps=float(row[6]), crps_both=float(row[7]),
        )
        for row in rows
    )  # fmt: skip


def write_pool(pool: tuple[PoolConflict, ...], path: Path) -> None:
    """Write which conflicts draws were fitted on."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*LABELS, *pool[0].features, *(SCORE + name for name in pool[0].scores)])
    for one in pool:
        scores = [f"{value:.{DIGITS}g}" for value in one.scores.values()]
        table.writerow([one.name, one.first, LIST.join(one.camps), *one.features.values(), *scores])
    path.write_text(out.getvalue(), encoding="utf-8")


def read_draws_file(path: Path) -> tuple[FittedDraws, ...]:
    """Read draws that `write_draws` wrote."""
    return _parsed(path.read_text(encoding="utf-8"))


def write_draws(draws: tuple[FittedDraws, ...], path: Path) -> None:
    """Write draws as one table, `DIGITS` digits each."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*KEYS, *draws[0].names])
    for one in draws:
        for number, row in enumerate(one.values):
            cells = [f"{value:.{DIGITS}g}" for value in row]
            table.writerow(["on" if one.capacities else "off", one.left_out, number, *cells])
    path.write_text(out.getvalue(), encoding="utf-8")


def _parsed(text: str) -> tuple[FittedDraws, ...]:
    rows = list(csv.reader(StringIO(text)))
    names = tuple(rows[0][len(KEYS) :])
    groups: dict[tuple[str, str], list[list[float]]] = {}
    for row in rows[1:]:
        groups.setdefault((row[0], row[1]), []).append([float(cell) for cell in row[len(KEYS) :]])
    return tuple(
        FittedDraws(names=names, values=np.array(values), left_out=left_out, capacities=switch == "on")
        for (switch, left_out), values in groups.items()
    )


def _shipped(name: str) -> str:
    return (files("asylia") / FOLDER / name).read_text(encoding="utf-8")
