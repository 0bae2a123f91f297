"""The command line: help, check, new and cases."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli import main
from asylia.cli.main import COMMANDS, app, load
from asylia.core.errors import RunError
from asylia.io.folder import built_in_cases, read_case
from asylia.model.case import fingerprint
from case_folders import make_case_folder, replace_text


def call(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_help_lists_every_command_with_an_example() -> None:
    result = call("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert name in result.stdout
    assert "Example:" in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does_and_has_an_example_and_json(name: str) -> None:
    command = load(name)
    assert command.help.split("\n")[0].startswith(COMMANDS[name].rstrip("."))
    assert f"Example: asylia {name}" in command.help
    result = call(name, "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout


def test_help_is_quick_and_loads_no_numbers() -> None:
    code = (
        "import sys; from asylia.cli.main import app\n"
        "try:\n    app(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'polars', 'numpy', 'numba', 'scipy', 'pydantic', 'shapely'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    times = []
    for _ in range(3):
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        times.append(time.perf_counter() - began)
        assert done.returncode == 0, done.stderr
    # 0.2 s on an idle machine; the bound leaves room for a busy one.
    assert min(times) < 1.0


def test_a_misspelt_command_gets_the_nearest_and_exit_2() -> None:
    result = call("chekc")
    assert result.exit_code == 2
    assert "check" in result.stderr


def test_version() -> None:
    assert call("--version").stdout.startswith("asylia 0.")


def test_check_counts_rows_and_evidence(tmp_path: Path) -> None:
    folder = make_case_folder(tmp_path / "case")
    result = call("check", str(folder))
    assert result.exit_code == 0
    assert "places" in result.stdout
    assert "assumed 7" in result.stdout
    told = json.loads(call("check", str(folder), "--json").stdout)
    assert told["ok"] is True
    assert told["tables"]["places"] == {"rows": 7, "evidence": {"assumed": 7}}
    assert told["plans"] == ["none", "ford-zone", "other"]
    assert told["fingerprint"] == fingerprint(read_case(folder))


def test_check_with_sources_finds_pointers_that_miss(tmp_path: Path) -> None:
    folder = make_case_folder(tmp_path / "case")
    (tmp_path / "texts").mkdir()
    result = call("check", str(folder), "--sources", str(tmp_path / "texts"))
    assert result.exit_code == 2
    assert "sources.csv" in result.stderr
    assert call("check", str(folder), "--sources", str(tmp_path / "gone")).exit_code == 2


def test_check_of_nothing(tmp_path: Path) -> None:
    result = call("check", str(tmp_path / "nothing"))
    assert result.exit_code == 2
    assert "is a built-in case or a case folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_new_writes_a_folder_that_passes(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    result = call("new", str(folder), "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert "plans/ford-zone.toml" in told["files"]
    assert all((folder / name).is_file() for name in told["files"])
    assert call("check", str(folder)).exit_code == 0


def test_new_does_not_overwrite(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert f"asylia check {folder}" in call("new", str(folder)).stdout
    replace_text(folder, "case.toml", "my-case", "precious")
    result = call("new", str(folder))
    assert result.exit_code == 2
    assert "Choose another name" in result.stderr
    assert read_case(folder).id == "precious"


def test_cases_lists_what_ships() -> None:
    told = json.loads(call("cases", "--json").stdout)
    assert [row["name"] for row in told["cases"]] == list(built_in_cases())
    text = call("cases")
    assert text.exit_code == 0
    assert all(row["title"] in text.stdout for row in told["cases"])


def test_built_in_cases_pass_check_and_their_pointers_hold() -> None:
    texts = Path(__file__).resolve().parents[2] / ".." / "shared" / "sources"
    if not texts.is_dir():
        pytest.skip("the source texts are not shipped")
    for name in built_in_cases():
        result = call("check", name, "--sources", str(texts))
        assert result.exit_code == 0, result.stderr


def test_our_own_bugs_exit_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        """Break."""
        raise RunError("people went missing")

    monkeypatch.setattr(main, "import_module", lambda _: type("Module", (), {"cases": staticmethod(broken)}))
    result = call("cases")
    assert result.exit_code == 1
    assert result.stderr.strip() == "people went missing"


def test_the_unexpected_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        """Break."""
        raise ZeroDivisionError

    monkeypatch.setattr(main, "import_module", lambda _: type("Module", (), {"cases": staticmethod(broken)}))
    result = call("cases")
    assert result.exit_code == 1
    assert isinstance(result.exception, ZeroDivisionError)
