"""`asylia cases`: what ships with Asylia."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from asylia.io.folder import built_in_cases, find_case, read_case
from asylia.study.record import known_later


def cases(as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False) -> None:
    """List the cases that ship with Asylia.

    Example: asylia cases
    """
    read = [(name, read_case(find_case(name))) for name in built_in_cases()]
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "title": case.title,
            "country": case.country,
            "as_of": case.as_of.isoformat(),
            "places": case.places.height,
            "plans": [plan.id for plan in case.plans],
            "in_hindsight": {plan: day.isoformat() for plan, day in known_later(find_case(name)).items()},
        }
        for name, case in read
    ]
    if as_json:
        typer.echo(json.dumps({"cases": rows}, indent=2, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['name']}  {row['title']}, as known on {row['as_of']}: {row['places']} places")
        typer.echo(f"  plans: {', '.join(row['plans'])}")
        for plan, day in row["in_hindsight"].items():
            typer.echo(f"  known only later: {plan} (asylia compare {row['name']} --as-of {day})")
    if not rows:
        typer.echo("No case ships with this copy. `asylia new FOLDER` makes one.")
