"""`asylia validate displacement`: its JSON, its exit codes, its files, and what it says of itself."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app

ASYLIA = str(Path(sys.executable).with_name("asylia"))
CASE_KEYS = {"case", "ard", "ard_rescaled", "interval_coverage_90", "naive", "seconds"}
NAIVE_KEYS = {"uniform", "capacity_split", "gravity_05", "frozen"}
FILES = {
    "input_csv/locations.csv": (
        "#name,region,country,lat,lon,location_type,conflict_date,population\n"
        "Ford,North,Riverland,14,2,conflict_zone,0,20000\n"
        "Mill,North,Riverland,14.5,2,town,,5000\n"
        "{camp},South,Hills,15,2,camp,,900\n"
        "Ridge,South,Hills,15,3,camp,,600\n"
    ),
    "input_csv/routes.csv": "#name1,name2,distance,forced_redirection\nFord,Mill,60,0\nMill,{camp},80,0\nMill,Ridge,150,0\n",
    "input_csv/conflicts.csv": "#Day,Ford\n" + "".join(f"{day},1\n" for day in range(40)),
    "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\n",
    "input_csv/sim_period.csv": "StartDate,2026-01-05\nLength,40\n",
    "source_data/data_layout.csv": "total,refugees.csv\n{camp},first.csv\nRidge,second.csv\n",
    "source_data/refugees.csv": "2026-01-05,100\n2026-02-10,1400\n",
    "source_data/first.csv": "2026-01-05,60\n2026-02-10,800\n",
    "source_data/second.csv": "2026-01-05,40\n2026-02-10,600\n",
}


def conflict(folder, camp="Hilltop"):
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("{camp}", camp), encoding="utf-8")
    return str(folder)


def ask(*arguments):
    return CliRunner().invoke(app, ["validate", "displacement", *arguments, "--workers", "1"])


def answer(*arguments):
    done = ask(*arguments, "--members", "3", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_json_has_the_stable_shape(tmp_path):
    found = answer(conflict(tmp_path / "north"), conflict(tmp_path / "south", "Vale"))
    assert [case["case"] for case in found["cases"]] == ["north", "south"]
    for case in found["cases"]:
        assert set(case) > CASE_KEYS
        assert set(case["naive"]) == NAIVE_KEYS
        assert 0 <= case["ard_rescaled"] <= 2
        assert 0 <= case["interval_coverage_90"] <= 1
        assert sum(camp["error"] for camp in case["camps"]) == pytest.approx(case["ard_rescaled"], abs=1e-5)
    assert set(found["mean"]) > CASE_KEYS - {"case"}
    halves = [case["ard"] for case in found["cases"]]
    assert found["mean"]["ard"] == pytest.approx(sum(halves) / 2, abs=1e-5)
    assert (found["rules"], found["capacities"], found["members"]) == ("flee", "off", 3)


def test_the_same_seed_gives_the_same_scores_and_another_does_not(tmp_path):
    folder = conflict(tmp_path / "north")
    first, again, other = (
        {**answer(folder, "--seed", seed)["cases"][0], "seconds": 0} for seed in ("7", "7", "8")
    )
    assert first == again
    assert first["ard"] != other["ard"]


@pytest.mark.slow
def test_more_workers_change_nothing(tmp_path):
    command = [ASYLIA, "validate", "displacement", conflict(tmp_path / "north"), "--members", "6", "--json"]
    found = []
    for workers in ("1", "2"):
        done = subprocess.run(
            [*command, "--workers", workers], check=True, capture_output=True, text=True, timeout=300
        )
        found.append({**json.loads(done.stdout)["cases"][0], "seconds": 0})
    assert found[0] == found[1]


def test_capacities_are_off_by_default_and_on_comes_with_a_warning(tmp_path):
    folder = conflict(tmp_path / "north")
    off, on = answer(folder), answer(folder, "--capacities", "on")
    assert (off["capacities"], on["capacities"]) == ("off", "on")
    assert "do not quote this score as skill" in " ".join(on["notes"])
    assert "Camp capacities were not used" in " ".join(off["notes"])


def test_settings_beside_the_folders_are_found_and_named(tmp_path):
    folder = conflict(tmp_path / "north")
    assert answer(folder)["cases"][0]["inputs"]["settings"] == "published defaults"
    (tmp_path / "simsetting.yml").write_text("move_rules:\n  max_move_speed: 200.0\n", encoding="utf-8")
    assert answer(folder)["cases"][0]["inputs"]["settings"] == "../simsetting.yml"
    other = tmp_path / "mine.yml"
    other.write_text("move_rules:\n  max_move_speed: 20.0\n", encoding="utf-8")
    assert answer(folder, "--settings", str(other))["cases"][0]["inputs"]["settings"] == str(other)


def test_the_table_says_where_we_lose(tmp_path):
    found = answer(conflict(tmp_path / "north"))
    case = found["cases"][0]
    done = ask(str(tmp_path / "north"), "--members", "3")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    lost = {"uniform": "equal split", "capacity_split": "capacity split", "gravity_05": "static gravity"}
    for name, words in lost.items():
        assert (f"Worse than the {words}" in said) == (case["naive"][name] < case["ard_rescaled"])
    assert "members differ by luck alone" in said


def test_problems_of_all_folders_come_at_once(tmp_path):
    good, first, second = (conflict(tmp_path / name) for name in ("good", "first", "second"))
    (tmp_path / "first" / "input_csv" / "routes.csv").write_text("Ford,Nowhere,60,0\n", encoding="utf-8")
    (tmp_path / "second" / "source_data" / "first.csv").unlink()
    (tmp_path / "simsetting.yml").write_text("{}\n", encoding="utf-8")
    done = ask(good, first, second, str(tmp_path / "simsetting.yml"), str(tmp_path / "gone"))
    assert done.exit_code == 2
    for word in (
        "first/input_csv/routes.csv:1",
        "second/source_data",
        "is a file; leave it out",
        "is not there",
    ):
        assert word in done.stderr
    assert f"{good}/" not in done.stderr
    assert "Traceback" not in done.output


def test_a_mistake_in_shared_settings_is_told_once(tmp_path):
    folders = [conflict(tmp_path / name) for name in ("north", "south")]
    shared = tmp_path / "simsetting.yml"
    shared.write_text("move_rules:\n  max_move_speed: fast\n", encoding="utf-8")
    for arguments in ([], ["--settings", str(shared)]):
        done = ask(*folders, *arguments)
        assert done.exit_code == 2
        assert done.stderr.count("max_move_speed") == 1
        assert done.stderr.startswith(f"{shared}:2")


def test_problems_are_json_where_json_was_asked_for(tmp_path):
    done = ask(str(tmp_path / "gone"), "--json")
    assert done.exit_code == 2
    found = json.loads(done.stdout)
    assert found["ok"] is False
    assert [problem["file"] for problem in found["problems"]] == [str(tmp_path / "gone")]


def test_two_folders_of_one_name_are_refused(tmp_path):
    done = ask(conflict(tmp_path / "a" / "north"), conflict(tmp_path / "b" / "north"))
    assert done.exit_code == 2
    assert "differ in their last name" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rules", "asyla"], 'Did you mean "asylia"?'),
        (["--rules", "fle"], 'Did you mean "flee"?'),
        (["--members", "0"], "is a whole number from 1 to"),
        (["--seed", "-1"], "is a whole number from 0 to"),
    ],
)
def test_what_cannot_be_run_ends_with_2(tmp_path, arguments, said):
    done = ask(conflict(tmp_path / "north"), *arguments)
    assert done.exit_code == 2
    assert said.split()[0] in done.stderr
    assert said in " ".join(done.stderr.split())


def test_files_are_written_and_harmless(tmp_path):
    out = tmp_path / "out"
    done = ask(conflict(tmp_path / "north", "=1+1<b>"), "--members", "3", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert sorted(file.name for file in out.iterdir()) == ["index.html", "north.csv", "north.svg"]
    with (out / "north.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["day", "date", "camp", "observed", "middle", "low", "high"]
    assert {row["camp"] for row in rows} == {"'=1+1<b>", "Ridge"}
    assert len(rows) == 80
    for row in rows:
        assert all(
            float(less) <= float(more) for less, more in pairwise([row["low"], row["middle"], row["high"]])
        )
    page, picture = ((out / name).read_text(encoding="utf-8") for name in ("index.html", "north.svg"))
    assert "<b>" not in re.sub(r"<b>\d\.\d{3}</b>", "", page)
    assert picture.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert re.search(r"<desc[^>]*>Rescaled score \d\.\d\d, (better|worse) than", picture)
    assert not re.search(r"<script|https?://(?!www\.w3\.org/2000/svg)", page + picture)


def test_out_that_is_a_file_is_refused_before_anything_runs(tmp_path):
    out = tmp_path / "out"
    out.write_text("mine", encoding="utf-8")
    done = ask(conflict(tmp_path / "north"), "--out", str(out))
    assert done.exit_code == 2
    assert out.read_text(encoding="utf-8") == "mine"
