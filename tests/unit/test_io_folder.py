"""Reading, writing and finding case folders."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import get_type_hints
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest

from asylia.core.errors import CaseError
from asylia.io import boundary, boundary_types, limits
from asylia.io import folder as io_folder
from asylia.io.folder import built_in_cases, find_case, new_case, read_case, write_case
from asylia.model.case import fingerprint
from asylia.model.plan import Plan
from asylia.testing import tiny_case
from case_folders import append, make_case_folder, replace_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_case_folder(tmp_path / "case")


def test_new_case_passes_and_explains_every_file(tmp_path: Path) -> None:
    new_case(tmp_path / "deep" / "new")
    case = read_case(tmp_path / "deep" / "new")
    assert [plan.id for plan in case.plans] == ["none", "ford-zone"]
    for name in ("case.toml", "actors.toml", "statements.toml", "plans/ford-zone.toml"):
        text = (tmp_path / "deep" / "new" / name).read_text(encoding="utf-8")
        assert text.count("#") >= 3, name
    guide = (tmp_path / "deep" / "new" / "README.md").read_text(encoding="utf-8")
    assert "places.csv" in guide
    assert "distance_km" in guide


def test_new_case_does_not_touch_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(CaseError, match="the folder is empty"):
        new_case(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    new_case(tmp_path / "empty")
    assert read_case(tmp_path / "empty").country == "Riverland"


def test_the_folder_you_stand_in_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError, match="Go one folder up"):
        new_case(Path())


def test_a_file_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("a file")
    with pytest.raises(CaseError, match="is a folder"):
        write_case(tiny_case(), tmp_path / "case", overwrite=True)
    assert (tmp_path / "case").read_text() == "a file"


def test_a_link_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "case").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CaseError, match="is a folder"):
        write_case(tiny_case(), tmp_path / "case")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_overwriting_replaces_the_case_and_keeps_what_is_no_part_of_it(folder: Path) -> None:
    (folder / "NOTES.txt").write_text("keep me")
    (folder / "hindcast").mkdir()
    (folder / "hindcast" / "events.csv").write_text("later")
    write_case(tiny_case(), folder, overwrite=True)
    assert fingerprint(read_case(folder)) == fingerprint(tiny_case())
    assert (folder / "NOTES.txt").read_text() == "keep me"
    assert (folder / "hindcast" / "events.csv").read_text() == "later"
    assert not (folder / "plans" / "ford-zone.toml").exists()
    assert not (folder / "boundaries.geojson").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["case"]


def test_a_case_that_does_not_pass_is_not_written(tmp_path: Path) -> None:
    case = replace(tiny_case(), country="Nowhere")
    with pytest.raises(CaseError, match=r"countries of places\.csv"):
        write_case(case, tmp_path / "case")
    assert not list(tmp_path.iterdir())


def test_a_plan_id_is_never_a_path(tmp_path: Path) -> None:
    case = replace(tiny_case(), plans=(replace(Plan.none(), id="../../outside"),))
    with pytest.raises(CaseError, match="no id of a plan"):
        write_case(case, tmp_path / "case")
    assert not list(tmp_path.iterdir())


def test_a_failed_overwrite_leaves_the_old_case(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(read_case(folder))
    rename = Path.rename

    def fail_at_last(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_at_last)
    with pytest.raises(CaseError, match="No space left"):
        write_case(tiny_case(), folder, overwrite=True)
    assert fingerprint(read_case(folder)) == before
    assert [path.name for path in folder.parent.iterdir()] == ["case"]


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CaseError, match="can be written"):
        new_case(tmp_path / "file" / "case")


def test_reading_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="the case folder is there"):
        read_case(tmp_path / "nothing")


def test_reading_from_an_archive_of_the_program(folder: Path, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "program.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"case/{path.relative_to(folder)}")
    read = read_case(ZipPath(tmp_path / "program.zip", "case/"))
    assert fingerprint(read) == fingerprint(read_case(folder))


def test_none_is_always_first_and_may_be_described(folder: Path) -> None:
    (folder / "plans" / "none.toml").write_text('id = "none"\ntitle = "Nothing"\nsummary = "As it is."\n')
    (folder / "plans" / "a.toml").write_text('id = "a"\ntitle = "A"\nsummary = "A."\n')
    plans = read_case(folder).plans
    assert [plan.id for plan in plans] == ["none", "a", "ford-zone", "other"]
    assert plans[0].title == "Nothing"


def test_row_order_does_not_change_the_fingerprint(folder: Path) -> None:
    before = fingerprint(read_case(folder))
    header, *rows = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    (folder / "places.csv").write_text("\n".join([header, *rows[::-1]]) + "\n", encoding="utf-8")
    assert fingerprint(read_case(folder)) == before


def test_namibia_stays_text(folder: Path) -> None:
    for file in ("places.csv", "people.csv", "case.toml"):
        replace_text(folder, file, "Riverland", "NA", times=99)
    case = read_case(folder)
    assert case.country == "NA"
    assert "NA" in case.places["country"].to_list()


def test_the_whole_folder_has_a_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io_folder, "FOLDER_BYTES", 1_000)
    with pytest.raises(CaseError, match="the folder has at most"):
        read_case(folder)


def test_plans_have_a_bound(folder: Path) -> None:
    for number in range(limits.PLANS + 1):
        (folder / "plans" / f"p{number}.toml").write_text(f'id = "p{number}"\ntitle = "P"\nsummary = "P."\n')
    with pytest.raises(CaseError, match="at most 200 plans"):
        read_case(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_problem(folder: Path) -> None:
    (folder / "people.csv").chmod(0)
    with pytest.raises(CaseError, match="can be read"):
        read_case(folder)


def test_a_statement_chain_that_runs_in_a_circle_is_told_once_for_each(folder: Path) -> None:
    entry = (folder / "statements.toml").read_text(encoding="utf-8")
    for number in (2, 3):
        append(folder, "statements.toml", entry.replace("COUNCIL-1", f"COUNCIL-{number}"))
    text = (folder / "statements.toml").read_text(encoding="utf-8")
    for number, other in ((1, 2), (2, 3), (3, 2)):
        text = text.replace(
            f'id = "COUNCIL-{number}"', f'id = "COUNCIL-{number}"\nsupersedes = "COUNCIL-{other}"'
        )
    (folder / "statements.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    columns = [problem.column for problem in caught.value.problems]
    assert columns == ["statements.COUNCIL-2.supersedes", "statements.COUNCIL-3.supersedes"]


def test_built_in_cases_are_found_and_pass() -> None:
    for name in built_in_cases():
        assert read_case(find_case(name)).id == name


def test_a_folder_is_found_by_its_path(folder: Path) -> None:
    assert find_case(str(folder)) == folder


def test_a_misspelt_name_gets_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io_folder, "built_in_cases", lambda: ("riverland",))
    with pytest.raises(CaseError, match='Did you mean "riverland"'):
        find_case("riverlnd")


def test_boundary_models_and_nouns_have_the_same_fields() -> None:
    pairs = [
        (model, model.NOUN)
        for module in (boundary, boundary_types)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, boundary_types.Entry) and hasattr(model, "NOUN")
    ]
    checked = 0
    for model, noun in pairs:
        if noun is dict or model is boundary_types.NumberEntry:
            continue
        assert set(model.model_fields) == {field.name for field in fields(noun)}, model
        checked += 1
    assert checked >= 10
    top = set(boundary.PlanEntry.model_fields) | set(boundary.PLAN_SECTIONS)
    assert top == {field.name for field in fields(Plan)}


@pytest.mark.parametrize(
    ("model", "noun", "name"),
    [
        (boundary.StatementEntry, "Statement", "force"),
        (boundary.StatementEntry, "Statement", "status"),
        (boundary.PointerEntry, "Pointer", "mode"),
        (boundary.ProtectionEntry, "Protection", "logic"),
        (boundary.CostEntry, "Cost", "per"),
        (boundary.FundingEntry, "Funding", "status"),
    ],
)
def test_the_words_allowed_in_files_are_those_of_the_nouns(model: type, noun: str, name: str) -> None:
    assert model.NOUN.__name__ == noun
    assert get_type_hints(model)[name] == get_type_hints(model.NOUN)[name]
