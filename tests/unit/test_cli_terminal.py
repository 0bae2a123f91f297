"""A terminal that cannot show a character neither ends a command nor breaks its JSON."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli import compiled
from asylia.cli.json_text import json_text
from asylia.cli.main import app
from asylia.cli.terminal import make_printable

SAID = "“Çatak” \u2013 été → 50 €\U0001f54a\udcff"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_text_is_written_in_letters_the_terminal_has(monkeypatch, encoding):
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding=encoding))
    make_printable(["asylia", "cases"])
    sys.stdout.write(SAID)
    sys.stdout.flush()
    said = held.getvalue().decode(encoding)
    assert (
        said.replace("Ç", "C")
        .replace("é", "e")
        .startswith(('"Catak" - ete -> 50', "“Catak” \u2013 ete → 50"))
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_loses_nothing(monkeypatch, encoding):
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding=encoding))
    make_printable(["asylia", "cases", "--json"])
    sys.stdout.write(json.dumps({"said": SAID}, ensure_ascii=False))
    sys.stdout.flush()
    assert json.loads(held.getvalue().decode(encoding))["said"] == SAID


def test_a_command_ends_well_in_ascii():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "TZ": "Mars/Phobos"}
    command = [sys.executable, "-m", "asylia", "consent", "syria-2017"]
    plain, told = (
        subprocess.run([*command, *more], capture_output=True, env=environment, check=True)
        for more in ([], ["--json"])
    )
    assert b'"' in plain.stdout
    assert "“" in json.dumps(json.loads(told.stdout.decode("ascii")), ensure_ascii=False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "nosuch"),
        ("run", "syria-2017", "--plan", "nosuch"),
        ("report", "nosuch"),
        ("need", "nosuch"),
    ],
)
def test_problems_are_json_where_json_was_asked_for(arguments):
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code == 2
    told = json.loads(done.stdout)
    assert told["ok"] is False
    assert told["problems"]
    assert not CliRunner().invoke(app, list(arguments)).stdout


def test_compiled_code_finds_a_private_place_where_nothing_else_can_be_written(monkeypatch, tmp_path):
    monkeypatch.setenv(compiled.VARIABLE, "")
    monkeypatch.setattr(compiled, "_can_write", lambda _: False)
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path))
    compiled.keep_compiled()
    folder = Path(os.environ[compiled.VARIABLE])
    assert folder == tmp_path / f"asylia-{os.getuid()}"
    folder.chmod(0o777)  # a folder others can write in is not trusted
    os.environ[compiled.VARIABLE] = ""
    monkeypatch.setattr(compiled.tempfile, "mkdtemp", lambda prefix: f"{prefix}own")
    compiled.keep_compiled()
    assert os.environ[compiled.VARIABLE] == "asylia-own"


def test_a_place_that_can_be_written_needs_no_other(monkeypatch):
    monkeypatch.setenv(compiled.VARIABLE, "")
    monkeypatch.setenv("HOME", "/proc/nowhere")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    compiled.keep_compiled()
    assert not os.environ[compiled.VARIABLE]


def test_json_holds_no_number_that_is_none():
    data = {"a": [1.5, float("nan"), (float("inf"), {"b": -float("inf")})], "c": Path("x")}
    assert json.loads(json_text(data), parse_constant=pytest.fail) == {
        "a": [1.5, None, [None, {"b": None}]],
        "c": "x",
    }
