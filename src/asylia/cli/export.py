"""`asylia export`: write a case in the format of another engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from asylia.cli.compare import Json
from asylia.cli.parts import GroupOfParts
from asylia.cli.problems import told_as_json
from asylia.io.flee import from_case, write_flee
from asylia.io.folder import find_case, read_case

export = typer.Typer(
    cls=GroupOfParts, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True
)


@export.callback()
def _group() -> None:
    """Write a case in the format of another engine.

    Every part takes --json. A folder with problems ends with 2, and nothing is written.

    Example: asylia export flee mali-2012 --to mali2012
    """


@export.command()
def flee(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case folder with a recorded conflict.")],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Flee folder to write; must not exist yet.")],
    as_json: Json = False,
) -> None:
    """Write the recorded conflict of a case as a Flee folder, which `asylia import flee` reads back.

    Example: asylia export flee mali-2012 --to mali2012
    """
    with told_as_json(as_json):
        write_flee(from_case(read_case(find_case(case))), to)
    files = sorted(path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file())
    if as_json:
        typer.echo(json.dumps({"ok": True, "folder": str(to), "files": files}, indent=2, ensure_ascii=False))
        return
    typer.echo(f"Wrote {len(files)} files to {to}.")
