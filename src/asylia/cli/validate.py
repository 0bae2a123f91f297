"""`asylia validate`: hold parts of Asylia against cases with a known answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from typer.main import get_command

from asylia.cli.compare import Json
from asylia.cli.parts import GroupOfParts
from asylia.cli.problems import CONTROL
from asylia.study.known import Known
from asylia.study.validate_consent import validate_consent

LATE = {
    "ceasefire": "Hold a ceasefire's elicited effect against the de-escalation zones of 2017 and against places without one.",
    "displacement": "Score rules of displacement on recorded conflicts, beside rules that use no model.",
    "forecast": "Score forecasts of people in camps from a rolling origin, with reports dated up to it alone.",
    "hindcast": "Hold what Asylia would have foreseen of a later plan's zones against what was recorded of them.",
    "outflow": "Score forecasts of people newly displaced by area 1, 3 and 6 months ahead, from a rolling origin.",
    "siting": "Hold the search for sites against problems of the literature with a known best plan.",
    "threat": "Hold forecasts of lethal events against what came, beside four that use no model.",
}
"""Parts that are imported when they are called, from the module `asylia.cli.validate_PART`; the summary is the first line
of the docstring."""


class LateParts(GroupOfParts):
    """A group whose late parts are imported when they are called."""

    def part(self, name: str) -> Any:
        """Return a part as typer sees it, importing it if it is a late one."""
        if name not in LATE:
            return super().part(name)
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(name=name)(getattr(import_module(f"asylia.cli.validate_{name}"), name))
        return get_command(single)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Load the part that was called."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, self.part(str(name)), rest


validate = typer.Typer(
    cls=LateParts, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True
)


@validate.callback()
def _group() -> None:
    """Hold parts of Asylia against cases with a known answer.

    Every part takes --json. A wrong answer ends with 1, a file that cannot be read with 2. A score has no wrong answer.

    Example: asylia validate consent gmcr_cases.json
    """


@validate.command()
def consent(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="JSON files of conflicts or bargaining sets.")
    ],
    as_json: Json = False,
) -> None:
    """Hold stability and bargaining points against cases with a known answer.

    A file says its shape under "schema": gmcr-cases/1, analytic-bargaining/1 or bargaining/1.

    Example: asylia validate consent gmcr_cases.json analytic_bargaining.json
    """
    began = perf_counter()
    found = validate_consent(files)
    seconds = round(perf_counter() - began, 3)
    wrong = sum(not one.ok for one in found)
    if as_json:
        cases = [{**asdict(one), "ok": one.ok} for one in found]
        counts = {"answers": len(found), "wrong": wrong}
        result = {"ok": not wrong, "counts": counts, "seconds": seconds, "cases": cases}
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        typer.echo(_text(found, seconds))
    if wrong:
        raise typer.Exit(1)


def _not_loaded() -> None:
    """Stand in for a late part in the list of parts."""


for _name, _summary in LATE.items():
    validate.command(name=_name, help=_summary)(_not_loaded)


def _text(found: tuple[Known, ...], seconds: float) -> str:
    by_case: dict[tuple[str, str], list[Known]] = {}
    for one in found:
        by_case.setdefault((one.file, one.case), []).append(one)
    lines = []
    for (file, case), answers in by_case.items():
        right = sum(one.ok for one in answers)
        lines.append(f"{case} ({file}): {right} of {len(answers)} as expected")
        lines += [
            f"  {one.check}: expected {one.expected}, found {one.found}" for one in answers if not one.ok
        ]
    right = sum(one.ok for one in found)
    lines.append(f"{right:,} of {len(found):,} answers as expected, in {seconds:.1f} s.")
    return CONTROL.sub("\ufffd", "\n".join(lines))
