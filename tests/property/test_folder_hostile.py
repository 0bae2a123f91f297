"""Whatever stands in a case folder, reading it gives a case or a list of problems: never anything else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.core.errors import CaseError, Problem
from asylia.model.case import Case
from asylia.study.check import check_case
from case_folders import copy_case, make_case_folder

FILES = (
    "case.toml",
    "actors.toml",
    "statements.toml",
    "plans/ford-zone.toml",
    "plans/other.toml",
    "places.csv",
    "routes.csv",
    "events.csv",
    "people.csv",
    "closures.csv",
    "sources.csv",
    "boundaries.geojson",
)
PIECES = st.one_of(
    st.binary(max_size=6),
    st.text(max_size=6).map(str.encode),
    st.sampled_from(
        [
            *(
                b'"',
                b"'",
                b"[",
                b"]",
                b"{",
                b"}",
                b",",
                b"=",
                b".",
                b"\n",
                b"\r",
                b"#",
                b"",
                b"-",
                b'"""',
                b"[[x]]\n",
            ),
            *(
                b"nan",
                b"inf",
                b"1e999",
                b"9" * 20,
                b"9" * 400,
                b"9" * 5000,
                b"0",
                b"-1",
                b"true",
                b"2020-02-30",
            ),
            *(
                b"0001-01-01",
                b"9999-12-31",
                b"1979-05-27T07:32:00Z",
                b"[]",
                b"{}",
                b"null",
                b"[1]",
                b"NA",
                b"\x00",
            ),
        ]
    ),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case_folder(tmp_path_factory.mktemp("whole") / "case")


def only_problems(folder: Path) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        case = check_case(folder)
    except CaseError as error:
        problems, case = error.problems, None
    assert isinstance(case, Case) != bool(problems)
    assert all(problem.must for problem in problems)


@settings(max_examples=150)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 12), PIECES), min_size=1, max_size=3
    )
)
def test_changed_bytes_give_problems_and_no_crash(
    whole: Path, changes: list[tuple[str, float, int, bytes]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = copy_case(whole, Path(place) / "case")
        for file, where, length, piece in changes:
            data = (folder / file).read_bytes()
            at = int(where * len(data))
            (folder / file).write_bytes(data[:at] + piece + data[at + length :])
        only_problems(folder)


VALUES = [
    "1",
    "-1",
    "0",
    "1e400",
    "nan",
    "inf",
    "9" * 400,
    "9" * 5000,
    '"x"',
    '""',
    "true",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
]
VALUES += [
    "2020-01-01",
    "9999-12-31",
    "0001-01-01",
    "1979-05-27T07:32:00Z",
    "07:32:00",
    "{ between = [1, nan] }",
]
VALUES += [
    "{ value = 1e999 }",
    "{ between = [1] }",
    "{ between = 5 }",
    '{ value = "x" }',
    "{ value = true }",
    "[1, [2]]",
]


@settings(max_examples=150)
@given(data=st.data())
def test_any_toml_value_for_any_key_gives_problems_and_no_crash(whole: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES[:5]))
    text = (whole / file).read_text(encoding="utf-8").split("\n")
    keys = [number for number, line in enumerate(text) if " = " in line and not line.startswith("#")]
    number = data.draw(st.sampled_from(keys))
    text[number] = f"{text[number].split(' = ')[0]} = {data.draw(st.sampled_from(VALUES))}"
    with tempfile.TemporaryDirectory() as place:
        folder = copy_case(whole, Path(place) / "case")
        (folder / file).write_text("\n".join(text), encoding="utf-8")
        only_problems(folder)
