"""The public names: few, sorted, documented, and loaded only when asked for."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import asylia

MOST_NAMES = 20


def test_names_are_few_sorted_and_known_to_type_checkers():
    source = ast.parse(Path(asylia.__file__).read_text(encoding="utf-8"))
    typed = {a.name for n in ast.walk(source) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert asylia.__all__ == sorted(set(asylia.__all__))
    assert len(asylia.__all__) <= MOST_NAMES
    assert set(asylia.__all__) <= typed


@pytest.mark.parametrize("name", asylia.__all__)
def test_name_is_there_and_documented(name):
    thing = getattr(asylia, name)
    assert thing.__name__ == name
    assert inspect.getdoc(thing)
    assert name in dir(asylia)


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="saved_lives"):
        _ = asylia.saved_lives


def test_asking_for_one_noun_does_not_load_the_verbs():
    code = (
        "import asylia, sys; asylia.AsyliaError; print('asylia.move' in sys.modules, 'polars' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"]
