"""What the published engine passes over keeps nobody from scoring a conflict: it is told, and the rest is scored.

`asylia import flee` stays strict: each of these folders is refused there, see `test_broken_flee.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import CaseError
from asylia.io.flee import open_flee
from faults import Break, add, swap
from flee_folders import make_flee_folder

LOCATIONS = "input_csv/locations.csv"
ROUTES = "input_csv/routes.csv"
CONFLICTS = "input_csv/conflicts.csv"
CLOSURES = "input_csv/closures.csv"
PERIOD = "input_csv/sim_period.csv"
CORRECTIONS = "input_csv/registration_corrections.csv"
LAYOUT = "source_data/data_layout.csv"

PASSED: list[tuple[str, Break, str]] = [
    ("place twice", add(LOCATIONS, "Mill,Hills,Hilland,15.2,3.2,camp,,700\n"), "stands once"),
    ("header without #", swap(LOCATIONS, "#name,", "name,"), "starts with #"),
    ("no conflict date", swap(LOCATIONS, "conflict_zone,3,", "conflict_zone,,"), ""),
    ("people as 5000.0", swap(LOCATIONS, ",5000,", ",5000.0,"), ""),
    ("room without end", swap(LOCATIONS, "camp,,900,", "camp,,999999999,"), "without a limit"),
    ("position blank", swap(LOCATIONS, "13.2,2.4,forwarding", ",,forwarding"), "Hub has no position"),
    ("position 0/0", swap(LOCATIONS, "13.2,2.4,forwarding", "0,0,forwarding"), "Hub has no position"),
    ("route of no length", swap(ROUTES, "Gamma,Hub,20", "Gamma,Hub,0"), "A route of 0 km"),
    ("route to itself", add(ROUTES, "Gamma,Gamma,5\n"), "differs from name1"),
    ("period says more", add(PERIOD, "EndDate,2026-01-10\n"), "StartDate or Length"),
    ("fighting too short", swap(CONFLICTS, "5, 0, 0, 1, 0, 0, 0, 0, 0, 0\n", ""), "cut to these"),
    ("days from 1", swap(CONFLICTS, "\n0, 1, 0,", "\n1, 1, 0,"), "days run from 0"),
    ("zone without a column", swap(CONFLICTS, " Alpha,", " ,"), "conflict zone"),
    ("fighting elsewhere", swap(CONFLICTS, " Beta Town,", " Delta Town,"), "is a name of"),
    ("closure of nobody", add(CLOSURES, "location,Delta,,0,3\n"), "Delta"),
    ("closure of an unknown country", add(CLOSURES, "country,Riverland,Lakeland,0,3\n"), "Lakeland"),
    ("closure of a town as a camp", add(CLOSURES, "camp,Beta Town,,0,3\n"), "is a camp"),
    ("closure of no route", add(CLOSURES, "link,Alpha,Mill,0,3\n"), "joined by a route"),
    ("closure of a new kind", add(CLOSURES, "bridge,Alpha,Mill,0,3\n"), "is one of"),
    ("closure for no day", add(CLOSURES, "location,Mill,,3,3\n"), "after the start"),
    ("closure from before", add(CLOSURES, "location,Mill,,-3,3\n"), "begins before"),
    ("correction of nobody", add(CORRECTIONS, "Delta,2026-01-08\n"), "is a camp of"),
    ("correction without a report", add(CORRECTIONS, "Mill,2026-01-07\n"), "date of a report"),
    ("correction of the first report", add(CORRECTIONS, "Mill,2026-01-05\n"), "not the first report"),
    ("camp without counts", swap(LAYOUT, "Inn,riv-inn.csv\n", ""), "no counts of Inn"),
    ("series without a count", swap("source_data/riv-inn.csv", "2026-01-04,0\n2026-01-12,80\n", "#\n"), "no count"),
    ("unknown setting", add("simsetting.yml", "fancy_rules:\n  speed: 3\n"), "not known"),
    ("shares that cannot be read", add("input_csv/demographics_age.csv", "old,1\n"), "passed over whole"),
    ("hunger that ends early", swap("input_csv/region_attributes_IPC.csv", "10,12,25,0", "3,12,25,0"), "passed over"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "said"), [one[1:] for one in PASSED], ids=[one[0] for one in PASSED])
def test_it_is_refused_on_import_and_told_when_scored(tmp_path, broken: Break, said: str):
    folder = make_flee_folder(tmp_path / "riverland2026")
    broken(folder)
    with pytest.raises(CaseError):
        open_flee(folder)
    read = open_flee(folder, strict=False)
    assert said in " ".join(read.notes)
    assert (said in " ".join(read.doubts)) or said == "without a limit"


def test_a_place_without_a_position_lies_between_its_neighbours(tmp_path):
    folder = make_flee_folder(tmp_path / "riverland2026")
    swap(LOCATIONS, "13.2,2.4,forwarding", ",,forwarding")(folder)
    places = open_flee(folder, strict=False).replay.places
    hub = places.filter(places["name"] == "Hub").row(0, named=True)
    beside = places.filter(places["name"].is_in(["Gamma", "Ford Camp", "Mill", "Cross"]))
    assert hub["lat"] == pytest.approx(beside["lat"].mean())
    assert hub["lon"] == pytest.approx(beside["lon"].mean())


def all_at_once(folder: Path) -> None:
    alone: set[Callable[[Path], None]] = {
        broken for name, broken, _ in PASSED if name in ("position 0/0", "series without a count")
    }
    for _, broken, _ in PASSED:
        if broken not in alone:
            broken(folder)


@pytest.mark.parametrize("rules", ["flee", "asylia"])
def test_a_folder_with_all_of_it_is_scored(tmp_path, rules):
    folder = make_flee_folder(tmp_path / "riverland2026")
    all_at_once(folder)
    arguments = ["validate", "displacement", str(folder), "--rules", rules, "--members", "3", "--json"]
    result = CliRunner().invoke(app, [*arguments, "--workers", "1"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout, parse_constant=pytest.fail)
    assert 0 <= told["cases"][0]["ard_rescaled"] <= 2
    assert "Delta" in " ".join(told["cases"][0]["inputs"]["notes"])
    assert "Note: riverland2026: " in result.stderr
