"""Read and write a case folder: our own format, which an officer can open in a spreadsheet and a text editor.

`read_case` lists every problem of every file at once. Nothing is guessed, and nothing outside the folder is read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from asylia.core.errors import CaseError, Problem, nearest
from asylia.io.cross import check_draft
from asylia.io.csv_table import read_table
from asylia.io.door import PARTS, fail, listing
from asylia.io.draft import Draft, plain_order, read_header, read_plans, read_voices
from asylia.io.geojson import read_boundaries
from asylia.io.limits import FOLDER_BYTES, MEGABYTE, TABLE_BYTES
from asylia.io.replay_part import HOME, make_record
from asylia.io.template import template_files
from asylia.io.writing import case_files, write_files
from asylia.model.case import Case
from asylia.model.schemas import TABLES


def read_case(folder: Path | Traversable) -> Case:
    """Read a case folder.

    Raises
    ------
    CaseError
        With every problem found, in file and row order.
    """
    if isinstance(folder, Path):
        return finish(read_draft(folder))
    with tempfile.TemporaryDirectory() as place:
        _copy(folder, Path(place))
        return finish(read_draft(Path(place)))


def read_draft(folder: Path) -> Draft:
    """Read whatever can be read of a case folder, with every problem beside it."""
    draft = Draft()
    if not folder.is_dir():
        raise fail(str(folder), "the case folder is there", "`asylia new FOLDER` makes one.")
    for problem in _check_size(folder):
        raise CaseError([problem])
    for name, schema in TABLES.items():
        draft.tables[name] = read_table(folder, schema)
        draft.problems.extend(draft.tables[name].problems)
    read_header(draft, folder)
    read_voices(draft, folder)
    read_plans(draft, folder)
    draft.boundaries, wrong = read_boundaries(folder)
    draft.problems.extend(wrong)
    draft.problems.extend(_check_names(folder))
    draft.problems.extend(check_draft(draft))
    return draft


def finish(draft: Draft) -> Case:
    """Turn a draft into a case; raises `CaseError` with all its problems if it has any."""
    if draft.problems:
        raise CaseError(draft.problems)
    parts: dict[str, Any] = {**draft.header, **{name: draft.frame(name) for name in TABLES}}
    if draft.record is not None:
        parts["replay"] = make_record(draft.record, draft.tables)
    return Case(
        **parts,
        terms=draft.terms,
        actors=draft.actors,
        floor=draft.floor,
        statements=draft.statements,
        plans=plain_order([one.plan for one in draft.plans]),
        boundaries=draft.boundaries,
    )


def write_case(case: Case, folder: Path, *, overwrite: bool = False) -> None:
    """Write a case folder, whole or not at all: `read_case` of it gives the same fingerprint.

    Parameters
    ----------
    overwrite
        Replace a folder that holds something; files that are no part of a case stay.

    Raises
    ------
    CaseError
        If the folder is in the way, or the case does not pass `read_case`; nothing is then written.
    """
    try:
        encoded = {name: text.encode() for name, text in case_files(case).items()}
    except ValueError as error:  # a number without an end, half a character
        raise fail(case.id, f"the case can be written ({error})", "Correct the value.") from error
    write_files(encoded, folder, overwrite=overwrite, check=read_case)


def new_case(folder: Path) -> None:
    """Write a small commented example of a case folder, which passes `read_case`, to fill in."""
    encoded = {name: text.encode() for name, text in template_files().items()}
    write_files(encoded, folder, overwrite=False, check=read_case)


def built_in_cases() -> tuple[str, ...]:
    """Return the names of the cases that ship with Asylia, sorted."""
    home = files("asylia") / "data" / "cases"
    if not home.is_dir():
        return ()
    return tuple(sorted(one.name for one in home.iterdir() if (one / "case.toml").is_file()))


def find_case(name_or_path: str) -> Path:
    """Return the folder of a built-in case, or the folder of this path.

    Built-in names come first; write `./name` for a folder of the same name.
    """
    names = built_in_cases()
    if name_or_path in names:
        return Path(str(files("asylia") / "data" / "cases" / name_or_path))
    path = Path(name_or_path)
    if path.is_dir():
        return path
    hint = nearest(name_or_path, names) or f"Built-in cases: {', '.join(names) or 'none'}."
    raise fail(name_or_path, "is a built-in case or a case folder", hint)


def _check_names(folder: Path) -> Iterator[Problem]:
    """List files that look like a misspelt part of a case and would be passed over in silence."""
    present = listing(folder)
    for name in present:
        # A name beside its own is a copy somebody keeps; it is left alone.
        near = nearest(name, PARTS - set(present))
        if name not in PARTS and near and Path(name).suffix in (".toml", ".csv", ".geojson", ".json", ""):
            yield Problem(file=name, must="is the name of a part of a case", mend=f"{near} Rename it.")
    for name in listing(folder / "plans"):
        if not name.endswith(".toml"):
            mend = 'A plan is a file that ends in ".toml"; put notes elsewhere.'
            yield Problem(file=f"plans/{name}", must="is a plan", mend=mend)


def _check_size(folder: Path) -> Iterator[Problem]:
    paths = [folder / name for name in sorted(PARTS)]
    paths += [folder / home / name for home in ("plans", HOME) for name in listing(folder / home)]
    sizes = [path.lstat().st_size for path in paths if path.is_file() and not path.is_symlink()]
    size = sum(size for size in sizes if size <= TABLE_BYTES)  # a larger one has a problem of its own
    if size > FOLDER_BYTES:
        must = f"the folder has at most {FOLDER_BYTES / MEGABYTE:g} MB; it has {size / MEGABYTE:,.0f} MB"
        yield Problem(file=folder.name, must=must, mend="Sum events by place and week.")


def _copy(source: Traversable, target: Path) -> None:
    """Copy a case out of an archive (Asylia run from a zip file)."""
    for one in source.iterdir():
        if one.is_dir():
            (target / one.name).mkdir()
            _copy(one, target / one.name)
        else:
            (target / one.name).write_bytes(one.read_bytes())
