"""Write a case folder: whole, or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Final

import polars as pl

from asylia.core.tables import ID
from asylia.io.door import PARTS, fail
from asylia.io.toml_text import to_toml
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.recorded import RECORD_TABLES, Recorded
from asylia.model.schemas import TABLES
from asylia.model.uncertain import Uncertain

HEADER: Final = (
    "id",
    "title",
    "country",
    "as_of",
    "first",
    "days",
    "standards",
    "movement",
    "limits",
    "licences",
    "rules",
    "modifiers",
    "scenarios",
)
LATER: Final = frozenset({"movement", "modifiers", "scenarios"})
"""Left out where they say nothing."""
USUAL: Final = "fitted"
"""Movement rules of a case that says nothing of them."""


def case_files(case: Case) -> dict[str, str]:
    """Return the text of every file of a case, by its path in the folder."""
    files = {schema.file: table_text(getattr(case, name)) for name, schema in TABLES.items()}
    told = {name: plain(getattr(case, name)) for name in HEADER}
    told["movement"] = "" if case.movement == USUAL else case.movement
    files["case.toml"] = to_toml({name: said for name, said in told.items() if said or name not in LATER})
    voices = {"terms": case.terms, "floor": case.floor, "actors": case.actors}
    files["actors.toml"] = to_toml(
        {name: plain(nouns) for name, nouns in voices.items() if nouns or name != "floor"}
    )
    files["statements.toml"] = to_toml({"statements": plain(case.statements)})
    if case.profile is not None:
        files[case.standards] = to_toml({"based_on": case.profile.based_on, **_table(case.profile)})
    if case.replay is not None:
        files |= _record_files(case.replay)
        files["case.toml"] += "\n" + to_toml({"replay": _record_head(case.replay)})
    for plan in case.plans:
        if not ID.fullmatch(plan.id):  # it becomes the name of a file
            raise ValueError(f'"{plan.id}" is no id of a plan')
        files[f"plans/{plan.id}.toml"] = plan_text(plan)
    if case.boundaries:
        text = json.dumps(case.boundaries, ensure_ascii=False, allow_nan=False)
        files["boundaries.geojson"] = text + "\n"
    return files


def _record_files(record: Recorded) -> dict[str, str]:
    return {RECORD_TABLES[name].file: table_text(frame) for name, frame in record.tables.items()}


def _record_head(record: Recorded) -> dict[str, object]:
    return {"first": record.first, "days": record.days, **_table(record.settings)}


def table_text(frame: pl.DataFrame) -> str:
    """Write a frame as CSV; blanks are unknown, flags are yes or no."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_cell(value) for value in row] for row in frame.iter_rows())
    return out.getvalue()


def plain(value: object) -> object:
    """Turn nouns into tables and lists for TOML; what equals the noun's default is left out."""
    if isinstance(value, Uncertain):
        return _number(value)
    if is_dataclass(value) and not isinstance(value, type):
        told = ((one.name, getattr(value, one.name)) for one in fields(value) if _says_something(value, one))
        return {name: plain(item) for name, item in told}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def write_files(
    files: Mapping[str, bytes], folder: Path, *, overwrite: bool, check: Callable[[Path], object]
) -> None:
    """Write files into a new folder beside the target, check them, and put it in place in one step.

    Parameters
    ----------
    check
        Called with the finished folder before it takes its place; what it raises leaves nothing behind.
    """
    folder = folder.resolve() if folder.name in ("", "..") else folder.absolute()
    _refuse_full(folder, overwrite=overwrite)
    fresh = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.new"
    try:
        fresh.mkdir(parents=True)
        for name, data in files.items():
            (fresh / name).parent.mkdir(exist_ok=True)
            (fresh / name).write_bytes(data)
        check(fresh)
        _keep_others(folder, fresh)
        _put_in_place(fresh, folder)
    except OSError as error:
        raise fail(
            str(folder), f"the folder can be written ({error.strerror})", "Choose another place."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_full(folder: Path, *, overwrite: bool) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise fail(str(folder), "the target is a folder, or does not exist yet", "Choose another name.")
    if folder.exists() and folder.samefile(Path.cwd()):
        must = "the target is not the folder you stand in, which is replaced as a whole"
        raise fail(str(folder), must, "Go one folder up and name it from there.")
    if folder.is_dir() and any(folder.iterdir()) and not overwrite:
        mend = "Choose another name, or empty the folder yourself."
        raise fail(str(folder), "the folder is empty, or does not exist yet", mend)


def _keep_others(folder: Path, fresh: Path) -> None:
    """Take along what stands in the old folder and is no part of a case: notes, hindcast files."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if (path.name in PARTS and path.name != "hindcast") or (fresh / path.name).exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, fresh / path.name, symlinks=True)
        else:
            shutil.copy2(path, fresh / path.name, follow_symlinks=False)


def _put_in_place(fresh: Path, folder: Path) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        fresh.rename(folder)
        return
    old = folder.parent / f"{fresh.name.removesuffix('.new')}.old"
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)


def plan_text(plan: Plan) -> str:
    """Write a plan as the text of its file."""
    return to_toml({**_table(plan), "id": plan.id, "title": plan.title, "summary": plan.summary})


def _table(noun: object) -> dict[str, object]:
    told = plain(noun)
    if not isinstance(told, dict):
        raise TypeError("a noun is a table")
    return told


def _says_something(noun: object, one: Field[object]) -> bool:
    value = getattr(noun, one.name)
    if value is None:
        return False
    if one.default is not MISSING:
        return bool(value != one.default)
    return one.default_factory is MISSING or bool(value != one.default_factory())


def _number(number: Uncertain) -> object:
    told: dict[str, object] = {
        name: str(getattr(number, name))
        for name, default in (("shape", "even"), ("source", ""), ("evidence", "assumed"), ("why", ""))
        if getattr(number, name) != default
    }
    if not number.is_fixed:
        return {"between": [float(number.low), float(number.high)], **told}
    return {"value": float(number.low), **told} if told else float(number.low)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
