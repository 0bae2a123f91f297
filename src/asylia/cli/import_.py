"""`asylia import`: turn the data of others into a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from asylia.cli.check import summary
from asylia.cli.compare import Json
from asylia.cli.parts import GroupOfParts
from asylia.cli.problems import CONTROL, told_as_json
from asylia.core.errors import CaseError, Problem
from asylia.io.flee import open_flee, to_case
from asylia.io.folder import write_case
from asylia.io.ged_case import APART, import_ged
from asylia.io.ged_units import Unit

import_ = typer.Typer(
    cls=GroupOfParts, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True
)


@import_.callback()
def _group() -> None:
    """Turn the folder of another engine, or a file of events, into a case.

    Every part takes --json. Input with problems ends with 2, and nothing is written.

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


@import_.command()
def ged(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="UCDP GED, any release, .csv or .csv.gz.")],
    out: Annotated[
        Path, typer.Option(metavar="CASE", help="New case folder; or a case, whose events are replaced.")
    ],
    unit: Annotated[
        str,
        typer.Option(
            metavar="UNIT",
            help="district, cell (0.25 degrees), disc (12 km round each place of a case that is there), or auto.",
        ),
    ] = "auto",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the events of a case.")] = False,
    as_json: Json = False,
) -> None:
    """Write the lethal events of a UCDP file as weekly sums by place.

    An event goes only where its precision allows; the others are listed in not_placed.csv, with the reason.

    Example: asylia import ged ged_bosnia.csv.gz --out bosnia --unit cell
    """
    with told_as_json(as_json):
        made = import_ged(file, out, unit=_unit(unit), overwrite=overwrite)
    placed, apart = int(made.case.events["events"].sum()), made.apart.height
    if as_json:
        told = {"notes": made.notes, "folder": str(out), "events_placed": placed, "events_not_placed": apart}
        typer.echo(json.dumps({"ok": True, **told, **summary(made.case)}, indent=2, ensure_ascii=False))
        return
    for note in made.notes:
        typer.echo(CONTROL.sub("\ufffd", f"Note: {note}"), err=True)
    typer.echo(
        f"Wrote {out}: {placed:,} events in {made.case.events.height:,} rows; {apart:,} not placed, listed in {APART}."
    )
    typer.echo(f"Then: asylia check {out}")


def _unit(unit: str) -> Unit | None:
    known: dict[str, Unit] = {"district": "district", "cell": "cell", "disc": "disc"}
    if unit != "auto" and unit not in known:
        must = "is district, cell, disc or auto"
        raise CaseError([Problem(file="--unit", value=unit, must=must, mend="Leave it out if in doubt.")])
    return known.get(unit)
