"""`asylia validate siting`: problems of the literature with known optima, as a table or as JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from asylia.cli.compare import Json
from asylia.cli.json_text import json_text
from asylia.cli.problems import CONTROL, told_as_json
from asylia.study.validate_siting import SitingScore, validate_siting


def siting(
    instances: Annotated[
        list[Path],
        typer.Argument(
            metavar="INSTANCE", help="Files or folders: p-median graphs, warehouses, single source."
        ),
    ],
    capacity: Annotated[
        float | None,
        typer.Option(min=0.0, help="Number for the word capacity in a file; or write NAME:NUMBER."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.0, help="Most processor time for each problem.")] = 600.0,
    as_json: Json = False,
) -> None:
    """Hold the search for sites against problems of the literature with a known best plan.

    Known values are read from pmedopt.txt, capopt.txt or opt.txt beside a file. Each answer has a plan and a bound.

    Example: asylia validate siting pmed1.txt capa:8000
    """
    found: list[SitingScore] = []
    if not as_json:
        typer.echo(f"{'problem':16}{'kind':15}{'plan':>16}{'bound':>16}{'gap':>9}{'known':>16}{'s':>9}")
    with told_as_json(as_json):
        for one in validate_siting(instances, capacity=capacity, seconds=seconds):
            found.append(one)
            if not as_json:
                typer.echo(CONTROL.sub("\ufffd", _line(one)))
    wrong = sum(not one.ok for one in found)
    if as_json:
        result = {"ok": not wrong, "counts": _counts(found), "instances": [_entry(one) for one in found]}
        typer.echo(json_text(result))
    else:
        counts = _counts(found)
        typer.echo(
            "{proved} of {problems} proved, {matched} of {known} known values met, {wrong} wrong.".format(
                **counts
            )
        )
    if wrong:
        raise typer.Exit(1)


def _counts(found: list[SitingScore]) -> dict[str, int]:
    known = [one for one in found if one.known is not None]
    return {
        "problems": len(found),
        "proved": sum(one.proved for one in found),
        "known": len(known),
        "matched": sum(one.proved and one.ok for one in known),
        "wrong": sum(not one.ok for one in found),
    }


def _entry(one: SitingScore) -> dict[str, Any]:
    certificate = one.certificate
    return {
        "name": one.name,
        "kind": one.kind,
        "value": _finite(certificate.value),
        "bound": _finite(certificate.bound),
        "gap": _finite(certificate.gap),
        "known": one.known,
        "seconds": round(certificate.seconds, 4),
        "proved": one.proved,
        "ok": one.ok,
        "open_sites": one.open_sites,
        "method": certificate.method,
        "why_stopped": certificate.why_stopped,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _line(one: SitingScore) -> str:
    certificate = one.certificate
    known = "-" if one.known is None else f"{one.known:,.3f}"
    plan, bound = (
        f"{value:,.3f}" if math.isfinite(value) else "-" for value in (certificate.value, certificate.bound)
    )
    figures = f"{plan:>16}{bound:>16}{certificate.gap:9.1e}{known:>16}"
    line = f"{one.name:16}{one.kind:15}{figures}{certificate.seconds:9.3f}"
    if not one.ok:
        return f"{line}  WRONG: it contradicts the known value"
    return line if one.proved and certificate.found else f"{line}  {certificate.why_stopped}"
