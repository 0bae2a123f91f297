"""The doors one by one: CSV lines, TOML lines, positions of places, source texts, hindcasts."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import tomllib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.core.errors import CaseError
from asylia.core.tables import MOST_PROBLEMS
from asylia.io import csv_table
from asylia.io.cross_places import check_outline, check_places
from asylia.io.csv_table import parse_table, read_table
from asylia.io.door import read_text
from asylia.io.folder import read_case
from asylia.io.hindcast import read_hindcast
from asylia.io.sources import check_sources
from asylia.io.toml_file import key_lines
from asylia.io.toml_text import to_toml
from asylia.io.writing import table_text
from asylia.model.schemas import PLACES, ROUTES
from case_folders import append, make_case_folder, replace_text

HEADER = "id,from,to,distance_km,mode,one_way,open_from,open_to,source,evidence,note\n"
GOOD = "a,b,c,5,road,,,,s,seen,\n"


def test_lines_are_those_of_the_file() -> None:
    table = parse_table("\n" + HEADER + "\n" + GOOD + ",,,\n" + GOOD.replace("a,", "d,", 1), ROUTES)
    assert table.lines == (4, 6)
    assert not table.problems


def test_a_lost_quote_spoils_one_row_only() -> None:
    table = parse_table(HEADER + '"x,b,c,5,road,,,,s,seen,\n' + GOOD, ROUTES)
    assert table.frame["id"].to_list() == ["a"]
    assert [problem.row for problem in table.problems] == [2]


def test_a_row_of_the_wrong_width_keeps_its_id_for_others() -> None:
    table = parse_table(HEADER + "x,b\n" + GOOD, ROUTES)
    assert table.ids() == {"a", "x"}


@pytest.mark.parametrize("tags", ["#meta+id,#loc,,,,,,,,,", "#a,#b,#c,#d,#e,#f,#g,#h,#i,#j,#k"])
def test_an_hxl_row_is_skipped_in_second_place_only(tags: str) -> None:
    assert parse_table(HEADER + tags + "\n" + GOOD, ROUTES).lines == (3,)
    assert parse_table(HEADER + GOOD + tags + "\n", ROUTES).problems


def test_a_hash_in_an_ordinary_row_is_no_tag() -> None:
    table = parse_table(HEADER + "a,b,c,5,road,,,,s,seen,#1\n", ROUTES)
    assert table.frame["note"].to_list() == ["#1"]


def test_rows_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "TABLE_ROWS", 2)
    table = parse_table(HEADER + "".join(f"r{n},b,c,5,road,,,,s,seen,\n" for n in range(5)), ROUTES)
    assert table.frame.height == 2
    assert [problem.row for problem in table.problems] == [4]


def test_complaints_have_a_bound() -> None:
    table = parse_table(HEADER + "a,b,c,-5,rod,,,,s,seeen,\n" * 5_000, ROUTES)
    assert MOST_PROBLEMS <= len(table.problems) < MOST_PROBLEMS + 10
    assert len(table.lines) == table.frame.height < 1_000


def test_a_file_just_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "routes.csv").write_text(HEADER + GOOD)
    size = (tmp_path / "routes.csv").stat().st_size
    assert not read_table(tmp_path, ROUTES, most=size).problems
    assert "at most" in read_table(tmp_path, ROUTES, most=size - 1).problems[0].must


def test_the_length_of_a_line_counts_across_the_pieces_it_is_read_in(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a\n" + b"x" * 70_000 + b"\nb\n")
    assert len(read_text(tmp_path, "t.csv", most=10**6, longest_line=70_000)) == 70_005
    with pytest.raises(CaseError, match=r"t\.csv:2 "):
        read_text(tmp_path, "t.csv", most=10**6, longest_line=69_999)


@given(rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["C", "Z"])), min_size=2, max_size=2)))
def test_any_cell_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    text = table_text(pl.DataFrame(rows, schema={"one": pl.String, "two": pl.String}, orient="row"))
    assert list(csv.reader(text.split("\n")[1:-1], strict=True)) == rows


@given(st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False), st.dates(),
              st.text(st.characters(exclude_categories=["Cs"]))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)),
    max_leaves=8,
))  # fmt: skip
def test_toml_text_reads_back(value: object) -> None:
    assert tomllib.loads(to_toml({"x": value, "y": [{"a": value}]})) == {"x": value, "y": [{"a": value}]}


def test_lines_of_keys_in_nested_tables() -> None:
    text = '# note\na = 1\n\n[[s]]\nid = "x"\n[[s.e]]\nk = 1\n[[s.e]]\nk = 2\n[[s]]\n[s.t]\nq.r = 3\n'
    lines = key_lines(text)
    assert lines["a",] == 2
    assert lines["s", 0, "e", 1, "k"] == 9
    assert lines["s", 1] == 10
    assert lines["s", 1, "t", "q", "r"] == 12


def places(points: list[tuple[float, float]]) -> csv_table.Table:
    rows = "".join(f"p{n},P,,,A,C,{lat},{lon},town,,,,s,seen,\n" for n, (lat, lon) in enumerate(points))
    return parse_table(",".join(PLACES.names) + "\n" + rows, PLACES)


SYRIA = [(33.5, 36.3), (36.2, 37.1), (34.7, 36.7), (35.5, 35.8), (35.3, 40.1), (32.6, 36.1), (36.5, 40.7)]


@pytest.mark.parametrize("wrong", [0, 4, 6])
def test_one_swapped_place_is_found(wrong: int) -> None:
    points = [(lon, lat) if n == wrong else (lat, lon) for n, (lat, lon) in enumerate(SYRIA)]
    rows = [problem.row for problem in check_places(places(points), {})]
    assert rows == [wrong + 2]


def test_places_where_they_belong_are_left_alone() -> None:
    assert not list(check_places(places(SYRIA), {}))
    assert not list(check_places(places([(60.0, 5.0)] * 3), {}))


def test_a_table_swapped_as_a_whole_is_found_on_the_map() -> None:
    ring = [[35, 32], [43, 32], [43, 38], [35, 38], [35, 32]]
    shape = {"features": [{"geometry": {"type": "Polygon", "coordinates": [ring]}}]}
    found = list(check_places(places([(lon, lat) for lat, lon in SYRIA]), shape))
    assert len(found) >= 4
    assert not list(check_places(places(SYRIA), shape))


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "do not cross"),
        ([(0, 0), (0, 95), (1, 0)], "degrees"),
        ([(-179, 0), (179, 0), (0, 1)], "round the world"),
        ([(0, 0), (0, 0), (1, 1)], "three corners"),
    ],
)
def test_outlines_that_cannot_be(outline: list[tuple[float, float]], words: str) -> None:
    assert words in check_outline(outline, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_case_folder(tmp_path / "case")
    text = "é" * 120 + "They said: only with our\nwritten consent, nothing else." + " " * 90
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "any name.txt").write_bytes(text.replace("\n", "\r\n").encode())
    return made


def with_checksum(folder: Path) -> Path:
    data = (folder.parent / "texts" / "any name.txt").read_bytes()
    replace_text(folder, "sources.csv", "report,,,", f"report,,{hashlib.sha256(data).hexdigest()},")
    return folder


def test_pointers_count_characters_and_see_through_line_ends(folder: Path) -> None:
    case = read_case(with_checksum(folder))
    assert not check_sources(case, folder.parent / "texts")


def test_pointers_that_miss_say_where_the_words_stand(folder: Path) -> None:
    replace_text(
        with_checksum(folder), "statements.toml", '"only with our written consent"', '"nothing else"'
    )
    replace_text(folder, "statements.toml", "end = 190", "end = 140")
    problem = check_sources(read_case(folder), folder.parent / "texts")[0]
    assert problem.column == "statements.COUNCIL-1.evidence.1"
    assert "They stand at character 162" in problem.mend


def test_pointers_past_the_end_and_words_that_are_not_there(folder: Path) -> None:
    replace_text(with_checksum(folder), "statements.toml", "end = 190", "end = 5000")
    assert "lies inside" in check_sources(read_case(folder), folder.parent / "texts")[0].must
    replace_text(folder, "statements.toml", "end = 5000", "end = 190")
    replace_text(folder, "statements.toml", "only with our", "never with our")
    assert "copy them again" in check_sources(read_case(folder), folder.parent / "texts")[0].mend


def test_sources_without_text_or_checksum(folder: Path) -> None:
    assert "checksum" in check_sources(read_case(folder), folder.parent / "texts")[0].must
    replace_text(folder, "sources.csv", "report,,,", f"report,,{'0' * 64},")
    assert "is in texts" in check_sources(read_case(folder), folder.parent / "texts")[0].must
    with pytest.raises(CaseError, match="source texts is there"):
        check_sources(read_case(folder), folder / "gone")


def hindcast(folder: Path, week: str = "2026-03-02", month: str = "2026-03-01") -> Path:
    (folder / "hindcast").mkdir()
    for name in ("events", "people"):
        (folder / "hindcast" / f"{name}.csv").write_bytes((folder / f"{name}.csv").read_bytes())
    replace_text(folder, "hindcast/events.csv", "2026-01-05", week)
    replace_text(folder, "hindcast/people.csv", "2026-01-01", month)
    replace_text(folder, "hindcast/people.csv", "2026-02-28", "2026-05-31")
    return folder


@pytest.mark.parametrize("week", ["2026-03-02", "2026-02-23"])
def test_hindcasts_read_what_came_after(folder: Path, week: str) -> None:
    events, people = read_hindcast(hindcast(folder, week=week))
    assert events["week"].to_list() == [dt.date.fromisoformat(week)]
    assert people.height == 2
    assert fingerprintless(folder)


def fingerprintless(folder: Path) -> bool:
    """Say whether the case itself holds nothing dated after its day."""
    case = read_case(folder)
    return case.events["week"].max() <= case.as_of


def test_hindcasts_refuse_what_was_known(folder: Path) -> None:
    with pytest.raises(CaseError) as caught:
        read_hindcast(hindcast(folder, week="2026-02-16", month="2026-01-01"))
    assert {problem.file for problem in caught.value.problems} == {
        "hindcast/events.csv",
        "hindcast/people.csv",
    }
    assert all("ends after" in problem.must for problem in caught.value.problems)


def test_hindcasts_are_checked_like_the_case(folder: Path) -> None:
    append(hindcast(folder), "hindcast/events.csv", ",2026-03-09,nowhere,1,1,1,1,all,near,survey-2025,seen\n")
    with pytest.raises(CaseError, match="names an id of places"):
        read_hindcast(folder)


def test_a_zone_outline_may_be_whole_numbers(folder: Path) -> None:
    replace_text(folder, "plans/other.toml", "opens =", "outline = [[37, 34], [38, 34], [37, 35]]\nopens =")
    zone = read_case(folder).plans[2].zones[0]
    assert zone == replace(zone, outline=((37.0, 34.0), (38.0, 34.0), (37.0, 35.0)))
