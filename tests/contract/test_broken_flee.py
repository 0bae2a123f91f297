"""A Flee folder broken in many ways: each gets a clear problem, exit 2 and no traceback, and nothing is written.

The published engine ends with 0, dies half-way, or goes on with something else. Every entry says how to break the folder,
and what must be told: file, words that mark the line, column, words of what must hold, words of the mend.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from faults import Break, Fault, add, swap, write
from flee_folders import make_flee_folder

LOCATIONS = "input_csv/locations.csv"
ROUTES = "input_csv/routes.csv"
CONFLICTS = "input_csv/conflicts.csv"
CLOSURES = "input_csv/closures.csv"
PERIOD = "input_csv/sim_period.csv"
CORRECTIONS = "input_csv/registration_corrections.csv"
LAYOUT = "source_data/data_layout.csv"
FORD = "source_data/hil-ford.csv"
SETTINGS = "simsetting.yml"


def gone(file: str) -> Break:
    return lambda folder: (folder / file).unlink()


def sparse(folder: Path) -> None:
    with (folder / CONFLICTS).open("wb") as handle:
        handle.truncate(2_000_000_000)


def zipped(folder: Path) -> None:
    """A zip bomb in the small: 200 MB of zeros in about 200 kB."""
    with zipfile.ZipFile(folder / CONFLICTS, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 200_000_000)


def leave_folder(folder: Path) -> None:
    outside = folder.parent / "outside.csv"
    (folder / FORD).rename(outside)
    (folder / FORD).symlink_to(outside)


def pipe(folder: Path) -> None:
    (folder / ROUTES).unlink()
    os.mkfifo(folder / ROUTES)


def folder_of_that_name(folder: Path) -> None:
    (folder / ROUTES).unlink()
    (folder / ROUTES).mkdir()


def no_home(folder: Path) -> None:
    (folder / "source_data").rename(folder / "sourcedata")


def two_changes(folder: Path) -> None:
    (folder / "input_csv" / "location_changes.csv").write_text("Beta Town,town,2\n")


LAUGHS = "\n".join(
    [
        "a: &a [x,x,x,x,x,x,x,x,x]",
        *(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)),
    ]
)
FAULTS = [
    Fault("no locations", gone(LOCATIONS), LOCATIONS, must="is there", mend="places"),
    Fault("no period", gone(PERIOD), PERIOD, must="is there", mend="StartDate"),
    Fault("no fighting", gone(CONFLICTS), CONFLICTS, must="is there", mend="0 or 1"),
    Fault("no layout", gone(LAYOUT), LAYOUT, must="is there", mend="total,refugees.csv"),
    Fault("no series", gone(FORD), FORD, must="is there", mend="data_layout"),
    Fault("no source_data", no_home, "source_data", must="folder is there", mend="input_csv"),
    Fault(
        "header without #", swap(LOCATIONS, "#name", "name"), LOCATIONS, "name,region", must="starts with #"
    ),
    Fault(
        "no header",
        swap(
            LOCATIONS,
            "#name,region,country,latitude,longitude,location_type,conflict_date,population,initial_idps\n",
            "",
        ),
        LOCATIONS,
        "Alpha,",
        must="header",
    ),
    Fault(
        "longitude first",
        swap(LOCATIONS, "latitude,longitude", "longitude,latitude"),
        LOCATIONS,
        "#name",
        must="before longitude",
        mend="Swap",
    ),
    Fault(
        "no places",
        write(LOCATIONS, b"#name,region,country,latitude,longitude,location_type,conflict_date,population\n"),
        LOCATIONS,
        must="at least one place",
        mend="rows",
    ),
    Fault(
        "name twice",
        add(LOCATIONS, "Alpha,North,Riverland,14.4,2.4,town,,10,\n"),
        LOCATIONS,
        "Alpha,North,Riverland,14.4",
        "name",
        "stands once; line 2",
        "another name",
    ),
    Fault(
        "blank name",
        add(LOCATIONS, " ,North,Riverland,14.4,2.4,town,,10,\n"),
        LOCATIONS,
        " ,North",
        "name",
        "is a name",
        "Fill",
    ),
    Fault(
        "kind unknown",
        swap(LOCATIONS, "forwarding_hub", "forwading_hub"),
        LOCATIONS,
        "forwading",
        "location_type",
        "is one of",
        "forwarding_hub",
    ),
    Fault(
        "short row",
        swap(LOCATIONS, "Mill,Hills,Hilland,15.2,3.2,camp,,,", "Mill,Hills,Hilland,15.2,3.2,camp"),
        LOCATIONS,
        "Mill,",
        must="8 cells",
        mend="commas",
    ),
    Fault(
        "latitude too large",
        swap(LOCATIONS, "14.1,2.1", "114.1,2.1"),
        LOCATIONS,
        "114.1",
        "latitude",
        "90 or less",
    ),
    Fault(
        "latitude blank",
        swap(LOCATIONS, "14.1,2.1", ",2.1"),
        LOCATIONS,
        "Alpha,",
        "latitude",
        "is a number",
        "Fill",
    ),
    Fault("nowhere", swap(LOCATIONS, "14.1,2.1", "0,0"), LOCATIONS, "Alpha,", "latitude", "0/0", "Look"),
    Fault(
        "decimal comma",
        swap(LOCATIONS, "14.1,2.1", '"14,1",2.1'),
        LOCATIONS,
        '"14,1"',
        "latitude",
        "is a number",
        "decimal point",
    ),
    Fault(
        "no conflict date",
        swap(LOCATIONS, "conflict_zone,3", "conflict_zone,"),
        LOCATIONS,
        "Gamma,",
        "conflict_date",
        "whole number",
    ),
    Fault(
        "negative people",
        swap(LOCATIONS, ",5000,", ",-5000,"),
        LOCATIONS,
        "-5000",
        "population",
        "whole number from 0",
        "dash",
    ),
    Fault(
        "people in decimals",
        swap(LOCATIONS, ",5000,", ",5000.5,"),
        LOCATIONS,
        "5000.5",
        "population",
        "whole number",
        "digits",
    ),
    Fault(
        "cell without a column",
        swap(LOCATIONS, ",2000,12", ",2000,12,13"),
        LOCATIONS,
        "Beta",
        must="column in the header",
        mend="Name",
    ),
    Fault(
        "route from nowhere",
        swap(ROUTES, "Alpha,Inn,30", "Alpah,Inn,30"),
        ROUTES,
        "Alpah",
        "name1",
        "name of input_csv/locations.csv",
        "Alpha",
    ),
    Fault(
        "negative distance",
        swap(ROUTES, "Alpha,Inn,30", "Alpha,Inn,-30"),
        ROUTES,
        "-30",
        "distance",
        "more than 0",
        "dash",
    ),
    Fault(
        "no distance",
        swap(ROUTES, "Alpha,Inn,30", "Alpha,Inn,"),
        ROUTES,
        "Alpha,Inn",
        "distance",
        "more than 0",
        "Fill",
    ),
    Fault(
        "route to itself",
        swap(ROUTES, "Alpha,Inn,30", "Alpha,Alpha,30"),
        ROUTES,
        "Alpha,Alpha",
        "name2",
        "differs",
        "Correct",
    ),
    Fault(
        "redirection unknown",
        swap(ROUTES, "Hub,Ford Camp,80,1", "Hub,Ford Camp,80,3"),
        ROUTES,
        "80,3",
        "forced_redirection",
        "from 0 to 2",
    ),
    Fault(
        "chance above one",
        swap(ROUTES, "200,0.25", "200,1.25"),
        ROUTES,
        "1.25",
        "walk_probability",
        "1 or less",
    ),
    Fault(
        "fighting in an unknown place",
        swap(CONFLICTS, " Gamma,", " Gama,"),
        CONFLICTS,
        "Gama",
        "column 4",
        "name of input_csv/locations.csv",
        "Gamma",
    ),
    Fault(
        "fighting too short",
        swap(CONFLICTS, "5, 0, 0, 1, 0, 0, 0, 0, 0, 0\n", ""),
        CONFLICTS,
        must="each of the 6 days",
        mend="Length",
    ),
    Fault(
        "a day left out",
        swap(CONFLICTS, "2, 0.5, 0", "3, 0.5, 0"),
        CONFLICTS,
        "3, 0.5",
        "Day",
        "without a gap",
        "sort",
    ),
    Fault(
        "negative fighting",
        swap(CONFLICTS, "2, 0.5", "2, -0.5"),
        CONFLICTS,
        "-0.5",
        "Alpha",
        "0 or more",
        "dash",
    ),
    Fault(
        "fighting not a number", swap(CONFLICTS, "2, 0.5", "2, yes"), CONFLICTS, "yes", "Alpha", "is a number"
    ),
    Fault(
        "fighting blank", swap(CONFLICTS, "2, 0.5", "2, "), CONFLICTS, "2, ,", "Alpha", "is a number", "Fill"
    ),
    Fault(
        "zone without a column",
        swap(CONFLICTS, " Gamma,", " ,"),
        CONFLICTS,
        "#Day",
        "Gamma",
        'conflict zone "Gamma"',
        "Add",
    ),
    Fault(
        "column twice",
        swap(CONFLICTS, " Gamma,", " Alpha,"),
        CONFLICTS,
        "#Day",
        "Alpha",
        "one column",
        "copy",
    ),
    Fault(
        "more cells than columns",
        swap(CONFLICTS, "0, 0\n3,", "0, 0, 0, 0, 1\n3,"),
        CONFLICTS,
        "0.5",
        must="as many cells",
        mend="Remove",
    ),
    Fault(
        "closure of an unknown place",
        swap(CLOSURES, "camp,Ford Camp", "camp,Ford Cmap"),
        CLOSURES,
        "Cmap",
        "name1",
        "name of",
        "Ford Camp",
    ),
    Fault(
        "closure of an unknown country",
        swap(CLOSURES, "Riverland,Hilland,1", "Riverland,Hiland,1"),
        CLOSURES,
        "Hiland",
        "name2",
        "country",
        "Hilland",
    ),
    Fault(
        "closure of a town as a camp",
        swap(CLOSURES, "camp,Ford Camp", "camp,Gamma"),
        CLOSURES,
        "camp,Gamma",
        "name1",
        "is a camp",
        "location",
    ),
    Fault(
        "closure of no route",
        swap(CLOSURES, "link,Gamma,Hub", "link,Gamma,Mill"),
        CLOSURES,
        "Mill",
        "name2",
        "joined by a route",
        "Add",
    ),
    Fault(
        "closure unknown",
        swap(CLOSURES, "camp,Ford", "capm,Ford"),
        CLOSURES,
        "capm",
        "closure_type",
        "is one of",
        "camp",
    ),
    Fault(
        "closure header",
        swap(CLOSURES, "#closure_type", "closure_type"),
        CLOSURES,
        "closure_type",
        "closure_type",
        "is one of",
        "header with #",
    ),
    Fault(
        "closure for no day",
        swap(CLOSURES, "Ford Camp,,0,2", "Ford Camp,,2,2"),
        CLOSURES,
        "2,2",
        "closure_end",
        "after the start",
        "-1",
    ),
    Fault(
        "closure before the start",
        swap(CLOSURES, "Ford Camp,,0,2", "Ford Camp,,-3,2"),
        CLOSURES,
        "-3",
        "closure_start",
        "from 0",
        "dash",
    ),
    Fault(
        "correction without a report",
        swap(CORRECTIONS, "2026-01-08", "2026-01-09"),
        CORRECTIONS,
        "01-09",
        "date",
        "date of a report",
        "nearest report",
    ),
    Fault(
        "correction of an unknown camp",
        swap(CORRECTIONS, "Ford Camp", "Ford Cam"),
        CORRECTIONS,
        "Ford Cam",
        "name",
        "camp of",
        "Ford Camp",
    ),
    Fault(
        "correction of the first report",
        swap(CORRECTIONS, "2026-01-08", "2026-01-05"),
        CORRECTIONS,
        "01-05",
        "date",
        "not the first report",
        "Remove",
    ),
    Fault(
        "correction from nought",
        write(CORRECTIONS, b"Inn,2026-01-12,normalize\n"),
        CORRECTIONS,
        "Inn",
        "date",
        "more than 0",
        "scaled",
    ),
    Fault(
        "correction twice",
        add(CORRECTIONS, "Ford Camp,2026-01-08,normalize\n"),
        CORRECTIONS,
        column="date",
        must="stands once",
        mend="copy",
    ),
    Fault(
        "correction of another kind",
        swap(CORRECTIONS, "normalize", "scale"),
        CORRECTIONS,
        "scale",
        "kind",
        "normalize",
    ),
    Fault(
        "start no date",
        swap(PERIOD, "2026-01-05", "05/01/2026"),
        PERIOD,
        "05/01",
        "StartDate",
        "YYYY-MM-DD",
        "Year first",
    ),
    Fault(
        "a day that is none",
        swap(PERIOD, "2026-01-05", "2026-02-30"),
        PERIOD,
        "02-30",
        "StartDate",
        "is a date",
    ),
    Fault(
        "no length", swap(PERIOD, "Length,6\n", ""), PERIOD, column="Length", must="row is there", mend="Add"
    ),
    Fault("length nought", swap(PERIOD, "Length,6", "Length,0"), PERIOD, "Length,0", "Length", "from 1"),
    Fault(
        "period misspelt",
        swap(PERIOD, "Length", "Lenght"),
        PERIOD,
        "Lenght",
        "",
        "StartDate or Length",
        "Length",
    ),
    Fault(
        "camp without counts",
        swap(LAYOUT, "Mill,hil-mill.csv\n", ""),
        LAYOUT,
        must='camp "Mill"',
        mend="FILE",
    ),
    Fault(
        "total not first",
        swap(LAYOUT, '"total","refugees.csv"\n', ""),
        LAYOUT,
        "Ford Camp",
        "name",
        'is "total"',
        "above",
    ),
    Fault("camp twice", add(LAYOUT, "Mill,hil-mill.csv\n"), LAYOUT, "", "name", "stands once", "one row"),
    Fault(
        "series up the tree",
        swap(LAYOUT, "riv-inn.csv", "../../etc/passwd"),
        LAYOUT,
        "passwd",
        "file",
        "name of a file in source_data",
        "alone",
    ),
    Fault(
        "series by a full path",
        swap(LAYOUT, "riv-inn.csv", "/etc/passwd"),
        LAYOUT,
        "passwd",
        "file",
        "name of a file in source_data",
        "alone",
    ),
    Fault(
        "series is the folder",
        swap(LAYOUT, "riv-inn.csv", ".."),
        LAYOUT,
        "Inn,",
        "file",
        "name of a file in source_data",
        "alone",
    ),
    Fault("series linked from outside", leave_folder, FORD, must="inside", mend="link"),
    Fault(
        "count negative",
        swap(FORD, "2026-01-08,400", "2026-01-08,-400"),
        FORD,
        "-400",
        "count",
        "from 0",
        "dash",
    ),
    Fault(
        "count in thousands",
        swap(FORD, "2026-01-08,400", '2026-01-08,"4,400"'),
        FORD,
        "4,400",
        "count",
        "whole number",
        "separators",
    ),
    Fault(
        "count of no day",
        swap(FORD, "2026-01-08,400", "2026-13-08,400"),
        FORD,
        "2026-13",
        "date",
        "is a date",
    ),
    Fault("no counts", write(FORD, b"Date,count\n"), FORD, must="at least one count", mend="Add a row"),
    Fault(
        "age no number",
        swap("input_csv/demographics_age.csv", "30,0.6", "old,0.6"),
        "input_csv/demographics_age.csv",
        "old",
        "age",
        "whole number",
    ),
    Fault(
        "shares of nobody",
        write("input_csv/demographics_gender.csv", b"gender,Default\nmale,0\n"),
        "input_csv/demographics_gender.csv",
        column="Default",
        must="above 0",
        mend="Fill",
    ),
    Fault(
        "no default shares",
        write("input_csv/demographics_gender.csv", b"gender,Alpha\nmale,1\n"),
        "input_csv/demographics_gender.csv",
        "gender",
        "Default",
        "column Default",
        "Add",
    ),
    Fault(
        "hunger of an unknown region",
        swap("input_csv/region_attributes_IPC.csv", "South", "Suoth"),
        "input_csv/region_attributes_IPC.csv",
        "Suoth",
        "column 3",
        "region",
        "South",
    ),
    Fault(
        "hunger ends too early",
        swap("input_csv/region_attributes_IPC.csv", "10,12,25,0", "3,12,25,0"),
        "input_csv/region_attributes_IPC.csv",
        must="reaches day 5",
        mend="days",
    ),
    Fault(
        "flood days out of order",
        swap("input_csv/flood_level.csv", "3,2", "0,2"),
        "input_csv/flood_level.csv",
        "0,2",
        "Day",
        "comes after day 0",
        "Sort",
    ),
    Fault(
        "change to an unknown kind",
        swap("location_changes.csv", "camp", "cmap"),
        "location_changes.csv",
        "cmap",
        "location_type",
        "is one of",
        "camp",
    ),
    Fault("changes twice", two_changes, "location_changes.csv", must="stands once", mend="Remove"),
    Fault(
        "setting unknown",
        swap(SETTINGS, "max_move_speed", "max_mov_speed"),
        SETTINGS,
        "max_mov_speed",
        "move_rules.max_mov_speed",
        "known setting",
        "max_move_speed",
    ),
    Fault(
        "setting in the wrong section",
        swap(SETTINGS, "  sum_from_camps: True", "  softening: 5"),
        SETTINGS,
        "softening: 5\n",
        "spawn_rules.softening",
        "known setting",
        "belongs under move_rules.softening",
    ),
    Fault(
        "setting no number",
        swap(SETTINGS, "softening: 50", "softening: fifty"),
        SETTINGS,
        "fifty",
        "move_rules.softening",
        "is a number",
        "digits",
    ),
    Fault(
        "setting in quotes",
        swap(SETTINGS, "ChildrenAvoidHazards: True", "ChildrenAvoidHazards: maybe"),
        SETTINGS,
        "maybe",
        "move_rules.ChildrenAvoidHazards",
        "true or false",
        "quotes",
    ),
    Fault(
        "nobody would move",
        swap(SETTINGS, "awareness_level: 2", "awareness_level: 0"),
        SETTINGS,
        "awareness_level",
        "move_rules.awareness_level",
        "1 or more",
        "Write 1",
    ),
    Fault(
        "setting twice",
        swap(SETTINGS, "  softening: 50", "  softening: 50\n  softening: 60"),
        SETTINGS,
        "softening: 60",
        "move_rules.softening",
        "stands once",
        "Remove",
    ),
    Fault(
        "settings indented with tabs",
        swap(SETTINGS, "  softening", "\tsoftening"),
        SETTINGS,
        must="rules of YAML",
        mend="tabs",
    ),
    Fault("a billion laughs", write(SETTINGS, LAUGHS.encode()), SETTINGS, "&a", must="anchors", mend="Write"),
    Fault(
        "settings that make objects",
        write(SETTINGS, b"a: !!python/object/apply:os.system [id]\n"),
        SETTINGS,
        "python",
        must="tags",
        mend="plain",
    ),
    Fault(
        "settings nested deep",
        write(SETTINGS, b"a: " + b"[" * 9_000),
        SETTINGS,
        "a:",
        must="few levels",
        mend="out",
    ),
    Fault("settings too long", write(SETTINGS, b"# x\n" * 100_000), SETTINGS, must="at most", mend=""),
    Fault(
        "lost quote", swap(ROUTES, "Alpha,Inn", '"Alpha,Inn'), ROUTES, '"Alpha', must="pairs", mend="Close"
    ),
    Fault(
        "semicolons",
        write(ROUTES, b"#name1;name2;distance\nAlpha;Inn;30\n"),
        ROUTES,
        "#name1",
        must="commas",
        mend="CSV UTF-8",
    ),
    Fault("UTF-16", write(ROUTES, "#name1,name2\n".encode("utf-16")), ROUTES, must="UTF-16", mend="UTF-8"),
    Fault(
        "old encoding", write(ROUTES, "Café,Inn,3\n".encode("latin-1")), ROUTES, must="UTF-8", mend="UTF-8"
    ),
    Fault("a workbook", zipped, CONFLICTS, must="zip archive", mend="UTF-8"),
    Fault("zeros", write(ROUTES, b"Alpha,\x00,3\n"), ROUTES, must="NUL", mend="damaged"),
    Fault("two gigabytes", sparse, CONFLICTS, must="at most 50 MB", mend="Leave out"),
    Fault(
        "one endless line",
        write(CONFLICTS, b"#Day" + b",Alpha" * 100_000),
        CONFLICTS,
        must="bytes",
        mend="line ends",
    ),
    Fault("a pipe", pipe, ROUTES, must="ordinary file", mend="pipes"),
    Fault("a folder", folder_of_that_name, ROUTES, must="ordinary file", mend="Folders"),
    Fault(
        "characters that turn text round",
        swap(ROUTES, "Alpha,Inn", "Al\u202epha,Inn"),
        ROUTES,
        "\u202e",
        must="control characters",
        mend="Type",
    ),
]


def told(folder: Path, to: Path) -> tuple[int, list[dict[str, object]]]:
    done = CliRunner().invoke(app, ["import", "flee", str(folder), "--to", str(to), "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout).get("problems", [])


def line_of(folder: Path, file: str, words: str) -> int:
    """Number the first line that holds these words."""
    text = (folder / file).read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1


def test_there_are_fifty_and_more():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 50


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_gets_a_clear_problem_and_nothing_is_written(fault, tmp_path):
    folder = make_flee_folder(tmp_path / "riverland")
    fault.do(folder)
    code, problems = told(folder, tmp_path / "case")
    row = line_of(folder, fault.file, fault.at) if fault.at else None
    fitting = [
        problem
        for problem in problems
        if problem["file"] == fault.file
        and fault.must in problem["must"]
        and fault.mend in problem["mend"]
        and (not fault.at or problem["row"] == row)
        and (not fault.column or problem["column"] == fault.column)
    ]
    assert (code, bool(fitting)) == (2, True), problems
    assert sorted(path.name for path in tmp_path.iterdir() if "case" in path.name) == []


def test_one_fault_does_not_hide_another(tmp_path):
    folder = make_flee_folder(tmp_path / "riverland")
    picked = {
        "name twice",
        "negative distance",
        "count negative",
        "setting unknown",
        "correction without a report",
    }
    chosen = [fault for fault in FAULTS if fault.name in picked]
    for fault in chosen:
        fault.do(folder)
    code, problems = told(folder, tmp_path / "case")
    assert code == 2
    assert {fault.file for fault in chosen} <= {problem["file"] for problem in problems}
    assert len(chosen) == len(picked)


def test_a_sheet_of_mistakes_is_not_listed_without_end(tmp_path):
    folder = make_flee_folder(tmp_path / "riverland")
    (folder / ROUTES).write_text("#name1,name2,distance\n" + "Alpha,Inn,-1\n" * 50_000)
    code, problems = told(folder, tmp_path / "case")
    assert code == 2
    assert len(problems) < 1_000
    assert any("reading stopped" in problem["must"] for problem in problems)


def test_the_command_ends_with_2_and_no_traceback(tmp_path):
    folder = make_flee_folder(tmp_path / "riverland")
    (folder / PERIOD).unlink()
    command = [sys.executable, "-m", "asylia", "import", "flee", str(folder), "--to", str(tmp_path / "case")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "sim_period.csv" in done.stderr
    assert "Nothing was run and nothing was written." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize("target", ["file", "full folder"])
def test_what_is_there_is_left_alone(tmp_path, target):
    folder = make_flee_folder(tmp_path / "riverland")
    to = tmp_path / "case"
    if target == "file":
        to.write_text("mine")
    else:
        to.mkdir()
        (to / "mine.txt").write_text("mine")
    code, problems = told(folder, to)
    assert (code, len(problems)) == (2, 1)
    assert (to if target == "file" else to / "mine.txt").read_text() == "mine"


def test_no_folder_is_told(tmp_path):
    code, problems = told(tmp_path / "nowhere", tmp_path / "case")
    assert code == 2
    assert "input_csv" in str(problems[0]["mend"])
