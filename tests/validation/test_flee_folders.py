"""The eight published conflicts go in and out without loss, and the released engine reads what is written."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.io.flee import from_case, open_flee, read_flee, to_case, write_flee
from asylia.io.folder import read_case, write_case
from asylia.model.case import fingerprint

HOME = Path(__file__).resolve().parents[3] / "shared" / "data" / "flee_conflicts"
PEER = os.environ.get("ASYLIA_FLEE_PYTHON", "")
"""Python of an environment with the released package `flee`."""

pytestmark = pytest.mark.skipif(not HOME.is_dir(), reason="needs ../shared/data/flee_conflicts")
NAMES = (
    "burundi2015",
    "car2013",
    "mali2012",
    "mali2017_adm1",
    "nigeria2022_adm2",
    "ssudan2013",
    "syria2013",
    "ukraine2022",
)
FEW = ("burundi2015", "mali2012")
REST = [pytest.param(name, marks=pytest.mark.slow) for name in NAMES if name not in FEW]
READER = """
import json, os, sys
from flee import InputGeography, flee
from flee.SimulationSettings import SimulationSettings
from flee.datamanager import handle_refugee_data, read_period
SimulationSettings.ReadFromYML(sys.argv[2])
os.chdir(sys.argv[1])
SimulationSettings.ConflictInputFile = "input_csv/conflicts.csv"
start, days = read_period.read_conflict_period("input_csv/sim_period.csv")
ecosystem, ground = flee.Ecosystem(), InputGeography.InputGeography()
ground.ReadConflictInputCSV("input_csv/conflicts.csv")
ground.ReadLocationsFromCSV("input_csv/locations.csv")
ground.ReadLinksFromCSV("input_csv/routes.csv")
ground.ReadClosuresFromCSV("input_csv/closures.csv")
ecosystem, _ = ground.StoreInputGeographyInEcosystem(ecosystem)
table = handle_refugee_data.RefugeeTable(
    csvformat="generic", data_directory="source_data", start_date=start, data_layout="data_layout.csv")
table.ReadL1Corrections("input_csv/registration_corrections.csv")
places = ecosystem.locations
print(json.dumps({
    "start": start, "days": days, "closures": len(ecosystem.closures),
    "places": [[p.name, p.x, p.y, p.country, p.camp, p.conflict, p.pop, max(p.capacity, 0)] for p in places],
    "links": [[link.startpoint.name, link.endpoint.name, link.get_distance()] for p in places for link in p.links],
    "fighting": {n: v[:days] for n, v in ground.conflicts.items() if any(v)},
    "counts": {n: [table.get_field(n, day) for day in range(0, days, 7)] for n in table.header},
    "rules": [SimulationSettings.move_rules, SimulationSettings.spawn_rules]}))
"""


@pytest.mark.parametrize("name", [*FEW, *REST])
def test_a_published_folder_goes_in_and_out_without_loss(name, tmp_path):
    read = open_flee(HOME / name)
    case = to_case(read.replay)
    write_case(case, tmp_path / "case")
    again = from_case(read_case(tmp_path / "case"))
    write_flee(again, tmp_path / "out" / name)
    back = read_flee(tmp_path / "out" / name)
    assert fingerprint(again) == fingerprint(read.replay) == fingerprint(back)
    assert fingerprint(to_case(back)) == fingerprint(case)
    assert back.places.equals(read.replay.places)
    assert back.reports.equals(read.replay.reports)
    assert back.camps == read.replay.camps
    assert any("worse from bad" in note for note in read.notes)


@pytest.mark.parametrize("name", [*FEW, *REST])
def test_an_imported_case_is_checked_and_compared(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["import", "flee", str(HOME / name), "--to", "case"]).exit_code == 0
    assert run(app, ["check", "case"]).exit_code == 0
    done = run(app, ["compare", "case", "--members", "2", "--days", "30", "--workers", "1", "--no-report"])
    assert (done.exit_code, "only one plan" in done.stdout) == (0, True), done.stderr


def peer(folder: Path, settings: Path) -> dict[str, object]:
    done = subprocess.run(
        [PEER, "-c", READER, str(folder), str(settings)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(not PEER, reason="ASYLIA_FLEE_PYTHON names no Python that has the package flee")
@pytest.mark.parametrize("name", [*FEW, *REST])
def test_the_released_engine_reads_what_is_written_as_it_reads_the_original(name, tmp_path):
    write_flee(read_flee(HOME / name), tmp_path / name)
    mine = peer(tmp_path / name, tmp_path / name / "simsetting.yml")
    theirs = peer(HOME / name, HOME / "simsetting.yml")
    assert mine == theirs
    assert mine["places"]
    assert mine["counts"]
