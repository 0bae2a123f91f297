"""The settings of a Flee folder, `simsetting.yml`: every key is known, of the right kind, and says what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from asylia.core.errors import CaseError, Problem, nearest
from asylia.io.flee_keys import CONFLICT, KEYS, SECTIONS, Key, Way
from asylia.io.yaml_file import Value, read_yaml
from asylia.model.replay import ReplaySettings

NAME: Final = "simsetting.yml"
PASSED_OVER: Final = "is not known and was passed over."
"""End of the note on a key nobody knows."""
_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


V1_RULES: Final = {
    "max_move_speed": 200.0,
    "start_on_foot": False,
    "avoid_short_stints": False,
    "camp_weight": 2.0,
    "conflict_weight": 0.25,
}


@dataclass(slots=True, kw_only=True)
class _Reading:
    file: str
    strict: bool = True
    told: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, way: Way, value: Value, must: str, mend: str) -> None:
        self.problems.append(
            Problem(
                file=self.file,
                row=value.line,
                column=".".join(way),
                value=value.written,
                must=must,
                mend=mend,
            )
        )


def find_settings(folder: Path, settings: Path | None) -> tuple[Path, str, str] | None:
    """Find the settings of a Flee folder: where they are, under which name, and how to call them.

    The first of: the file that was named; `simsetting.yml` in the folder, in its `input_csv`, and beside the folder.
    """
    if settings is not None:
        return settings.parent, settings.name, str(settings)
    if (folder / NAME).exists():
        return folder, NAME, NAME
    if (folder / "input_csv" / NAME).exists():
        return folder, f"input_csv/{NAME}", f"input_csv/{NAME}"
    outside = folder.absolute().parent
    return (outside, NAME, f"../{NAME}") if (outside / NAME).exists() else None


def read_settings(
    folder: Path, settings: Path | None = None, *, strict: bool = True
) -> tuple[ReplaySettings, list[Problem], list[str]]:
    """Read the settings of a Flee folder: the settings, every problem, and notes on keys without effect.

    Parameters
    ----------
    strict
        Whether an unknown key is a problem; otherwise it is a note, for the published engine passes over it.
    """
    found = find_settings(folder, settings)
    if found is None:
        return ReplaySettings(), [], [f"No {NAME} was found; the defaults of the published engine hold."]
    home, name, called = found
    reading = _Reading(file=called, strict=strict)
    try:
        values = read_yaml(home, name)
    except CaseError as error:
        return ReplaySettings(), [_renamed(problem, called) for problem in error.problems], []
    for way, value in values.items():
        _take(reading, way, value)
    _spawn_mode(reading, values)
    _old_rules(reading, values)
    if reading.problems:
        return ReplaySettings(), reading.problems, reading.notes
    return ReplaySettings(**reading.told), [], reading.notes


def _renamed(problem: Problem, file: str) -> Problem:
    return Problem(
        file=file,
        row=problem.row,
        column=problem.column,
        value=problem.value,
        must=problem.must,
        mend=problem.mend,
    )


def _take(reading: _Reading, way: Way, value: Value) -> None:
    key = KEYS.get(way)
    if key is None:
        if not (way in SECTIONS or not way) or not value.is_empty:
            _unknown(reading, way, value)
        return
    if value.is_empty and key.field != "":
        return  # null is the default
    if key.why and _asks(value):
        reading.notes.append(f"{reading.file}:{value.line} {'.'.join(way)}: {key.why}.")
    read = _KINDS[key.kind](reading, way, value, key)
    if key.field and read is not None:
        reading.told[key.field] = read
    if way == ("optimisations", "hasten") and read not in (None, 1):
        reading.notes.append(f"{reading.file}:{value.line} hasten is not needed: everybody is counted.")
    if way == ("move_rules", "awareness_level") and read is not None:
        _awareness(reading, way, value, int(read))


def _unknown(reading: _Reading, way: Way, value: Value) -> None:
    if reading.strict:
        reading.wrong(way, value, "is a known setting", _near_key(way, [".".join(one) for one in KEYS]))
    else:
        reading.notes.append(f"{reading.file}:{value.line} {'.'.join(way)} {PASSED_OVER}")


def _near_key(way: Way, known: list[str]) -> str:
    last = [".".join(one) for one in KEYS if one[-1] == way[-1]]
    if last:
        return f"It belongs under {last[0]}."
    near = nearest(way[-1], {one[-1] for one in KEYS})
    return near or nearest(".".join(way), known) or "Remove it."


def _asks(value: Value) -> bool:
    """Say whether a value asks for anything: not for nothing, nought or false."""
    return not value.is_empty and value.written.casefold() not in (*_FALSE, "0", "0.0", "[]", "")


def _awareness(reading: _Reading, way: Way, value: Value, level: int) -> None:
    if level == 0:
        must = "is 1 or more; with 0 nobody in the published engine ever moves"
        reading.wrong(way, value, must, "Write 1.")
    elif level < 0:
        reading.told["awareness_level"] = 1
        reading.notes.append(f"{reading.file}:{value.line} awareness_level: below 0 means 1.")


def _spawn_mode(reading: _Reading, values: Mapping[Way, Value]) -> None:
    """Work out what makes people leave from the sections of the published file."""
    flood = values.get(("spawn_rules", "flood_zone_spawning_only"))
    if flood is not None and flood.text.casefold() in _TRUE:
        if reading.told.get("conflict_zone_spawning_only", True):
            must = "conflict_zone_spawning_only is false where people flee floods only"
            mend = "Write conflict_zone_spawning_only: false."
            reading.wrong(("spawn_rules", "flood_zone_spawning_only"), flood, must, mend)
        reading.told["spawn_mode"] = "flood"
        return
    if not any(way[:2] == CONFLICT for way in values):
        return
    said = values.get((*CONFLICT, "spawn_mode"))
    mode = said.text.casefold() if said is not None and not said.is_empty else "constant"
    reading.told["spawn_mode"] = mode
    if mode == "pop_ratio":
        reading.told.setdefault("displaced_per_conflict_day", 0.01)


def _old_rules(reading: _Reading, values: Mapping[Way, Value]) -> None:
    said = values.get(("move_rules", "use_v1_rules"))
    if said is not None and said.text.casefold() in _TRUE:
        reading.told |= V1_RULES
        sets = ", ".join(f"{name} {value}" for name, value in V1_RULES.items())
        reading.notes.append(f"{reading.file}:{said.line} use_v1_rules sets {sets}.")


def _flag_value(reading: _Reading, way: Way, value: Value, _: Key) -> bool | None:
    word = value.text.casefold()
    if value.items is None and word in (*_TRUE, *_FALSE):
        return word in _TRUE
    reading.wrong(way, value, "is true or false", "Write True or False, without quotes.")
    return None


def _number_value(reading: _Reading, way: Way, value: Value, key: Key) -> float | None:
    if value.items is None and (number := _decimal(value.text, key)) is not None:
        return number
    reading.wrong(
        way, value, f"is a number from {key.lowest:g} to {key.highest:g}", "Write digits and a point."
    )
    return None


def _whole_value(reading: _Reading, way: Way, value: Value, key: Key) -> int | None:
    number = _decimal(value.text, key) if value.items is None else None
    if number is not None and number.is_integer():
        return int(number)
    reading.wrong(
        way, value, f"is a whole number from {key.lowest:g} to {key.highest:g}", "Write digits only."
    )
    return None


def _numbers_value(reading: _Reading, way: Way, value: Value, key: Key) -> tuple[float, ...] | None:
    numbers = [_decimal(item, key) for item in value.items or ()]
    good = tuple(number for number in numbers if number is not None)
    if value.items is not None and good and len(good) == len(numbers):
        return good
    must = f"is a list of numbers from {key.lowest:g} to {key.highest:g}"
    reading.wrong(way, value, must, "Write [1.0, 0.5, 0.1].")
    return None


def _word_value(reading: _Reading, way: Way, value: Value, key: Key) -> str | None:
    word = value.text.casefold()
    if value.items is None and word in key.words:
        return word
    reading.wrong(way, value, f"is one of {', '.join(key.words)}", nearest(value.text, key.words))
    return None


def _decimal(text: str, key: Key) -> float | None:
    value = float(text) if _DECIMAL.fullmatch(text) else None
    return value + 0.0 if value is not None and key.lowest <= value <= key.highest else None


_KINDS: Final[Mapping[str, Callable[[_Reading, Way, Value, Key], Any]]] = {
    "flag": _flag_value,
    "number": _number_value,
    "whole": _whole_value,
    "numbers": _numbers_value,
    "word": _word_value,
    "any": lambda *_: None,
}
