"""`asylia new`: a case folder to fill in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from asylia.io.folder import new_case


def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the files as JSON.")] = False,
) -> None:
    """Write a commented example of a case folder, to fill in.

    Example: asylia new riverland
    """
    new_case(folder)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    if as_json:
        typer.echo(json.dumps({"ok": True, "folder": str(folder), "files": files}, indent=2))
        return
    typer.echo(f"Wrote {len(files)} files to {folder}. Begin with README.md there.")
    typer.echo(f"Then: asylia check {folder}")
