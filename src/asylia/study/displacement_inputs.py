"""Read the folders of recorded conflicts that are to be scored, and tell what is wrong with all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import normpath
from pathlib import Path

from asylia.core.errors import CaseError, Problem
from asylia.io.flee import open_flee
from asylia.io.flee_settings import find_settings
from asylia.model.replay import Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A conflict as read, and from what.

    Parameters
    ----------
    settings
        The settings file; empty if the published defaults hold.
    reports
        Files of counts, by their path in the folder.
    notes
        What the reader of the folder said.
    doubts
        Those of the notes that a strict reading would make problems.
    """

    folder: Path
    replay: Replay
    settings: str
    reports: tuple[str, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def read_sources(folders: Sequence[Path], settings: Path | None = None) -> tuple[Source, ...]:
    """Read every folder.

    What the published engine passes over is told in the notes of a source and not refused: a recorded conflict that runs
    there is scored here.

    Parameters
    ----------
    settings
        The settings file for all of them; each folder's own if not given (see `io.flee.read_flee`).

    Raises
    ------
    CaseError
        With the problems of all folders, each named by its folder.
    """
    problems: list[Problem] = []
    found: list[Source] = []
    for folder in folders:
        try:
            found.append(_read(folder, settings))
        except CaseError as error:
            problems += [
                replace(problem, file=_named(folder, problem.file, settings)) for problem in error.problems
            ]
    problems += _twice(folders)
    if problems:
        # settings beside the folders are read for each of them
        raise CaseError(dict.fromkeys(problems))
    return tuple(found)


def doubts_of(sources: Sequence[Source]) -> list[str]:
    """Say what was let pass in the folders, although a strict reading would refuse it."""
    return [doubt for source in sources for doubt in source.doubts]


def _read(folder: Path, settings: Path | None) -> Source:
    if not folder.is_dir():
        what = "is a file; leave it out" if folder.exists() else "is not there; check the name"
        mend = f"This {what}. A folder of a conflict holds input_csv and source_data."
        raise CaseError([Problem(file="", must="is the folder of a recorded conflict", mend=mend)])
    read = open_flee(folder, settings, strict=False)
    named = find_settings(folder, settings)
    # the name a user knows it by, whatever the reader made of it
    replay = replace(read.replay, id=folder.absolute().name)
    if not set(replay.camps) & set(replay.places["name"]):
        mend = "Give the places in input_csv/locations.csv the names used there."
        raise CaseError(
            [Problem(file="source_data/data_layout.csv", must="names a camp that is a place", mend=mend)]
        )
    files = replay.reports["file"].unique(maintain_order=True)
    return Source(
        folder=folder,
        replay=replay,
        settings=named[2] if named else "",
        reports=tuple(f"source_data/{file}" for file in files),
        notes=read.notes,
        doubts=tuple(f"{folder.absolute().name}: {doubt}" for doubt in read.doubts),
    )


def _named(folder: Path, file: str, settings: Path | None) -> str:
    return file if settings is not None and file == str(settings) else normpath(folder / file)


def _twice(folders: Sequence[Path]) -> list[Problem]:
    names = [folder.absolute().name for folder in folders]
    return [
        Problem(file=str(folder), must="folders differ in their last name, which names the conflict",
                mend="Leave one out, or rename it.")
        for place, folder in enumerate(folders)
        if names[place] in names[:place]
    ]  # fmt: skip
