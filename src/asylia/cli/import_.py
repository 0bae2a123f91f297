"""`asylia import`: turn the folder of another engine into a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from asylia.cli.check import summary
from asylia.cli.compare import Json
from asylia.cli.parts import GroupOfParts
from asylia.cli.problems import CONTROL, told_as_json
from asylia.io.flee import open_flee, to_case
from asylia.io.folder import write_case

import_ = typer.Typer(
    cls=GroupOfParts, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True
)


@import_.callback()
def _group() -> None:
    """Turn the folder of another engine into a case.

    Every part takes --json. A folder with problems ends with 2, and nothing is written.

    Example: asylia import flee mali2012 --to mali-2012
    """


@import_.command()
def flee(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds input_csv and source_data.")],
    to: Annotated[Path, typer.Option(metavar="NEWCASE", help="Case folder to write; must not exist yet.")],
    settings: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings; otherwise simsetting.yml in or beside the folder."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Turn a Flee folder into a case folder, with every problem of it listed if it has any.

    Example: asylia import flee mali2012 --to mali-2012
    """
    with told_as_json(as_json):
        read = open_flee(folder, settings)
        case = to_case(read.replay)
        write_case(case, to)
    if as_json:
        told = {"notes": read.notes, "ignored": read.ignored, "folder": str(to)}
        typer.echo(json.dumps({"ok": True, **told, **summary(case)}, indent=2, ensure_ascii=False))
        return
    for note in read.notes:
        typer.echo(CONTROL.sub("\ufffd", f"Note: {note}"), err=True)
    if read.ignored:
        typer.echo(CONTROL.sub("\ufffd", f"Not read: {', '.join(read.ignored)}"), err=True)
    replay = read.replay
    typer.echo(
        f"Wrote {to}: {replay.places.height:,} places, {replay.links.height:,} routes, {replay.days:,} days from "
        f"{replay.first}, {len(replay.camps):,} camps with counts."
    )
    typer.echo(f"Then: asylia check {to}")
