"""A small valid case folder for tests, and ways to change one thing in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from asylia.io.folder import new_case

BOUNDARIES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"kind": "admin1", "name": "North", "pcode": "XX01"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[37.0, 34.0], [38.2, 34.0], [38.2, 35.2], [37.0, 35.2], [37.0, 34.0]]],
            },
        }
    ],
}
SECOND_PLAN = """\
id = "other"
title = "Another zone at Ford"
summary = "Shares its zone with ford-zone."

[[zones]]
id = "ford-zone-1"
name = "Ford"
place = "ford"
capacity_people = 500
opens = 2026-06-01
closes = 2027-06-01
"""
MORE_PLACES = """\
mill,Mill,مطحنة,,North,Riverland,34.6,37.4,town,500,,council,survey-2025,assumed,
oak,Oak,,,North,Riverland,34.3,37.3,town,700,,council,survey-2025,assumed,
elm,Elm,,,North,Riverland,34.4,37.9,town,900,,council,survey-2025,assumed,
"""


def make_case_folder(folder: Path) -> Path:
    """Write a valid case folder with every kind of file and return it."""
    new_case(folder)
    (folder / "boundaries.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    (folder / "plans" / "other.toml").write_text(SECOND_PLAN, encoding="utf-8")
    append(folder, "places.csv", MORE_PLACES)
    return folder


def replace_text(folder: Path, file: str, old: str, new: str, *, times: int = 1) -> None:
    """Change a passage of a file; it must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, times), encoding="utf-8", newline="")


def append(folder: Path, file: str, text: str) -> None:
    """Add text at the end of a file."""
    with (folder / file).open("a", encoding="utf-8", newline="") as handle:
        handle.write(text)


def line_of(folder: Path, file: str, words: str) -> int:
    """Return the first line of a file that holds these words, counted from 1."""
    lines = (folder / file).read_text(encoding="utf-8", errors="replace").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def copy_case(source: Path, target: Path) -> Path:
    """Copy a case folder."""
    shutil.copytree(source, target)
    return target
