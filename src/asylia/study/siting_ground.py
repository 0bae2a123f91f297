"""Candidates of a case with what speaks against each, and the ways to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from asylia.consent.audit import positions
from asylia.core.errors import PlanError, Problem, nearest
from asylia.model.case import Case
from asylia.model.plan import Plan, Zone
from asylia.model.siting_case import Candidate
from asylia.model.uncertain import fixed
from asylia.move.routes import legs
from asylia.siting import candidates as finding
from asylia.siting.candidates import Surroundings
from asylia.siting.roads import Roads, along, ways_to
from asylia.study.gather import without_sensitive
from asylia.study.siting_question import SPEED_KMH, Question

INSIDE: Final = ("town", "site", "camp")
Floats = NDArray[np.float64]
Said = Mapping[str, tuple[str, dt.date | None]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """Ways from every place to every candidate.

    Parameters
    ----------
    km, hours, events
        float64 (place, candidate), places in the order of their ids; events are lethal events met on the way.
    """

    km: Floats
    hours: Floats
    events: Floats


def find_candidates(
    case: Case, question: Question, fighting: pl.DataFrame, until: dt.date
) -> tuple[Candidate, ...]:
    """List candidates in the order of their ids, each with what speaks against it.

    Parameters
    ----------
    fighting
        As `threat.field.outlook`.
    until
        Last day a zone would be needed.

    Raises
    ------
    PlanError
        If there is no candidate at all, or the plan whose terms are taken does not exist.
    """
    recent = dict(fighting.select("place", "events_recent").iter_rows())
    of_places = finding.of_places(case.places.iter_rows(named=True), case.country, recent)
    made = list(of_places) if question.places else []
    if question.grid_degrees > 0:
        made += finding.of_grid(of_places, land(case, inside=True), question.grid_degrees)
    made += [finding.of_polygon(of_places, name, ring, told) for name, ring, told in question.polygons]
    if not made:
        must, mend = (
            "gives candidates",
            "Use places, a grid and a case with boundaries, or a file of polygons.",
        )
        raise PlanError([Problem(file="the command", column="candidates", must=must, mend=mend)])
    fought = [row for row in of_places if row.events_a_week >= question.keep.fighting_a_week]
    around = Surroundings(
        fighting=np.array([(row.lat, row.lon) for row in fought], dtype=np.float64).reshape(-1, 2),
        abroad=land(case, inside=False) if case.boundaries else None,
        hazards=question.hazards,
        consents=consents(case, question),
        needed_until=until,
    )
    return finding.judged(made, around, question.keep)


def consents(case: Case, question: Question) -> Said:
    """Say what each actor is on record with: a refusal of the terms taken over, a consent on record, or what the user says.

    Statements marked sensitive are left out, as the list may be published.
    """
    known = without_sensitive(case)
    found: dict[str, tuple[str, dt.date | None]] = {}
    if question.terms_of:
        plan = probe(case, plan_of_terms(case, question.terms_of))
        refusing = positions(plan, known.actors, known.statements, known.terms)
        found = {cell.actor: ("refuses", None) for cell in refusing if cell.position == "refuses"}
        for record in plan.consents:
            refused = record.form == "refused"
            found[record.actor] = ("refuses", None) if refused else ("accepts", record.until)
    return {**found, **question.consents}


def plan_of_terms(case: Case, name: str) -> Plan:
    """Return the plan whose terms are taken over; raises `PlanError` if there is none."""
    known = {plan.id: plan for plan in case.plans if plan.id != "none"}
    if name not in known:
        mend = nearest(name, known) or f"Known: {', '.join(known) or 'none'}."
        problem = Problem(file="the command", column="terms", value=name, must="names a plan", mend=mend)
        raise PlanError([problem])
    return known[name]


def probe(case: Case, plan: Plan) -> Plan:
    """Return a plan with these terms and one zone, to ask who would refuse it whatever its place."""
    place = str(case.places["id"][0])
    zone = Zone(id="probe", name="", place=place, capacity_people=fixed(0), opens=case.first)
    return replace(plan, id="probe", zones=(zone,))


def land(case: Case, *, inside: bool) -> Any:
    """Return the country as one shape, or the countries beside it."""
    features = case.boundaries.get("features", [])
    rows = features if isinstance(features, list) else []
    kept = [
        shape(row["geometry"])
        for row in rows
        if (row["properties"].get("kind") == "admin1" or row["properties"].get("name") == case.country)
        == inside
    ]
    return shapely.union_all(kept) if kept else shapely.Polygon()


def reach(case: Case, sites: Sequence[Candidate], rates: Mapping[str, float], day: int) -> Reach:
    """Find the shortest open ways to the candidates on a day, by what is open then.

    Parameters
    ----------
    rates
        Lethal events a week by place.
    """
    places = case.places.sort("id")
    ids = places["id"].to_list()
    ways, is_open = legs(case, places, day)
    modes = list(SPEED_KMH)
    by_pair = {
        pair: modes.index(row["mode"])
        for row in case.routes.iter_rows(named=True)
        for pair in (
            (row["from"], row["to"], row["distance_km"]),
            (row["to"], row["from"], row["distance_km"]),
        )
    }
    roads = Roads(
        nodes=len(ids),
        start=np.array([way.start for way in ways], dtype=np.int64),
        end=np.array([way.end for way in ways], dtype=np.int64),
        km=np.array([way.km for way in ways], dtype=np.float64),
        mode=np.array([by_pair[ids[w.start], ids[w.end], w.km] for w in ways], dtype=np.int64),
        is_open=is_open,
    )
    speed = np.array(list(SPEED_KMH.values()))
    hosts = np.array([ids.index(site.place) for site in sites], dtype=np.int64)
    nodes, back = np.unique(hosts, return_inverse=True)
    found = ways_to(roads, nodes, speed)
    rate = np.array([rates.get(name, 0.0) for name in ids])
    weeks = roads.km / speed[roads.mode] / (24.0 * 7.0)
    events = along(found, roads, weeks * (rate[roads.start] + rate[roads.end]) / 2.0)
    last = np.array([site.km_to_place for site in sites])
    return Reach(
        km=found.km[back].T + last,
        hours=found.hours[back].T + last / SPEED_KMH["track"],
        events=events[back].T,
    )
