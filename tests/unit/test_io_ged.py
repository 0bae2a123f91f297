"""The door for UCDP files: every vintage, every problem at once, and nothing placed beyond its precision."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from asylia.cli.import_ import import_
from asylia.core.errors import CaseError
from asylia.io.folder import read_case
from asylia.io.ged import ged_notes, read_ged
from asylia.io.ged_case import import_ged
from asylia.io.ged_units import place, usual_unit

HEADER = "id,type_of_violence,where_prec,date_prec,latitude,longitude,adm_1,adm_2,country,country_id,date_start,date_end,low,best,high"
ROWS = (
    "1,1,1,1,35.1,36.7,Hama,Hama district,Syria,652,2016-01-05,2016-01-05,2,3,4",
    "2,1,2,1,35.2,36.8,Hama,Hama district,Syria,652,2016-01-06 00:00:00.000,2016-01-06 00:00:00.000,1,1,1",
    "3,3,3,2,35.0,36.5,Hama,Hama district,Syria,652,2016-01-12,2016-01-15,0,0,5",
    "4,1,5,1,35.0,36.5,Hama,,Syria,652,2016-01-13,2016-01-13,1,1,1",
    "5,1,1,5,35.1,36.7,Hama,Hama district,Syria,652,2016-01-01,2016-12-31,9,9,9",
    "6,1,1,1,36.2,37.1,Aleppo,Jebel Saman,Syria,652,2016-02-20,2016-02-20,1,2,3",
)


def written(folder: Path, rows: tuple[str, ...] = ROWS, header: str = HEADER, name: str = "ged.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def problems(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(CaseError) as caught:
        read_ged(path)
    return [(one.row, one.column) for one in caught.value.problems]


def test_a_file_and_its_packed_copy_read_the_same(tmp_path):
    plain = written(tmp_path)
    packed = tmp_path / "ged.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    frame = read_ged(plain)
    assert frame.equals(read_ged(packed))
    assert frame["start"][1] == dt.date(2016, 1, 6)
    assert frame["row"].to_list() == [2, 3, 4, 5, 6, 7]
    assert any("Syria" in note for note in ged_notes(frame))


def test_older_names_and_a_point_in_words_are_understood(tmp_path):
    header = "event_id,type_of_vi,where_prec,date_prec,geom_wkt,adm_2,date_start,best_est,low_est,high_est"
    rows = ("7.0,2,1,1,POINT (18.778611 43.505),Foca,1992-04-27,19.0,19,19",)
    frame = read_ged(written(tmp_path, rows, header))
    assert frame.select("id", "type", "latitude", "longitude", "deaths_best", "end").row(0) == (
        "7",
        2,
        43.505,
        18.778611,
        19,
        dt.date(1992, 4, 27),
    )


def test_every_problem_is_told_at_once(tmp_path):
    rows = (
        "1,1,1,1,95.0,36.7,a,b,Syria,652,2016-01-05,2016-01-05,2,3,4",
        "1,9,1,1,35.0,36.7,a,b,Syria,652,05/01/2016,2016-01-05,2,-3,4",
        "2,1,8,1,35.0,x,a,b,Syria,652,2016-01-05,2016-01-01,2,many,4",
    )
    assert set(problems(written(tmp_path, rows))) >= {
        (2, "latitude"),
        (2, "id"),
        (3, "type_of_violence"),
        (3, "date_start"),
        (3, "best"),
        (4, "where_prec"),
        (4, "longitude"),
        (4, "date_end"),
        (4, "best"),
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"\x1f\x8b\x08\x00broken",
        gzip.compress(b"id,best\n1,2\n"),
        b"id;best;date_start\n1;2;2016-01-01\n",
        HEADER.encode(),
        f"{HEADER}\n1,2,3\n".encode() + b'"',
        f"{HEADER},id\n".encode(),
    ],
    ids=["empty", "bytes", "torn", "no-columns", "semicolons", "no-rows", "ragged", "twice"],
)
def test_a_broken_file_ends_with_2_and_words(tmp_path, data):
    path = tmp_path / "ged.csv"
    path.write_bytes(data)
    found = CliRunner().invoke(import_, ["ged", str(path), "--out", str(tmp_path / "case"), "--json"])
    assert found.exit_code == 2
    told = json.loads(found.stdout)
    assert told["problems"]
    assert all(one["must"] and one["mend"] for one in told["problems"])
    assert not (tmp_path / "case").exists()


def test_rows_go_only_where_their_precision_allows(tmp_path):
    frame = read_ged(written(tmp_path))
    district, cell = place(frame, "district"), place(frame, "cell")
    assert district.events["events"].sum() == 4
    assert cell.events["events"].sum() == 3
    assert dict(district.apart.select("id", "why").iter_rows()) == {
        "4": "place known too coarsely",
        "5": "only the year is known",
    }
    assert cell.apart["id"].to_list() == ["3", "4", "5"]
    assert usual_unit(frame) == "district"
    # both events of the first cell in the week of Monday 4 January
    assert cell.events.row(0)[:3] == ("cell 35.0 36.5", dt.date(2016, 1, 4), 1)


def test_names_over_two_lines_are_joined_and_a_coarse_row_needs_no_point(tmp_path):
    rows = (
        ROWS[0].replace(",Hama,", ',"Hama\n\u202e  (city)",'),
        "8,1,6,1,,,,,Syria,652,2016-01-13,2016-01-13,1,600,700",
    )
    frame = read_ged(written(tmp_path, rows))
    assert frame["admin1"].to_list()[0] == "Hama (city)"
    assert place(frame, "cell").apart["why"].to_list() == ["place known too coarsely"]
    made = import_ged(tmp_path / "ged.csv", tmp_path / "case", unit="district")
    assert made.case.events.height == 1
    assert problems(written(tmp_path, (rows[1].replace("8,1,6", "8,1,4"),)))


def test_long_rows_spread_over_their_span_and_count_once(tmp_path):
    rows = tuple(
        f"{n},1,1,3,35.1,36.7,Hama,Hama district,Syria,652,2016-01-04,2016-01-31,1,1,1" for n in range(200)
    )
    events = place(read_ged(written(tmp_path, rows)), "district").events
    assert events["events"].sum() == 200
    assert events["week"].to_list() == [dt.date(2016, 1, 4) + dt.timedelta(weeks=n) for n in range(4)]
    assert events["events"].min() > 25


@given(order=st.permutations(range(len(ROWS))))
def test_the_order_of_rows_changes_nothing(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("ged")
    usual = place(read_ged(written(folder)), "district")
    other = place(read_ged(written(folder, tuple(ROWS[n] for n in order), name="other.csv")), "district")
    assert usual.events.equals(other.events)
    assert usual.places.equals(other.places)


def test_bulk_rows_that_may_repeat_are_marked_and_kept(tmp_path):
    rows = (
        "1,3,1,2,44.1,19.3,a,b,Bosnia-Herzegovina,346,1995-07-10,1995-07-11,8106,8106,8106",
        "2,1,1,1,44.15,19.25,a,b,Bosnia-Herzegovina,346,1995-07-12,1995-07-12,5087,5087,5087",
        "3,1,1,1,43.1,17.3,a,b,Bosnia-Herzegovina,346,1995-07-12,1995-07-12,600,600,600",
    )
    frame = read_ged(written(tmp_path, rows))
    assert frame["again"].to_list() == [False, True, False]
    assert any("twice" in note for note in ged_notes(frame))


def test_a_new_case_passes_the_check_and_an_old_one_keeps_its_places(tmp_path):
    path, folder = written(tmp_path), tmp_path / "hama"
    made = import_ged(path, folder)
    case = read_case(folder)
    assert case.events["events"].sum() == 4
    assert (folder / "not_placed.csv").read_text(encoding="utf-8").count("\n") == 3
    assert made.case.country == "Syria"
    with pytest.raises(CaseError, match="overwrite"):
        import_ged(path, folder)
    again = import_ged(path, folder, overwrite=True)
    assert again.case.places.equals(case.places)
    # a disc asks for points: row 3 is known to its district alone, row 2 lies 16 km from the district's middle
    assert again.case.events["events"].sum() == 2
    assert set(again.apart["why"]) >= {"further than 12 km from every place", "place known too coarsely"}
    assert read_case(folder).sources.filter(pl.col("id") == "ucdp-ged").height == 1
