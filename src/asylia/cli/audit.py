"""`asylia audit`: what each plan leaves open, and what became of zones like it."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from asylia.audit.completeness import silences
from asylia.audit.precedents import as_known, like_cases, read_precedents
from asylia.cli.compare import CaseName, Json
from asylia.io.folder import find_case
from asylia.model.findings import Precedents
from asylia.report.words import percent
from asylia.study.check import check_case
from asylia.study.conductor import with_no_zone
from asylia.study.record import chosen_plans


def audit(
    case: CaseName,
    plan: Annotated[list[str] | None, typer.Option(help="Only this plan; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """List what each plan does not say, what was assumed to fill it, and the zones of the past that are like it.

    Example: asylia audit syria-2017 --plan us-gulf
    """
    read = check_case(find_case(case))
    plans = chosen_plans(read, plan) if plan else with_no_zone(read, read.plans)[1:]
    known = as_known(read_precedents(), read.as_of)
    found = [(each, silences(each), like_cases(each, known)) for each in plans]
    if as_json:
        print(
            json.dumps(
                {p.id: {"elements": s.to_dicts(), "like_cases": _plain(a)} for p, s, a in found},
                indent=2,
                ensure_ascii=False,
                default=str,
            )
        )
        return
    console = Console(highlight=False)
    for each, said, alike in found:
        console.print(f"\n[bold]{escape(each.title)}[/bold] ({each.id})")
        for status in ("silent", "assumed"):
            questions = said.filter(said["status"] == status)["question"].to_list()
            console.print(f"  {status}: {escape('; '.join(questions)) or 'nothing'}")
        console.print(f"  like cases: {escape(_history(alike))}")


def _history(alike: Precedents) -> str:
    counted = f"{alike.overrun} of {alike.n} were overrun, in {alike.clusters} conflicts"
    if alike.low is None or alike.high is None:
        return f"{counted}; too few for a rate. {alike.why} {alike.caution}"
    return f"{counted}, {percent(alike.low)} to {percent(alike.high)}. {alike.why} {alike.caution}"


def _plain(alike: Precedents) -> dict[str, object]:
    return {
        "n": alike.n, "overrun": alike.overrun, "clusters": alike.clusters, "low": alike.low, "high": alike.high,
        "why": alike.why, "caution": alike.caution, "zones": alike.rows["id"].to_list(),
    }  # fmt: skip
