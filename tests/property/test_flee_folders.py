"""Whatever a recorded conflict holds, folder and case give it back; whatever a folder holds, reading it ends in words."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.core.errors import CaseError, Problem
from asylia.io.flee import from_case, read_flee, to_case, write_flee
from asylia.io.flee_frames import REPLAY_FRAMES, replay_frame
from asylia.io.flee_keys import KEYS
from asylia.io.folder import read_case, write_case
from asylia.model.case import fingerprint
from asylia.model.replay import NO_CAPACITY, Replay, ReplaySettings
from flee_folders import FILES, make_flee_folder

FIRST = dt.date(2026, 1, 5)
LETTERS = st.characters(
    exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\ufffe\uffff",
)
NAMES = st.text(LETTERS, min_size=1, max_size=8).filter(
    lambda name: (
        name[0] != "#"
        and name.casefold() not in ("total", "default")
        and name == name.strip()
        and name.strip('",')
    )
)
FILE_NAMES = st.from_regex(r"[a-z]{1,4}\.csv", fullmatch=True)
PEOPLE = st.integers(0, 10**6)
NUMBERS = st.floats(0.001, 100.0)
KINDS = ("conflict", "town", "camp", "idpcamp", "forward", "marker", "flood")


@st.composite
def replays(draw: st.DrawFn) -> Replay:
    """Small recorded conflicts that a folder can say."""
    names = draw(st.lists(NAMES, min_size=3, max_size=5, unique_by=str.casefold))
    kinds = ["conflict", "camp", *(draw(st.sampled_from(KINDS)) for _ in names[2:])]
    countries = ["Home", *(draw(st.sampled_from(["Home", "Away", "Third"])) for _ in names[1:])]
    days = draw(st.integers(1, 5))
    places = [
        draw(place_rows(name, kind, country))
        for name, kind, country in zip(names, kinds, countries, strict=True)
    ]
    links = draw(st.lists(link_rows(names), min_size=1, max_size=5))
    camps = [name for name, kind in zip(names, kinds, strict=True) if "camp" in kind]
    frames = {
        "places": places,
        "links": links,
        "closures": draw(st.lists(closure_rows(links, camps, countries), max_size=4)),
        "reports": draw(report_rows([*camps, "nowhere"])),
        "totals": draw(series()),
        "facts": [(names[1], "initial_idps", "3")] if draw(st.booleans()) else [],
        "floods": draw(st.lists(st.tuples(st.just(days), st.just(names[2]), NUMBERS), max_size=1)),
        "food": [(days, region, draw(NUMBERS)) for region in sorted({row[1] for row in places})]
        * draw(st.booleans()),
        "changes": draw(
            st.lists(
                st.tuples(PEOPLE.map(lambda n: n % 9), st.sampled_from(names), st.sampled_from(KINDS)),
                max_size=2,
            )
        ),
    }
    intensity = draw(
        st.lists(
            st.sampled_from([0.0, 1.0, 0.25, 3.0]), min_size=days * len(names), max_size=days * len(names)
        )
    )
    shares = draw(st.lists(NUMBERS, min_size=4, max_size=4))
    makeup = [(value, place, shares.pop()) for value in ("a", "b") for place in ("Default", names[0])]
    return Replay(
        id="small",
        title="small",
        first=FIRST,
        days=days,
        intensity=np.array(intensity).reshape(days, len(names)),
        corrections=replay_frame("corrections", corrections(frames["reports"])),
        makeup={"gender": replay_frame("makeup", makeup)} if draw(st.booleans()) else {},
        settings=draw(rules()),
        **{name: replay_frame(name, rows) for name, rows in frames.items()},
    )


@st.composite
def place_rows(draw: st.DrawFn, name: str, kind: str, country: str) -> tuple:
    onset = draw(st.integers(0, 9)) if kind == "conflict" else draw(st.sampled_from([None, 0, 4]))
    room = draw(st.sampled_from([NO_CAPACITY, 1, 5000])) if "camp" in kind else NO_CAPACITY
    people = 0 if "camp" in kind else draw(PEOPLE)
    # longitudes far from the latitudes: a place that looks as if it had them swapped is a problem of its own
    lat, lon = draw(st.floats(10.0, 12.0)), draw(st.floats(30.0, 32.0))
    return (name, draw(st.sampled_from(["North", "South"])), country, lat, lon, kind, onset, people, room)


@st.composite
def link_rows(draw: st.DrawFn, names: list[str]) -> tuple:
    ends = draw(st.permutations(names))[:2]
    speed, walk = draw(st.sampled_from([None, 50.5])), draw(st.sampled_from([None, 0.0, 0.5]))
    return (*ends, draw(NUMBERS), draw(st.integers(0, 2)), speed, walk)


@st.composite
def closure_rows(draw: st.DrawFn, links: list[tuple], camps: list[str], countries: list[str]) -> tuple:
    what = draw(st.sampled_from(["country", "location", "link", "camp", "remove_forced_redirection"]))
    start = draw(st.integers(0, 5))
    end = draw(st.sampled_from([-1, start + 1, start + 7]))
    link = draw(st.sampled_from(links))
    others = sorted(set(countries) - {"Home"})
    pair = ("Home", others[0]) if others else None
    if len(others) == 2 and draw(st.booleans()):
        pair = (others[1], others[0])
    if what == "country" and pair:
        return (what, *pair, start, end)
    if what in ("link", "remove_forced_redirection"):
        ends = link[:2] if draw(st.booleans()) else link[1::-1]
        return (what, *ends, start, end)
    return ("camp", camps[0], "", start, end) if what == "camp" else ("location", link[0], "", start, end)


@st.composite
def series(draw: st.DrawFn) -> list[tuple[dt.date, int]]:
    days = draw(st.lists(st.integers(-5, 20), min_size=1, max_size=4))
    return [(FIRST + dt.timedelta(days=day), draw(PEOPLE)) for day in days]


@st.composite
def report_rows(draw: st.DrawFn, camps: list[str]) -> list[tuple]:
    files = draw(st.lists(FILE_NAMES, min_size=2 * len(camps), max_size=2 * len(camps), unique=True))
    rows = []
    for camp in camps:
        for _ in range(draw(st.integers(1, 2))):
            file = files.pop()
            rows += [(camp, file, *row) for row in draw(series())]
    return rows


def corrections(reports: list[tuple]) -> list[tuple[str, dt.date]]:
    """Correct every camp at the first date a folder may name, if there is one."""
    rows = []
    for camp in dict.fromkeys(row[0] for row in reports):
        counts: dict[dt.date, int] = {}
        for _, _, date, people in (row for row in reports if row[0] == camp):
            counts[date] = counts.get(date, 0) + people
        dates = sorted(counts)
        good = [day for before, day in pairwise(dates) if counts[before] and day >= FIRST]
        rows += [(camp, day) for day in good[:1]]
    return rows


@st.composite
def rules(draw: st.DrawFn) -> ReplaySettings:
    """Change some settings within their limits."""
    made: dict[str, object] = {}
    for key in (key for key in KEYS.values() if key.field and draw(st.booleans())):
        lowest, highest = (
            max(key.lowest, 1.0 if key.field == "awareness_level" else 0.0),
            min(key.highest, 500.0),
        )
        if key.kind == "flag":
            made[key.field] = draw(st.booleans())
        elif key.kind == "number":
            made[key.field] = draw(st.floats(lowest, highest))
        elif key.kind == "whole":
            made[key.field] = draw(st.integers(int(lowest), int(highest)))
        elif key.kind == "numbers":
            made[key.field] = tuple(draw(st.lists(st.floats(lowest, highest), min_size=1, max_size=3)))
    mode = draw(st.sampled_from(["reports", "constant", "poisson", "pop_ratio", "flood"]))
    if mode == "reports":
        made.pop("displaced_per_conflict_day", None)
    if mode == "flood":
        made["conflict_zone_spawning_only"] = False
    return ReplaySettings(**{**made, "spawn_mode": mode})


def same(one: Replay, other: Replay) -> None:
    """Hold two replays against each other, rows in order save those of closures, which have none."""
    for name in ("places", "links", "corrections", "reports", "totals", "facts", "food", "floods", "changes"):
        assert getattr(one, name).rows() == getattr(other, name).rows(), name
    assert sorted(one.closures.rows()) == sorted(other.closures.rows())
    assert np.array_equal(one.intensity, other.intensity)
    assert one.settings == other.settings
    assert fingerprint(one) == fingerprint(other)


@settings(max_examples=25)
@given(replays())
def test_a_folder_gives_back_what_was_written(replay: Replay) -> None:
    with tempfile.TemporaryDirectory() as place:
        write_flee(replay, Path(place) / "small")
        same(read_flee(Path(place) / "small"), replay)


@settings(max_examples=25)
@given(replays())
def test_a_case_gives_back_what_was_read(replay: Replay) -> None:
    case = to_case(replay)
    same(from_case(case), replay)
    with tempfile.TemporaryDirectory() as place:
        write_case(case, Path(place) / "small")
        again = read_case(Path(place) / "small")
    assert fingerprint(again) == fingerprint(case)
    same(from_case(again), replay)


def test_the_columns_of_a_replay_are_those_of_its_noun() -> None:
    names = {one.name for one in fields(Replay)}
    assert set(REPLAY_FRAMES) <= names


PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            b"",
            b",",
            b'"',
            b"\n",
            b"#",
            b"-",
            b"\xef\xbb\xbf",
            b"\x00",
            b"9" * 400,
            b"1e999",
            b"nan",
            b"../x",
            b"&a",
            b"*a",
            b": ",
            b"[[",
            b"{",
            b"!!x",
            b"\t",
            b"2026-02-30",
        ]
    ),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_flee_folder(tmp_path_factory.mktemp("whole") / "riverland")


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.integers(0, 12), PIECES),
        min_size=1,
        max_size=3,
    )
)
def test_changed_bytes_give_problems_and_no_crash(whole: Path, changes: list) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "riverland"
        shutil.copytree(whole, folder)
        for file, where, length, piece in changes:
            data = (folder / file).read_bytes()
            at = int(where * len(data))
            (folder / file).write_bytes(data[:at] + piece + data[at + length :])
        problems: tuple[Problem, ...] = ()
        try:
            replay = read_flee(folder)
        except CaseError as error:
            problems, replay = error.problems, None
        assert isinstance(replay, Replay) != bool(problems)
        assert all(problem.must and problem.file for problem in problems)
        if replay is None:
            return
        write_flee(replay, Path(place) / "out" / "riverland")  # whatever was read can be written
        same(read_flee(Path(place) / "out" / "riverland"), replay)
