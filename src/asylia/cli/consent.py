"""`asylia consent`: where every actor stands on every plan, by its own words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from asylia.cli.compare import CaseName, Json
from asylia.cli.consent_page import show_page
from asylia.cli.json_text import json_text
from asylia.io.folder import find_case
from asylia.study.agreement import agreements
from asylia.study.check import check_case
from asylia.study.conductor import with_no_zone
from asylia.study.gather import stands
from asylia.study.record import chosen_plans

PARTS = {"propose": "consent_propose", "confirm": "consent_confirm"}
"""Parts of the command, by the module of each."""


def consent(
    case: CaseName,
    plan: Annotated[list[str] | None, typer.Option(help="Only this plan; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Say who refuses, who has said nothing against it, and who cannot be told, with the words behind each.

    Two more: `asylia consent propose ARTICLE...` finds statements in news text, `asylia consent confirm FILE` lets a person
    confirm them one by one.

    Example: asylia consent syria-2017 --plan turkey-north
    """
    read = check_case(find_case(case))
    plans = chosen_plans(read, plan) if plan else with_no_zone(read, read.plans)[1:]
    cells = stands(read, plans)
    agreement = agreements(read, plans, seed=0).get("partners")
    if as_json:
        found = {
            "positions": [asdict(cell) for cell in cells],
            "agreement": asdict(agreement) if agreement else None,
        }
        print(json_text(found))
        return
    show_page(Console(highlight=False), plans, cells, agreement)
