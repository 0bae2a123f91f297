"""`asylia validate`: hold parts of Asylia against cases with a known answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from asylia.cli.compare import Json
from asylia.cli.problems import CONTROL
from asylia.study.known import Known
from asylia.study.validate_consent import validate_consent

validate = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@validate.callback()
def _group() -> None:
    """Hold parts of Asylia against cases with a known answer.

    Every part takes --json. A wrong answer ends with 1, a file that cannot be read with 2.

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
