"""Write plans as files of their own, never over a file that is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from asylia.core.errors import PlanError, Problem
from asylia.io.writing import plan_text
from asylia.model.plan import Plan


def refuse_taken(folder: Path, names: Iterable[str]) -> None:
    """Raise `PlanError` where a plan of one of these names is in the folder already, or the folder is none."""
    taken = [name for name in names if (folder / f"{name}.toml").exists()]
    mend = "Choose another folder, or take the file out of it."
    problems = [
        Problem(file=str(folder / f"{name}.toml"), must="is not there yet", mend=mend) for name in taken
    ]
    if folder.exists() and not folder.is_dir():
        problems.append(Problem(file=str(folder), must="is a folder", mend="Choose another name."))
    if problems:
        raise PlanError(problems)


def write_plans(plans: Sequence[Plan], folder: Path) -> list[Path]:
    """Write each plan to `<id>.toml`, as in `plans/` of a case folder, and return the files."""
    refuse_taken(folder, [plan.id for plan in plans])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{plan.id}.toml" for plan in plans]
        for plan, file in zip(plans, files, strict=True):
            file.write_text(plan_text(plan), encoding="utf-8")
    except OSError as error:
        must = f"the folder can be written ({error.strerror})"
        raise PlanError([Problem(file=str(folder), must=must, mend="Choose another place.")]) from error
    return files
