"""A profile of standards in a case folder: a TOML file that names standards and, with a reason, puts other values in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from asylia.core.errors import Problem
from asylia.io.boundary_errors import entries, head
from asylia.io.boundary_types import Entry, Float, FullText, Id, Text
from asylia.io.toml_file import TomlFile
from asylia.model.profile import Choice, Profile

SUFFIX: Final = ".toml"
_SECTIONS: Final = ("uses",)


class ChoiceEntry(Entry):
    """One `[[uses]]` of a profile."""

    NOUN = Choice
    measure: Id
    standard: Id
    reason: FullText
    value: Float | None = None
    unit: Text = ""
    source: Text = ""


class ProfileEntry(Entry):
    """What stands at the top of a profile."""

    NOUN = dict
    id: Id
    name: FullText
    based_on: Id = "emergency"


def is_file(standards: str) -> bool:
    """Say whether case.toml names a file of the case folder, and not a profile that ships."""
    return standards.endswith(SUFFIX)


def profile_of(file: TomlFile) -> tuple[Profile | None, list[Problem]]:
    """Read a profile, or `None` beside the problems if its top does not fit."""
    top, problems = head(file, ProfileEntry, _SECTIONS)
    found, wrong = entries(file, _SECTIONS[0], ChoiceEntry)
    if top is None:
        return None, [*problems, *wrong]
    told: Mapping[str, Any] = {"based_on": "emergency", **top}
    return Profile(**told, uses=tuple(entry.noun for entry in found)), [*problems, *wrong]
