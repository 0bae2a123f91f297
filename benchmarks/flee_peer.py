"""The released peer (flee 3.1) on one folder, in its own process and environment; no part of us.

Called with the folder, the settings file, days and the factor by which it divides people (its `hasten`); writes CPU seconds
of the days, agent-days and megabytes as JSON. Run by `benchmarks.replay`; imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    """Run the folder and print what it took."""
    folder, settings, days, factor = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    # The peer prints as it goes.
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        found = _run(folder, settings, days, factor)
    json.dump(found, sys.stdout)


def _run(folder: Path, settings: str, days: int, factor: int) -> dict[str, float]:
    # Our own environment never holds the peer, so the checker cannot find it.
    from flee import InputGeography, SimulationSettings, flee, spawning  # type: ignore[import-not-found]  # noqa: PLC0415 - only where the peer is installed
    from flee.datamanager import handle_refugee_data, read_period  # type: ignore[import-not-found]  # noqa: PLC0415 - same

    given = folder / "input_csv"
    SimulationSettings.SimulationSettings.ReadFromYML(settings)
    first, _ = read_period.read_conflict_period(str(given / "sim_period.csv"))
    geography = InputGeography.InputGeography()
    geography.ReadConflictInputCSV(str(given / "conflicts.csv"))
    geography.ReadLocationsFromCSV(str(given / "locations.csv"))
    geography.ReadLinksFromCSV(str(given / "routes.csv"))
    geography.ReadClosuresFromCSV(str(given / "closures.csv"))
    world, by_name = geography.StoreInputGeographyInEcosystem(flee.Ecosystem())
    observed = handle_refugee_data.RefugeeTable(
        csvformat="generic",
        data_directory=str(folder / "source_data"),
        start_date=first,
        data_layout="data_layout.csv",
        population_scaledown_factor=factor,
    )
    observed.ReadL1Corrections(str(given / "registration_corrections.csv"))
    for camp in world.get_camp_names():
        spawning.add_initial_refugees(world, observed, by_name[camp])
    agent_days, started = 0, time.process_time()
    for day in range(days):
        geography.AddNewConflictZones(world, day)
        spawning.spawn_daily_displaced(world, day, observed, SumFromCamps=True)
        spawning.refresh_spawn_weights(world)
        world.enact_border_closures(day)
        world.evolve()
        agent_days += world.numAgents()
    return {
        "cpu_s": time.process_time() - started,
        "agent_days": agent_days,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
