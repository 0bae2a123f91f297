"""`asylia report`: write the report of a finished comparison again, for another audience or in another folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asylia.cli.compare import Audience, Json, Report
from asylia.cli.show import check_audience, progress_bar, show_findings, write
from asylia.study.record import again


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The study file that `compare` named (.json).")],
    report: Report = Path("report"),
    audience: Audience = "public",
    hxl: Annotated[bool, typer.Option("--hxl", help="Add the HXL tag row to CSV files.")] = False,
    as_json: Json = False,
) -> None:
    """Write the report of a finished comparison again. Nothing is simulated twice.

    Example: asylia report runs/syria-2017/study-1a2b3c4d.json --audience partners --report partners
    """
    check_audience(audience)
    with progress_bar() as progress:
        findings = again(run, progress)
    page = write(findings, report, audience, hxl=hxl)
    show_findings(findings, page=page, record=run, as_json=as_json)
