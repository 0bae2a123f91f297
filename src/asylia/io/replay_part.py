"""The part `replay` of a case folder: `[replay]` in case.toml and the tables in `replay/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from asylia.core.errors import Problem, nearest
from asylia.io.boundary_errors import validated
from asylia.io.boundary_replay import ReplayEntry
from asylia.io.csv_table import Table, read_table
from asylia.io.door import exists, listing
from asylia.io.toml_file import Spot, TomlFile
from asylia.model.recorded import RECORD_TABLES, Recorded
from asylia.model.replay import ReplaySettings

HOME: Final = "replay"
FILES: Final = frozenset(schema.file.removeprefix(f"{HOME}/") for schema in RECORD_TABLES.values())


def read_record(
    folder: Path, file: TomlFile
) -> tuple[dict[str, Table], Mapping[str, Any] | None, list[Problem]]:
    """Read the part `replay`: its tables by name, what stands under `[replay]`, and every problem."""
    if HOME not in file.data:
        return {}, None, list(_homeless(folder, file))
    spot = Spot(file=file, keys=(HOME,))
    head, problems = validated(spot, file.data[HOME], ReplayEntry)
    tables = {f"{HOME}_{name}": read_table(folder, schema) for name, schema in RECORD_TABLES.items()}
    for table in tables.values():
        problems.extend(table.problems)
    return tables, head, [*problems, *_strangers(folder)]


def make_record(head: Mapping[str, Any], tables: Mapping[str, Table]) -> Recorded:
    """Make the noun from what was read without problems."""
    known = {one.name for one in fields(ReplaySettings)}
    settings = {name: _like_default(name, value) for name, value in head.items() if name in known}
    frames = {name: tables[f"{HOME}_{name}"].frame for name in RECORD_TABLES}
    return Recorded(
        first=head["first"],
        days=head["days"],
        settings=ReplaySettings(**settings),
        tables={name: frame for name, frame in frames.items() if not frame.is_empty()},
    )


def _like_default(name: str, value: Any) -> Any:
    """Make 400 the number 400.0 where the setting is no whole number."""
    return float(value) if isinstance(getattr(ReplaySettings(), name), float) else value


def _homeless(folder: Path, file: TomlFile) -> Iterator[Problem]:
    if file.data and exists(folder, HOME):
        must = "a folder replay/ has its period under [replay]"
        mend = "Add [replay] with first and days to case.toml, or rename the folder."
        yield Problem(file=file.name, column=HOME, must=must, mend=mend)


def _strangers(folder: Path) -> Iterator[Problem]:
    for name in listing(folder / HOME):
        if name not in FILES:
            mend = nearest(name, FILES) or f"Known: {', '.join(sorted(FILES))}."
            yield Problem(file=f"{HOME}/{name}", must="is the name of a table of replay/", mend=mend)
