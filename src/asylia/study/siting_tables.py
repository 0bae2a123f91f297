"""What a search for zones found, as tables: for the terminal, for JSON and, once redacted, for the report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import polars as pl

from asylia.model.case import Case
from asylia.model.siting_case import OBJECTIVES, REASONS, SitingPlan
from asylia.study.siting import Sited

NAMES: Final = ("candidates", "front", "worth", "occupancy", "facts")
TEXT, REAL, WHOLE = pl.String, pl.Float64, pl.Int64
CANDIDATES: Final = {
    "candidate": TEXT, "name": TEXT, "kind": TEXT, "area": TEXT, "lat": REAL, "lon": REAL, "controller": TEXT,
    "consent": TEXT, "excluded": TEXT, "unknown": TEXT, "room": WHOLE, "binding": TEXT, "km_to_fighting": REAL,
    "km_to_border": REAL,
}  # fmt: skip
FRONT: Final = {
    "number": WHOLE, "plan": TEXT, "zones": WHOLE, "sites": TEXT, "aim": TEXT, "held": TEXT,
    **dict.fromkeys(OBJECTIVES, REAL), "sheltered": REAL, "sheltered_most": REAL, "bound": REAL, "gap": REAL, "stopped": TEXT, "binding": TEXT,
}  # fmt: skip
WORTH: Final = {
    "party": TEXT, "party_name": TEXT, "site": TEXT, "name": TEXT, "consent": TEXT,
    "gained_low": REAL, "gained_high": REAL, "lost_low": REAL, "lost_high": REAL,
}  # fmt: skip
OCCUPANCY: Final = {
    "plan": TEXT, "zone": TEXT, "name": TEXT, "room": REAL, "simulated_first": REAL, "planned_first": REAL,
    "simulated": REAL, "planned": REAL, "apart": REAL, "rounds": WHOLE, "agrees": pl.Boolean,
}  # fmt: skip


def tables_of(case: Case, sited: Sited) -> dict[str, pl.DataFrame]:
    """Lay out a search: candidates, front, worth, occupancy, and facts a reader needs beside them."""
    return {
        "candidates": _candidates(sited),
        "front": _front(sited),
        "worth": _worth(case, sited),
        "occupancy": _occupancy(sited),
        "facts": _facts(sited),
    }


def excluded_by(candidates: pl.DataFrame) -> dict[str, int]:
    """Count candidates left out by each reason; one may have several."""
    found = [word for row in candidates["excluded"] for word in row.split("; ") if word]
    return {said: found.count(said) for said in REASONS.values() if said in found}


def _candidates(sited: Sited) -> pl.DataFrame:
    search = sited.search
    rooms = {site.id: room for site, room in zip(search.sites, search.rooms, strict=True)}
    rows = [
        (
            one.id, one.name, one.kind, one.area, one.lat, one.lon, one.controller, one.consent,
            "; ".join(REASONS[name] for name in one.excluded), "; ".join(one.unknown),
            rooms[one.id].people if one.id in rooms else None, rooms[one.id].binding if one.id in rooms else "",
            _finite(one.km_to_fighting), _finite(one.km_to_border),
        )
        for one in search.candidates
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CANDIDATES, orient="row")


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _front(sited: Sited) -> pl.DataFrame:
    case = sited.search.case
    everybody = float(case.chance @ case.people.sum(axis=(1, 2)))
    ids = {id(one.found): one.plan.id for one in sited.tried}
    rows = []
    for number, plan in enumerate(sited.front.plans, 1):
        names = ", ".join(_named(sited, plan, j) for j in plan.open_sites)
        left = plan.certificate.bound if plan.aim == "unserved" else None
        rows.append(
            (
                number, ids.get(id(plan), ""), len(plan.open_sites), names, OBJECTIVES[plan.aim][0], _held(plan),
                *(plan.values[name] for name in OBJECTIVES),
                everybody - plan.values["unserved"], None if left is None else everybody - left,
                plan.certificate.bound, plan.certificate.gap, plan.certificate.why_stopped, "; ".join(plan.binding),
            )
        )  # fmt: skip
    return pl.DataFrame(rows, schema=FRONT, orient="row")


def _named(sited: Sited, plan: SitingPlan, site: int) -> str:
    """Name a site, with its first day where there are several."""
    search = sited.search
    name = search.sites[site].name
    return f"{name} from {search.opens_as(int(plan.size[site]))}" if search.starts else name


def _held(plan: SitingPlan) -> str:
    return "; ".join(
        f"{OBJECTIVES[name][0]} at most {top:,.4g} {OBJECTIVES[name][1]}"
        for name, top in plan.limits.at_most.items()
    )


def _worth(case: Case, sited: Sited) -> pl.DataFrame:
    names = {actor.id: actor.name for actor in case.actors}
    rows = [
        (
            one.party, names.get(one.party, one.party or "nobody knows who"), one.site, one.name if one.site else "all its sites",
            one.consent, one.gained_low, one.gained_high, one.lost_low, one.lost_high,
        )
        for one in sited.worths
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=WORTH, orient="row")


def _occupancy(sited: Sited) -> pl.DataFrame:
    rows = []
    for one in sited.tried:
        room = {zone.id: zone.capacity_people.high for zone in one.plan.zones}
        for at, j in enumerate(one.sites):
            zone = f"zone-{sited.search.sites[j].id}"
            rows.append(
                (
                    one.plan.id, zone, sited.search.sites[j].name, room.get(zone, 0.0),
                    one.first_simulated[at], one.first_planned[at], one.simulated[at], one.planned[at],
                    one.apart, one.rounds, one.agrees,
                )
            )  # fmt: skip
    return pl.DataFrame(rows, schema=OCCUPANCY, orient="row")


def _facts(sited: Sited) -> pl.DataFrame:
    search, limits = sited.search, sited.limits
    people = search.case.people.sum(axis=(1, 2))
    facts: Mapping[str, object] = {
        "none": sited.none_of_these,
        "candidates": len(search.candidates),
        "asked": int(search.case.allowed.sum()),
        "searched": sited.front.searched,
        "plans": len(sited.front.plans),
        "beaten": sited.front.beaten,
        "no plan": sited.front.none,
        "people low": int(people.min()) if people.size else 0,
        "people high": int(people.max()) if people.size else 0,
        "scenarios": "; ".join(search.scenarios),
        "zones": f"{limits.fewest_zones} to {limits.most_zones}",
        "budget": "" if math.isinf(limits.budget_usd) else f"{limits.budget_usd:.0f}",
        "budgets": ", ".join(f"{budget:.0f}" for budget in limits.budgets_usd),
        "periods": ", ".join(day.isoformat() for day in search.starts) or "1",
        "groups": f"{len(search.case.areas)} areas of origin",
        "opens": search.opens.isoformat(),
        "reach": f"{search.question.reach_km:g} km, {search.question.hard_reach_km:g} km where travel is hard",
        "terms": search.question.terms_of,
        "front km": f"{search.question.keep.front_km:g}",
        "border km": f"{search.question.keep.border_km:g}",
    }
    return pl.DataFrame({"fact": list(facts), "value": [str(value) for value in facts.values()]})
