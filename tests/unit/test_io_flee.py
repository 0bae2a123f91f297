"""Flee folders: what is read, what becomes of it, and that nothing is lost between folder, replay and case."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import CaseError
from asylia.io.flee import from_case, open_flee, read_flee, to_case, write_flee
from asylia.io.flee_keys import KEYS
from asylia.io.flee_settings import read_settings
from asylia.io.flee_write import settings_text
from asylia.io.folder import built_in_cases, find_case, new_case, read_case, write_case
from asylia.model.case import Case, fingerprint
from asylia.model.recorded import RECORD_TABLES
from asylia.model.replay import NO_CAPACITY, ReplaySettings
from case_folders import replace_text
from flee_folders import make_flee_folder

CSV = "input_csv/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_flee_folder(tmp_path / "riverland2026")


def test_places_and_routes_come_as_they_stand(folder):
    replay = read_flee(folder)
    assert (replay.id, replay.first, replay.days) == ("riverland2026", dt.date(2026, 1, 5), 6)
    places = {row["name"]: row for row in replay.places.iter_rows(named=True)}
    assert list(places)[:3] == ["Alpha", "Beta Town", "Gamma"]
    assert places["Alpha"]["population"] == 5000
    assert places["Alpha"]["capacity"] == NO_CAPACITY
    assert places["Ford Camp"]["capacity"] == 900
    assert places["Mill"]["capacity"] == NO_CAPACITY
    assert places["Gamma"]["onset_day"] == 3
    kinds = [places[name]["kind"] for name in ("Alpha", "Hub", "Cross", "Inn", "Marsh")]
    assert kinds == ["conflict", "forward", "marker", "idpcamp", "flood"]
    assert replay.links.row(4) == ("Hub", "Mill", 90.0, 0, 200.0, 0.25)
    assert replay.links["redirection"].to_list() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 2]
    assert replay.facts.rows() == [("Beta Town", "initial_idps", "12")]


def test_days_come_as_they_stand(folder):
    replay = read_flee(folder)
    assert replay.intensity.shape == (6, 9)
    assert replay.intensity[:, 0].tolist() == [1, 1, 0.5, 1, 0, 0]
    assert replay.intensity.sum(axis=0)[3:].tolist() == [0] * 6
    assert replay.closures.rows() == [
        ("country", "Riverland", "Hilland", 1, 3),
        ("location", "Gamma", "", 2, 4),
        ("link", "Gamma", "Hub", 1, 2),
        ("link", "Alpha", "Beta Town", 1, -1),
        ("camp", "Ford Camp", "", 0, 2),
        ("remove_forced_redirection", "Hub", "Ford Camp", 3, -1),
    ]
    assert replay.changes.rows() == [(4, "Beta Town", "camp")]
    assert replay.food.rows()[:3] == [(0, "North", 10.0), (0, "South", 20.0), (0, "Hills", 0.0)]
    assert replay.floods.rows() == [(0, "Marsh", 0.0), (3, "Marsh", 2.0), (5, "Marsh", 1.0)]


def test_counts_keep_order_files_and_several_counts_of_a_day(folder):
    replay = read_flee(folder)
    assert replay.camps == ("Ford Camp", "Mill", "Inn", "Ferry")
    ford = replay.reports.filter(pl.col("camp") == "Ford Camp")
    assert ford["file"].to_list() == ["hil-ford.csv"] * 4 + ["hil-ford-outside.csv"] * 2
    assert ford["people"].to_list() == [100, 400, 450, 460, 10, 40]
    assert replay.totals["people"].to_list() == [130, 800, 300]
    assert replay.corrections.rows() == [("Ford Camp", dt.date(2026, 1, 8))]
    assert replay.makeup["gender"].rows()[1] == ("male", "Alpha", 0.4)
    assert list(replay.makeup) == ["age", "gender"]


def test_what_a_reader_should_know_is_told(folder):
    (folder / "source_data" / "old.csv").write_text("x")
    read = open_flee(folder)
    told = " ".join(read.notes)
    for words in (
        "Alpha and Beta Town are joined already in line 2",
        "location closes all of Gamma",
        "hil-mill.csv Cells after the second column",
        "refugees.csv Reports are not in the order",
        "hil-ford.csv 2026-01-10 has several counts",
        "Ferry is no place of locations.csv",
        "it has no end",
        "hasten is not needed",
    ):
        assert words in told
    assert "worse from bad" not in told  # 0.5 is a number, not a flag
    assert read.ignored == ("source_data/old.csv",)


def test_flags_are_told_to_be_flags(folder):
    replace_text(folder, CSV + "conflicts.csv", "2, 0.5", "2, 1")
    assert any("worse from bad" in note for note in open_flee(folder).notes)
    assert any("worse from bad" in limit for limit in to_case(read_flee(folder)).limits)
    replace_text(folder, CSV + "conflicts.csv", "2, 1", "2, 0.5")
    assert not any("worse from bad" in limit for limit in to_case(read_flee(folder)).limits)


def test_a_correction_before_the_start_is_left_out_with_a_note(folder):
    path = folder / CSV / "registration_corrections.csv"
    path.write_text(path.read_text() + "Inn,2026-01-04,normalize\n")
    read = open_flee(folder)
    assert read.replay.corrections.height == 1
    assert any("before the start was left out" in note for note in read.notes)


def test_days_after_the_period_are_left_out_with_a_note(folder):
    replace_text(folder, CSV + "sim_period.csv", "Length,6", "Length,4")
    read = open_flee(folder)
    assert read.replay.intensity.shape == (4, 9)
    assert any("left out" in note and "conflicts.csv" in note for note in read.notes)


def test_settings_are_typed_and_the_rest_is_the_published_default(folder):
    settings = read_flee(folder).settings
    assert settings == ReplaySettings(
        conflict_spawn_decay=(1.0, 0.5, 0.1),
        displaced_per_flood_day=(0.0, 0.2),
        max_move_speed=400.0,
        softening=50.0,
        awareness_level=2,
        children_avoid_hazards=True,
        flood_movechances=(0.0, 0.5, 1.0),
        flood_loc_weights=(1.0, 0.5, 0.1),
    )


def test_settings_are_looked_for_in_the_order_of_the_page(folder):
    def speed(settings: Path | None = None) -> float:
        return read_flee(folder, settings).settings.max_move_speed

    own = folder / "simsetting.yml"
    for place, value in ((folder.parent, 111), (folder / "input_csv", 222)):
        (place / "simsetting.yml").write_text(f"move_rules:\n  max_move_speed: {value}\n")
    assert speed() == 400.0
    own.unlink()
    assert speed() == 222.0
    (folder / "input_csv" / "simsetting.yml").unlink()
    assert speed() == 111.0
    (folder.parent / "other.yml").write_text("move_rules:\n  max_move_speed: 333\n")
    assert speed(folder.parent / "other.yml") == 333.0
    (folder.parent / "simsetting.yml").unlink()
    assert speed() == 360.0
    assert any("defaults of the published engine" in note for note in open_flee(folder).notes)


@pytest.mark.parametrize(
    "text",
    [
        "spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: Poisson\n",
        "spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: pop_ratio\n",
        "spawn_rules:\n  conflict_zone_spawning_only: no\n  flood_zone_spawning_only: yes\n",
        "move_rules:\n  use_v1_rules: True\n  awareness_level: -1\n",
        "",
        "spawn_rules:\nmove_rules:\n",
    ],
)
def test_settings_come_back_as_they_were(tmp_path, text):
    (tmp_path / "simsetting.yml").write_text(text)
    settings, problems, _ = read_settings(tmp_path)
    assert problems == []
    (tmp_path / "again.yml").write_text(settings_text(settings))
    assert read_settings(tmp_path, tmp_path / "again.yml") == (settings, [], [])


def test_what_makes_people_leave_is_worked_out_from_the_sections(tmp_path):
    def read(text: str) -> ReplaySettings:
        (tmp_path / "simsetting.yml").write_text(text)
        return read_settings(tmp_path)[0]

    assert read("").spawn_mode == "reports"
    assert read("spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: poisson").spawn_mode == "poisson"
    ratio = read("spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: pop_ratio")
    assert ratio.displaced_per_conflict_day == 0.01
    old = read("move_rules:\n  use_v1_rules: True\n  max_move_speed: 300")
    assert (old.max_move_speed, old.camp_weight, old.conflict_weight) == (200.0, 2.0, 0.25)


def test_keys_without_effect_are_told_only_where_they_ask_for_something(tmp_path):
    text = "move_rules:\n  fixed_routes: {}\n  max_crossing_speed: 20\n  two_system_decision_making: False\n"
    (tmp_path / "simsetting.yml").write_text(text.format("True"))
    notes = " ".join(read_settings(tmp_path)[2])
    assert "fixed_routes: this rule of the published engine is not built here" in notes
    assert "max_crossing_speed: the published engine does not use it" in notes
    assert "two_system" not in notes
    (tmp_path / "simsetting.yml").write_text(text.format("False"))
    assert "fixed_routes" not in " ".join(read_settings(tmp_path)[2])


def same(one, other) -> bool:
    """Say whether two replays are the same, rows in order; the order of closures has no meaning."""
    frames = ("places", "links", "corrections", "reports", "totals", "facts", "food", "floods", "changes")
    return (
        all(getattr(one, name).equals(getattr(other, name)) for name in frames)
        and one.closures.sort(pl.all()).equals(other.closures.sort(pl.all()))
        and np.array_equal(one.intensity, other.intensity)
        and all(one.makeup[name].equals(other.makeup[name]) for name in {*one.makeup, *other.makeup})
        and (one.id, one.first, one.days, one.settings) == (other.id, other.first, other.days, other.settings)
    )


def test_nothing_is_lost_on_the_way_round(folder, tmp_path):
    replay = read_flee(folder)
    case = to_case(replay)
    write_case(case, tmp_path / "case")
    again = read_case(tmp_path / "case")
    assert fingerprint(again) == fingerprint(case)
    assert same(from_case(again), replay)
    write_flee(from_case(again), tmp_path / "out" / "riverland2026")
    read = read_flee(tmp_path / "out" / "riverland2026")
    assert same(read, replay)
    assert fingerprint(read) == fingerprint(replay)
    assert fingerprint(to_case(read)) == fingerprint(case)


def test_every_table_of_the_part_is_used_by_the_example(folder):
    case = to_case(read_flee(folder))
    assert case.replay is not None
    assert set(case.replay.tables) == set(RECORD_TABLES)


def test_a_fact_stands_in_one_place(folder):
    case = to_case(read_flee(folder))
    tables = case.replay.tables
    assert case.closures.select("what", "where").rows() == [
        ("border", "Hilland"),
        ("place", "gamma"),
        ("route", "gamma.hub"),
    ]
    assert tables["closures"]["what"].to_list() == ["link", "camp", "remove_forced_redirection"]
    assert tables["daily"].filter(pl.col("what") == "fighting").rows() == [("fighting", 2, "alpha", 0.5)]
    assert case.events.height == np.count_nonzero(read_flee(folder).intensity)
    assert tables["reports"]["camp"].to_list() == ["Ferry"]
    assert case.people.filter(pl.col("area") == "mill")["persons"].to_list() == [20, 90]
    assert case.people.filter(pl.col("area") == "inn")["status"].unique().to_list() == ["idp"]
    assert case.people.filter(pl.col("area") == "ford-camp")["group"].drop_nulls().len() == 1


def test_rows_a_person_adds_with_another_source_are_no_part_of_the_record(folder, tmp_path):
    write_case(to_case(read_flee(folder)), tmp_path / "case")
    for file, row in (
        ("sources.csv", "own,Own count,Somebody,,report,,,,unknown,"),
        ("places.csv", "oak,Oak,,,North,Riverland,14.25,2.25,site,,,,own,assumed,"),
        ("events.csv", "2026-01-06,,oak,3,,,,all,,own,assumed"),
        ("people.csv", "2026-01-06,,stock,idp,mill,,,5,own,assumed,"),
    ):
        with (tmp_path / "case" / file).open("a") as handle:
            handle.write(row + "\n")
    assert same(from_case(read_case(tmp_path / "case")), read_flee(folder))


def test_a_case_without_a_record_has_the_fingerprint_and_files_of_before(tmp_path):
    new_case(tmp_path / "case")
    case = read_case(tmp_path / "case")
    assert case.replay is None
    write_case(case, tmp_path / "again")
    assert not (tmp_path / "again" / "replay").exists()
    assert "replay" not in (tmp_path / "again" / "case.toml").read_text()
    with pytest.raises(CaseError, match="holds a recorded conflict"):
        from_case(case)


def test_a_record_counts_in_the_fingerprint(folder):
    case = to_case(read_flee(folder))
    other = replace(case.replay, settings=replace(case.replay.settings, softening=51.0))
    assert (
        len({fingerprint(one) for one in (case, replace(case, replay=None), replace(case, replay=other))})
        == 3
    )
    assert built_in_cases()
    assert read_case(find_case(built_in_cases()[0])).replay is None


def test_every_setting_stands_on_the_page(root):
    page = (root / "docs" / "reference" / "flee-folder.md").read_text(encoding="utf-8")
    assert [way for way in KEYS if f"`{way[-1]}`" not in page] == []
    assert [schema.file for schema in RECORD_TABLES.values() if Path(schema.file).name not in page] == []


FAULTS = {
    "settings key": ("case.toml", "softening", "softning", "softening"),
    "settings limit": ("case.toml", "awareness_level = 2", "awareness_level = 9", "5 or less"),
    "period": ("case.toml", "[replay]\nfirst = 2026-01-05\n", "[replay]\n", "replay.first"),
    "kind": ("replay/places.csv", "alpha,conflict", "alpha,marker", "fits `kind`"),
    "crossing": ("replay/places.csv", "hub,forward,", "mill,,", "replay/places.csv says what it is"),
    "layout": ("replay/layout.csv", "total,", "totals,", "published total"),
    "layout source": (
        "replay/layout.csv",
        "flee-data-hil-mill.csv",
        "flee-data-hil-mil.csv",
        "id of sources",
    ),
    "route": ("replay/routes.csv", "hub.mill", "hub.mil", "id of routes"),
    "closure": ("replay/closures.csv", "camp,ford-camp", "camp,ford", "is an id of places.csv"),
    "change": ("replay/changes.csv", "camp", "cmap", "is one of"),
    "lone number": ("replay/daily.csv", "fighting,2,alpha", "fighting,5,alpha", "that events.csv lists"),
    "flood": ("replay/daily.csv", "flood,3,marsh", "flood,3,marrsh", "is an id of places.csv"),
    "fighting": ("events.csv", "2026-01-06", "2025-01-06", "lies in its 6 days"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_part_is_told(folder, tmp_path, name):
    file, old, new, words = FAULTS[name]
    write_case(to_case(read_flee(folder)), tmp_path / "case")
    text = (tmp_path / "case" / file).read_text()
    assert old in text
    (tmp_path / "case" / file).write_text(text.replace(old, new))
    with pytest.raises(CaseError) as caught:
        read_case(tmp_path / "case")
    assert any(words in str(problem) for problem in caught.value.problems), str(caught.value)


def test_a_folder_of_tables_needs_its_period(tmp_path):
    new_case(tmp_path / "case")
    (tmp_path / "case" / "replay").mkdir()
    with pytest.raises(CaseError, match=r"Add \[replay\]"):
        read_case(tmp_path / "case")


def test_a_misspelt_table_is_told(folder, tmp_path):
    write_case(to_case(read_flee(folder)), tmp_path / "case")
    (tmp_path / "case" / "replay" / "fact.csv").write_text("x\n")
    with pytest.raises(CaseError, match="facts"):
        read_case(tmp_path / "case")


def test_commands_import_check_and_export(folder, tmp_path):
    run = CliRunner().invoke
    case, out = tmp_path / "case", tmp_path / "out"
    done = run(app, ["import", "flee", str(folder), "--to", str(case)])
    assert (done.exit_code, "9 places, 10 routes, 6 days" in done.stdout) == (0, True)
    assert "Note: " in done.stderr
    assert run(app, ["check", str(case)]).exit_code == 0
    told = json.loads(run(app, ["import", "flee", str(folder), "--to", str(tmp_path / "b"), "--json"]).stdout)
    assert told["fingerprint"] == fingerprint(read_case(case))
    done = run(app, ["export", "flee", str(case), "--to", str(out / "riverland2026")])
    assert done.exit_code == 0
    assert same(read_flee(out / "riverland2026"), read_flee(folder))
    again = run(app, ["export", "flee", str(case), "--to", str(out / "riverland2026")])
    assert (again.exit_code, "empty" in again.stderr) == (2, True)
    listed = json.loads(run(app, ["export", "flee", str(case), "--to", str(out / "b"), "--json"]).stdout)
    assert "input_csv/locations.csv" in listed["files"]
    none = run(app, ["export", "flee", "syria-2017", "--to", str(out / "c"), "--json"])
    assert (none.exit_code, json.loads(none.stdout)["ok"]) == (2, False)
    assert not (out / "c").exists()


def test_a_conflict_that_no_folder_can_say_is_refused(folder, tmp_path):
    replay = read_flee(folder)
    places = replay.places.with_columns(
        pl.lit(7, dtype=pl.Int64).alias("population")
    )  # camps have room, not people
    with pytest.raises(CaseError, match="come back as it was: places"):
        write_flee(replace(replay, places=places), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_case_is_what_check_says(folder):
    case = to_case(read_flee(folder))
    assert isinstance(case, Case)
    assert (case.country, case.as_of, case.first) == ("Riverland", dt.date(2026, 1, 12), dt.date(2026, 1, 13))
    assert [plan.id for plan in case.plans] == ["none"]
