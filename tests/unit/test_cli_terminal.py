"""A terminal that cannot show a character neither ends a command nor breaks its JSON."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from asylia.cli.terminal import make_printable

SAID = "“Çatak” – été → 50 €\U0001f54a\udcff"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_text_is_written_in_letters_the_terminal_has(monkeypatch, encoding):
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding=encoding))
    make_printable(["asylia", "cases"])
    print(SAID, end="", flush=True)
    said = held.getvalue().decode(encoding)
    assert said.replace("Ç", "C").replace("é", "e").startswith(('"Catak" - ete -> 50', "“Catak” – ete → 50"))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_loses_nothing(monkeypatch, encoding):
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding=encoding))
    make_printable(["asylia", "cases", "--json"])
    print(json.dumps({"said": SAID}, ensure_ascii=False), flush=True)
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
