"""One new camp among thousands of places: every place tried, and how much of that evolutionary search would have found.

The published benchmark (Xue and others, ICCS 2022 and IJNDI 2024: one camp in South Sudan, Flee inside NSGA-II and others)
ranks places by single runs, lacks the roads it names, and has one objective that is not a number. Here it is whole:

- places are the cells of a grid within reach of a town of the conflict's own network, and their roads are as much longer
  than the straight line as the recorded links are;
- the three objectives are days on the road for each person who set out (for the mean distance that was no number), people in
  the new camp at the end, and its mean distance from being exactly full;
- every place is simulated with the same replicates on common luck, so that the true front is known and no search can pass it.

The engine knows of a place just its town and its road, so cells that share both (roads to the nearest `GRAIN_KM`) are one
class and are simulated once. pymoo runs in its own process, by the Python that ASYLIA_PYMOO_PYTHON names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.units import EARTH_RADIUS_KM
from asylia.io.flee import read_flee
from asylia.io.flee_frames import REPLAY_FRAMES, replay_frame
from asylia.model.replay import Replay, ReplayHistory
from asylia.move.flee.ground import prepare
from asylia.move.flee.run import replay_days
from benchmarks.made_conflict import scaled

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "flee_conflicts"
PEER: Final = "ASYLIA_PYMOO_PYTHON"
PEER_SECONDS: Final = 1_800.0
CELL_DEGREES: Final = 0.1
REACH_KM: Final = 60.0
"""Beyond two days on foot from every town no camp is looked for; the published list went to 1,127 km."""
GRAIN_KM: Final = 5.0
"""Half a cell: a road to a cell is not known better."""
ROOM: Final = {"beside the ten camps there were": 12_000, "instead of them": 80_000}
"""Capacity of the new camp, as published for both."""
PER_AGENT: Final = 100
"""People to one agent, as published."""
REPLICATES: Final = 30
SEED: Final = 1
CAMP: Final = "new camp"
OBJECTIVES: Final = ("days on the road per person", "people in the camp at the end", "away from full")
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """Where the camp could stand.

    Parameters
    ----------
    lat, lon
        Middle of each cell, degrees, (cell,).
    kind
        Its class, (cell,): cells of one class are the same place to the engine.
    town, road_km
        By class: name of the town and the road from there.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    kind: NDArray[np.int64]
    town: tuple[str, ...]
    road_km: NDArray[np.float64]


def find_sites(conflict: Replay) -> Sites:
    """Lay a grid over the towns of the country where people set out, and join each cell to its nearest town."""
    towns = conflict.places.filter(
        pl.col("kind").is_in(["town", "conflict"]) & (pl.col("country") == _country(conflict))
    )
    lat, lon = (
        _grid(towns[axis].to_numpy(), REACH_KM / _degree_km(towns["lat"], axis)) for axis in ("lat", "lon")
    )
    cells = np.array([(one, other) for one in lat for other in lon])
    away = straight_km(cells[:, None, 0], cells[:, None, 1], towns["lat"].to_numpy(), towns["lon"].to_numpy())
    nearest = away.argmin(axis=1)
    near = away.min(axis=1)
    kept = near <= REACH_KM
    steps = np.maximum(np.rint(near[kept] * detour(conflict) / GRAIN_KM), 1).astype(np.int64)
    pairs, kind = np.unique(np.stack((nearest[kept], steps), axis=1), axis=0, return_inverse=True)
    return Sites(
        lat=cells[kept, 0],
        lon=cells[kept, 1],
        kind=kind.reshape(-1).astype(np.int64),
        town=tuple(towns["name"][int(town)] for town in pairs[:, 0]),
        road_km=pairs[:, 1] * GRAIN_KM,
    )


def _country(conflict: Replay) -> str:
    return str(conflict.places.filter(pl.col("kind") == "conflict")["country"].mode().sort()[0])


def _degree_km(latitudes: pl.Series, axis: str) -> float:
    degree = np.radians(1.0) * EARTH_RADIUS_KM
    farthest = float(np.abs(latitudes.to_numpy()).max())
    return float(degree if axis == "lat" else degree * np.cos(np.radians(farthest)))


def _grid(values: NDArray[np.float64], margin: float) -> NDArray[np.float64]:
    first, last = (
        int(np.floor(edge / CELL_DEGREES)) for edge in (values.min() - margin, values.max() + margin)
    )
    return (np.arange(first, last + 1, dtype=np.float64) + 0.5) * CELL_DEGREES


def straight_km(
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    to_lat: NDArray[np.float64],
    to_lon: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Measure along the great circle, kilometres; degrees come in."""
    one, other = np.radians(lat), np.radians(to_lat)
    half: NDArray[np.float64] = (
        np.sin((other - one) / 2) ** 2
        + np.cos(one) * np.cos(other) * np.sin(np.radians(to_lon - lon) / 2) ** 2
    )
    distance: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half.clip(0.0, 1.0)))
    return distance


def detour(conflict: Replay) -> float:
    """Say how much longer the recorded links are than the straight line: the middle of those over 10 km, at least 1."""
    spots = {row["name"]: (row["lat"], row["lon"]) for row in conflict.places.iter_rows(named=True)}
    ends = np.array(
        [[*spots[row["from"]], *spots[row["to"]]] for row in conflict.links.iter_rows(named=True)]
    )
    straight = straight_km(*ends.T)
    # nearer, where a road is said to end weighs more than the road
    far = straight > 10.0
    if not far.any():
        return 1.0
    return max(1.0, float(np.median(conflict.links["distance_km"].to_numpy()[far] / straight[far])))


def with_camp(conflict: Replay, town: str, road_km: float, room: int) -> Replay:
    """Add the camp at the end of a road from a town."""
    home = conflict.places.row(by_predicate=pl.col("name") == town, named=True)
    camp = {**home, "name": CAMP, "kind": "camp", "onset_day": None, "population": 0, "capacity": room}
    link: dict[str, object] = {"from": town, "to": CAMP, "distance_km": road_km, "redirection": 0}
    return replace(
        conflict,
        places=pl.concat([conflict.places, _row("places", camp)]),
        links=pl.concat([conflict.links, _row("links", link)]),
        intensity=np.pad(conflict.intensity, ((0, 0), (0, 1))),
    )


def _row(table: str, row: dict[str, object]) -> pl.DataFrame:
    return replay_frame(table, [[row.get(column) for column in REPLAY_FRAMES[table]]])


def try_all(conflict: Replay, sites: Sites, room: int, replicates: int) -> NDArray[np.float64]:
    """Simulate every class with the same replicates; float64 (class, replicate, objective), all to be small."""
    found = np.empty((len(sites.town), replicates, len(OBJECTIVES)))
    for at, (town, road_km) in enumerate(zip(sites.town, sites.road_km, strict=True)):
        ground = prepare(with_camp(conflict, town, float(road_km), room))
        for replicate in range(replicates):
            found[at, replicate] = objectives(replay_days(ground, seed=SEED, member=replicate), room)
    return found


def objectives(history: ReplayHistory, room: int) -> tuple[float, float, float]:
    """Measure one run; each objective is better when smaller, so people sheltered are counted below zero."""
    inside = history.at((CAMP,))[:, 0]
    on_the_road = float(history.travelling.sum()) / max(1.0, float(history.started[-1]))
    return on_the_road, -float(inside[-1]), float(np.abs(room - inside).mean())


def front(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Find the rows that no other row beats: at least as small in all, smaller in one."""
    rows = [
        row
        for row in range(len(values))
        if not np.any((values <= values[row]).all(axis=1) & (values < values[row]).any(axis=1))
    ]
    return np.array(rows, dtype=np.int64)


def measure() -> dict[str, Figures]:
    """Try every place of the recorded conflict in South Sudan, and let the peers search the same table."""
    if not RECORDED.is_dir():
        return {"South Sudan": {"skipped": f"{RECORDED} is not there"}}
    whole = read_flee(RECORDED / "ssudan2013", RECORDED / "simsetting.yml")
    return {
        f"South Sudan, {name}": tried(conflict, per_agent=PER_AGENT, room=room, replicates=REPLICATES)
        for (name, room), conflict in zip(ROOM.items(), (whole, without_camps(whole)), strict=True)
    }


def without_camps(conflict: Replay) -> Replay:
    """Cut the roads to the camps there were; how many set out, and when, stays as recorded."""
    camps = conflict.places.filter(pl.col("kind") == "camp")["name"].implode()
    return replace(
        conflict, links=conflict.links.filter(~pl.col("from").is_in(camps) & ~pl.col("to").is_in(camps))
    )


def tried(whole: Replay, *, per_agent: int, room: int, replicates: int) -> Figures:
    """Measure one conflict: what the whole list takes, its front, luck, and what the peers reach."""
    peak = float(str(whole.reports.group_by("date").agg(pl.col("people").sum())["people"].max()))
    conflict = scaled(whole, round(peak / per_agent))
    sites = find_sites(whole)
    room //= per_agent
    started = time.process_time()
    values = try_all(conflict, sites, room, replicates)
    seconds = time.process_time() - started
    best = front(values.mean(axis=1))
    return {
        "cells": sites.kind.size,
        "classes": len(sites.town),
        "simulations": values.shape[0] * values.shape[1],
        "seconds": seconds,
        "detour": detour(whole),
        "luck": float(
            (values[..., 1].std(axis=1, ddof=1) / np.abs(values[..., 1]).mean(axis=1).clip(1)).mean()
        ),
        "front": [_said(sites, values, int(row), per_agent) for row in best],
        "front_of_one_run": _wrong(values, best),
        "peers": _peers(sites, values),
    }


def _said(sites: Sites, values: NDArray[np.float64], row: int, per_agent: int) -> Figures:
    mean = values[row].mean(axis=0)
    return {
        "town": sites.town[row],
        "road_km": float(sites.road_km[row]),
        "cells": int((sites.kind == row).sum()),
        "days_on_the_road": float(mean[0]),
        "people_at_the_end": float(-mean[1] * per_agent),
        "away_from_full": float(mean[2] * per_agent),
    }


def _wrong(values: NDArray[np.float64], best: NDArray[np.int64]) -> float:
    """Say what share of a front drawn from one run of each place is no part of the true front; mean over the runs."""
    fronts = [front(values[:, replicate]) for replicate in range(values.shape[1])]
    return float(np.mean([1.0 - np.isin(one, best).mean() for one in fronts]))


def _peers(sites: Sites, values: NDArray[np.float64]) -> Figures:
    python = os.environ.get(PEER)
    if not python:
        return {"skipped": f"{PEER} names no Python that has it"}
    script = str(Path(__file__).with_name("open_camp_peer.py"))
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder, "table.npz"))
        np.savez(file, values=values, kind=sites.kind)
        try:
            done = subprocess.run(
                [python, script, file], check=True, capture_output=True, text=True, timeout=PEER_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as error:
            return {"skipped": f"it did not run: {error}"}
    rows: Figures = json.loads(done.stdout)
    return rows


def show(found: dict[str, Figures]) -> str:
    """Write what was tried, the front and what the peers reach."""
    lines: list[str] = []
    for name, row in found.items():
        if "skipped" in row:
            lines.append(f"{name}: not run, {row['skipped']}")
            continue
        lines += [
            f"{name}: {row['cells']:,} cells in {row['classes']:,} classes, {row['simulations']:,} simulations in {row['seconds']:,.0f} s of one core",
            f"roads are {row['detour']:.2f} times the straight line; one run of a place strays {row['luck']:.0%} from its mean",
            f"of a front drawn from one run of each place, {row['front_of_one_run']:.0%} is no part of the true front",
            "the true front:",
            *(
                f"  {each['road_km']:4.0f} km from {each['town']:14}{each['cells']:4} cells{each['days_on_the_road']:8.2f} days on the road"
                f"{each['people_at_the_end']:10,.0f} people at the end{each['away_from_full']:10,.0f} away from full"
                for each in row["front"]
            ),
        ]
        lines += _peer_lines(row["peers"])
    return "\n".join(lines)


def _peer_lines(peers: Figures) -> list[str]:
    if "skipped" in peers:
        return [f"pymoo: {peers['skipped']}"]
    lines = [f"pymoo {peers['version']}, mean of {peers['repeats']} searches; the whole list reaches 100 %"]
    return lines + [
        f"  {row['name']:10}{row['evaluations']:8,} simulations, {row['judged']:22} volume {row['volume']:6.1%}"
        f"  stays on the true front {row['true']:5.0%}"
        for row in peers["rows"]
    ]


if __name__ == "__main__":
    sys.stdout.write(show(measure()) + "\n")
