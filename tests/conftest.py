"""What all tests share: where the repository stands, and how Hypothesis searches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline: the first call of a numba kernel compiles it. CI looks at the same examples every time, so that a
# change fails by its own fault alone; everybody else keeps searching.
settings.register_profile("asylia", deadline=None, max_examples=50, print_blob=True)
settings.register_profile("ci", settings.get_profile("asylia"), derandomize=True)
settings.load_profile("ci" if "CI" in os.environ else "asylia")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of the repository."""
    return Path(__file__).resolve().parents[1]
