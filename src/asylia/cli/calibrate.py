"""`asylia calibrate`: fit our rules of displacement to recorded conflicts, and to all but each in turn."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from asylia.cli.compare import Json, Seed, Workers
from asylia.cli.problems import tell_notes, told_as_json
from asylia.cli.show import progress_bar
from asylia.core.errors import PlanError, Problem
from asylia.io.fitted_data import PoolConflict, write_draws, write_pool
from asylia.move.fitted.parameters import LEARNED, PARAMETERS
from asylia.study.calibrate import Calibrated, pool_of
from asylia.study.calibrate import calibrate as fit
from asylia.study.displacement_inputs import doubts_of, read_sources
from asylia.study.sample import BETWEEN, Effort
from asylia.study.score_draws import score_left_out

DIGITS = 4
HEADS = {
    "asylia": "ours",
    "uniform": "equal",
    "capacity_split": "capacity",
    "gravity_05": "gravity",
    "coverage_90": "in 90 %",
}
MEANS = {one.name: one.means for one in PARAMETERS}
BETWEEN_MEANS = "spread between conflicts, in spreads of the priors"
NOT_FITTED = {one.name for one, learned in zip(PARAMETERS, LEARNED, strict=True) if not learned}


def calibrate(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER", help="Folders of recorded conflicts: the pool.")
    ],
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also fit without each conflict, and score it so.")
    ] = False,
    rounds: Annotated[
        int, typer.Option(min=200, help="Rounds of each chain; the first third is left out.")
    ] = 5000,
    chains: Annotated[int, typer.Option(min=2, max=16, help="Chains that start apart and must agree.")] = 4,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for draws.csv and pool.csv.")] = None,
    workers: Workers = 0,
    as_json: Json = False,
) -> None:
    """Fit our rules of displacement to recorded conflicts, with and without their capacities.

    Only first-day counts and daily totals go in; camp counts are what is fitted to. A score is quoted only with its
    conflict left out.

    Example: asylia calibrate burundi2015 mali2012 ssudan2013 --leave-one-out
    """
    began = perf_counter()
    effort = Effort(chains=chains, rounds=rounds, warm_up=rounds // 3, seed=seed)
    with told_as_json(as_json):
        sources = read_sources(folders)
        tell_notes(doubts_of(sources))
        replays = [source.replay for source in sources]
        with progress_bar("Fitting") as progress:
            fits = fit(
                replays,
                effort,
                leave_one_out=leave_one_out,
                workers=workers or os.cpu_count() or 1,
                progress=progress,
            )
    pool = pool_of(replays)
    scores: dict[str, dict[str, Mapping[str, float]]] = {}
    if leave_one_out:
        draws = {(one.capacities, one.left_out): one.draws for one in fits}
        for switch, name in ((False, "off"), (True, "on")):
            scores[name] = score_left_out(
                replays, {key[1]: value for key, value in draws.items() if key[0] is switch}, seed=seed
            )
        pool = tuple(replace(one, scores=scores["off"][one.name]) for one in pool)
    if out is not None:
        _write(fits, pool, out)
    if as_json:
        typer.echo(
            json.dumps(_as_json(fits, scores, effort, perf_counter() - began), indent=2, allow_nan=False)
        )
    else:
        _show(fits, scores, effort, perf_counter() - began)


def _write(fits: Sequence[Calibrated], pool: tuple[PoolConflict, ...], out: Path) -> None:
    if out.exists() and not out.is_dir():
        must = "is a folder, or nothing yet"
        mend = "Name another folder."
        raise PlanError([Problem(file="the command", column="out", value=str(out), must=must, mend=mend)])
    out.mkdir(parents=True, exist_ok=True)
    write_draws(tuple(one.draws for one in fits), out / "draws.csv")
    write_pool(pool, out / "pool.csv")


Scores = Mapping[str, Mapping[str, Mapping[str, float]]]


def _as_json(
    fits: Sequence[Calibrated], scores: Scores, effort: Effort, seconds: float
) -> Mapping[str, object]:
    return {
        "fits": [_fit(one) for one in fits],
        "left_out": {switch: _scores(cases) for switch, cases in scores.items()},
        "effort": {
            "chains": effort.chains,
            "rounds": effort.rounds,
            "warm_up": effort.warm_up,
            "seed": effort.seed,
        },
        "seconds": round(seconds, 1),
    }


def _fit(one: Calibrated) -> Mapping[str, object]:
    fit = one.fit
    rows = zip(fit.watched, fit.population, fit.r_hat, fit.effective, strict=True)
    return {
        "capacities": "on" if one.capacities else "off",
        "left_out": one.left_out,
        "conflicts": list(one.conflicts),
        "parameters": {
            name: {
                "low": round(float(levels[0]), DIGITS),
                "middle": round(float(levels[1]), DIGITS),
                "high": round(float(levels[2]), DIGITS),
                "r_hat": round(float(r_hat), DIGITS),
                "effective": round(float(effective)),
            }
            for name, levels, r_hat, effective in rows
        },
        "taken": [round(float(share), 2) for share in fit.taken],
        "seconds": round(fit.seconds, 1),
    }


def _scores(cases: Mapping[str, Mapping[str, float]]) -> Mapping[str, object]:
    rounded = {
        case: {name: round(value, DIGITS) for name, value in row.items()} for case, row in cases.items()
    }
    return {"cases": rounded, "mean": {name: round(value, DIGITS) for name, value in _mean(cases).items()}}


def _mean(cases: Mapping[str, Mapping[str, float]]) -> Mapping[str, float]:
    names = next(iter(cases.values()))
    return {name: fmean(row[name] for row in cases.values()) for name in names}


def _show(fits: Sequence[Calibrated], scores: Scores, effort: Effort, seconds: float) -> None:
    console = Console(highlight=False)
    for one in fits:
        if not one.left_out:
            console.print(_parameters(one))
    worst = max(float(one.fit.r_hat.max()) for one in fits)
    fewest = min(float(one.fit.effective.min()) for one in fits)
    console.print(
        f"{len(fits)} fits of {effort.rounds:,} rounds: largest R-hat {worst:.2f}, fewest effective draws {fewest:,.0f}."
    )
    for switch, cases in scores.items():
        console.print(_left_out(switch, cases))
    console.print(
        f"{seconds:,.0f} s in all, {sum(one.fit.seconds for one in fits):,.0f} s of one core in fits; seed {effort.seed}."
    )


def _parameters(one: Calibrated) -> Table:
    switch = "on" if one.capacities else "off"
    table = Table(
        title=f"Capacities {switch}: middle of the population of conflicts", box=None, title_justify="left"
    )
    for head in ("parameter", "5 %", "middle", "95 %", "R-hat", "effective"):
        table.add_column(head, justify="left" if head == "parameter" else "right")
    table.add_column("means", overflow="fold")
    fit = one.fit
    for name, levels, r_hat, effective in zip(
        fit.watched, fit.population, fit.r_hat, fit.effective, strict=True
    ):
        cells = [*(f"{value:.3g}" for value in levels), f"{r_hat:.2f}", f"{effective:.0f}"]
        if name in NOT_FITTED:
            cells[3:] = ["prior", ""]
        table.add_row(
            name, *cells, MEANS.get(name, "spread of what is not known" if name != BETWEEN else BETWEEN_MEANS)
        )
    return table


def _left_out(switch: str, cases: Mapping[str, Mapping[str, float]]) -> Table:
    table = Table(
        title=f"Capacities {switch}: rescaled ARD, each conflict left out of its fit",
        box=None,
        title_justify="left",
    )
    table.add_column("conflict")
    for name in next(iter(cases.values())):
        table.add_column(HEADS[name], justify="right")
    for case, row in [*cases.items(), ("mean", _mean(cases))]:
        table.add_row(case.replace("[", r"\["), *(f"{value:.3f}" for value in row.values()))
    return table
