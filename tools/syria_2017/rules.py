"""Uncertain numbers that the published figures of this case support, with what they rest on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from exposure import FEWEST_EVENTS, LISTED_SHARE, PEOPLE_PER_KM2, Near
from tables import rows
from writing import Rule

FITTED = Path(__file__).parent / "tables" / "fitted.json"


def published_rules(shared: Path) -> dict[str, Rule]:
    """Derive rules from stocks: people without shelter, and people who leave the country."""
    facts = {(f["entity"], f["indicator"]): f["value"] for f in rows("syria_2017", folder=shared / "data")}
    country = "Syrian Arab Republic"
    idps = int(facts[country, "idps"])
    last_resort = int(facts[country, "idps_in_collective_shelters_camps_informal"])
    shelter = int(facts[country, "need_shelter"])
    return {
        "hosted_without_shelter_share": Rule(
            low=last_resort / idps,
            high=shelter / idps,
            shape="even",
            source="hno-2017",
            evidence="derived",
            why=(
                f"Low: {last_resort:,} of {idps:,} displaced people in collective centres, camps and informal sites, "
                f"a last resort. High: {shelter:,} people in need of shelter, as if all were displaced."
            ),
        ),
        "leave_country_share": _leave(facts, _moved_in_january(shared)),
    }


def _moved_in_january(shared: Path) -> int:
    name = "syria_idp_returnee_movements_monthly_2016_2021"
    found = rows(name, folder=shared / "data" / "displacement")
    return sum(int(row["idps"] or 0) for row in found if row["date"] == "2017-01-01")


def _leave(facts: dict[tuple[str, str], str], in_january: int) -> Rule:
    names = {"abroad": "displaced_abroad_by_origin", "inside": "displaced_within_syria_by_origin"}
    sums = {
        key: sum(int(value) for (_, name), value in facts.items() if name == wanted)
        for key, wanted in names.items()
    }
    grown = sum(
        int(facts[country, "syrian_refugees_registered_feb_2017"])
        - int(facts[country, "syrian_refugees_end_2016"])
        for country in ("Lebanon", "Jordan", "Iraq")
    )
    moved = 2 * in_january
    return Rule(
        low=grown / (grown + moved),
        high=sums["abroad"] / (sums["abroad"] + sums["inside"]),
        shape="log",
        source="displaced-by-origin",
        evidence="derived",
        why=(
            f"High: {sums['abroad']:,} abroad against {sums['inside']:,} displaced inside by origin, over the whole "
            f"war, most before borders closed. Low: registered Syrians in Lebanon, Jordan and Iraq grew by {grown:,} in "
            f"about two months, against two months of people newly displaced at the January 2017 rate ({moved:,}). "
            "Turkey is left out as its count follows registration."
        ),
    )


def exposure_rules(found: Sequence[Near]) -> dict[str, Rule]:
    """Write the shares of people near a lethal event as rules."""
    return {
        f"people_within_{near.radius_km}_km": Rule(
            low=near.low,
            high=near.high,
            shape="log",
            source="asylia-rule",
            evidence="derived",
            why=(
                f"Exactly placed lethal events of January 2016 to February 2017 against GeoNames towns as discs of "
                f"{PEOPLE_PER_KM2:,} people per km2 that hold {LISTED_SHARE:.0%} of a district's people, the rest spread "
                f"evenly; 5th to 95th percentile of {near.districts} districts with {FEWEST_EVENTS} such events or "
                f"more; mean by people {near.mean:.1%}."
            ),
        )
        for near in found
    }


def fitted_rules() -> dict[str, Rule]:
    """Return the rules that `fit.py` found and kept; nothing if it never ran."""
    if not FITTED.exists():
        return {}
    found = json.loads(FITTED.read_text(encoding="utf-8"))
    return {name: Rule(**fields) for name, fields in found.items()}
