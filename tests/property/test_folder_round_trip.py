"""Whatever a case holds, reading what was written gives the same case, byte for byte the second time."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.core.errors import CaseError
from asylia.io.folder import read_case, write_case
from asylia.io.writing import case_files
from asylia.model.actors import Actor, Pointer, Statement, Term, Veto
from asylia.model.case import Case, fingerprint
from asylia.model.plan import (
    Assumption,
    Cost,
    Funding,
    Plan,
    Protection,
    Service,
    Support,
    Zone,
)
from asylia.model.rules import RULES
from asylia.model.schemas import CLOSURES, EVENTS, PEOPLE, PLACES, ROUTES, SOURCES
from asylia.model.uncertain import Evidence, Uncertain
from asylia.testing import tiny_case

AS_OF = dt.date(2020, 6, 28)
TURNING = "\u202a\u202b\u202c\u202d\u202e"
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters=TURNING)
CELLS = st.text(LETTERS, max_size=20).map(str.strip)
FULL = CELLS.filter(bool)
LONG = st.text(st.one_of(LETTERS, st.just("\n")), max_size=40)
WORDS = LONG.filter(lambda text: bool(text.strip()))
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True).filter(lambda text: text != "none")
TERMS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
PAST = st.dates(dt.date(1900, 1, 1), AS_OF)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
TAGS = st.sampled_from(["seen", "derived", "recalled", "assumed"])
COUNTS = st.one_of(st.none(), st.integers(0, 10**8))
SOURCE = "the-source"


def optional(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(st.none(), strategy)


def blank_or(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return strategy.map(lambda value: value or None)


@st.composite
def uncertain(draw: st.DrawFn, low: float = -1e9, high: float = 1e9) -> Uncertain:
    bounds = sorted(draw(st.tuples(*2 * [st.floats(low, high)])))
    if draw(st.booleans()):
        bounds[1] = bounds[0]
    shape = draw(st.sampled_from(["even", "log"])) if bounds[0] > 0 else "even"
    source = draw(st.sampled_from(["", SOURCE]))
    evidence = draw(st.sampled_from(Evidence))
    return Uncertain(
        low=bounds[0], high=bounds[1], shape=shape, source=source, evidence=evidence, why=draw(LONG)
    )


def frame(schema, rows) -> pl.DataFrame:
    told = [{"source": SOURCE, "evidence": "assumed", **row} for row in rows]
    names = schema.names
    return pl.DataFrame([{k: v for k, v in row.items() if k in names} for row in told], schema=schema.dtypes)


@st.composite
def places(draw: st.DrawFn) -> pl.DataFrame:
    # All inside one degree far from the diagonal, where latitude and longitude cannot be mistaken.
    rows = [
        {
            "id": name,
            "name": draw(FULL),
            "name_local": draw(blank_or(CELLS)),
            "pcode": draw(blank_or(CELLS)),
            "admin1": draw(FULL),
            "country": "NA",
            "lat": draw(st.floats(-30, -29)),
            "lon": draw(st.floats(17, 18)),
            "kind": draw(st.sampled_from(["town", "site", "camp", "crossing", "country"])),
            "population": draw(COUNTS),
            "capacity": draw(COUNTS),
            "controller": draw(blank_or(CELLS)),
            "evidence": draw(TAGS),
            "note": draw(blank_or(CELLS)),
        }
        for name in draw(st.lists(IDS, min_size=2, max_size=6, unique=True))
    ]
    return frame(PLACES, rows)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    towns = draw(places())
    ids = towns["id"].to_list()
    spans = draw(st.tuples(optional(DAYS), optional(DAYS)))
    start, end = sorted(spans) if None not in spans else spans
    route = {
        "id": draw(IDS),
        "from": ids[0],
        "to": ids[1],
        "distance_km": draw(st.floats(0, 20_000, exclude_min=True)),
        "mode": "road",
        "one_way": draw(optional(st.booleans())),
        "open_from": start,
        "open_to": end,
    }
    deaths = sorted(draw(st.tuples(*3 * [st.integers(0, 10**6)])))
    day = {"date": draw(PAST), "place": ids[0], "events": draw(st.integers(0, 100)), "kind": "one_sided"}
    monday = draw(PAST.filter(lambda one: one <= AS_OF - dt.timedelta(days=6)))
    week = {
        "week": max(monday - dt.timedelta(days=monday.weekday()), dt.date(1900, 1, 1)),
        "place": ids[1],
        "events": 1,
        **dict(zip(("deaths_low", "deaths_best", "deaths_high"), deaths, strict=True)),
    }
    persons = draw(COUNTS)
    person = {
        "date": draw(PAST),
        "measure": "stock",
        "status": draw(st.sampled_from(["idp", "refugee", "besieged"])),
        "area": draw(st.sampled_from([ids[0], "NA", towns["admin1"][0]])),
        "group": draw(blank_or(CELLS)),
        "persons": persons,
        "evidence": "unknown" if persons is None else "seen",
    }
    closure = {"what": "route", "where": route["id"], "direction": "both", "to": draw(optional(DAYS))}
    source = {
        "id": SOURCE,
        "title": draw(FULL),
        "publisher": draw(FULL),
        "kind": "report",
        "sha256": draw(optional(st.from_regex(r"[0-9a-f]{64}", fullmatch=True))),
    }
    return {
        "places": towns,
        "routes": frame(ROUTES, [route]),
        "events": frame(EVENTS, [day, week]),
        "people": frame(PEOPLE, [person]),
        "closures": frame(CLOSURES, draw(st.sampled_from([[], [closure]]))),
        "sources": frame(SOURCES, [source]),
    }


TERM = st.builds(
    Term,
    id=TERMS,
    name=WORDS,
    values=st.lists(TERMS, min_size=1, max_size=4, unique=True).map(tuple),
    ordered=st.booleans(),
    several=st.booleans(),
    doc=LONG,
)
POINTER = st.builds(
    Pointer,
    source=st.just(SOURCE),
    start=st.integers(0, 50),
    end=st.integers(51, 10**6),
    words=WORDS,
    speaker=WORDS,
    mode=st.sampled_from(["direct", "indirect", "paraphrase", "inferred"]),
)
ACTOR = st.builds(
    Actor,
    id=IDS,
    name=WORDS,
    kind=WORDS,
    reach=st.lists(LONG, max_size=3).map(tuple),
    vetoes=st.lists(
        st.builds(
            Veto, over=st.lists(WORDS, min_size=1, max_size=2).map(tuple), basis=WORDS, source=st.just(SOURCE)
        ),
        max_size=2,
    ).map(tuple),
    disagreement=LONG,
    source=st.sampled_from(["", SOURCE]),
    note=LONG,
)


def statements(actor: str) -> st.SearchStrategy[Statement]:
    return st.builds(
        Statement,
        id=IDS,
        actor=st.just(actor),
        rank=st.integers(1, 1000),
        force=st.sampled_from(["hard", "red_line", "soft", "opinion"]),
        expression=LONG,
        summary=WORDS,
        evidence=st.lists(POINTER, min_size=1, max_size=2).map(tuple),
        said=optional(PAST),
        status=st.sampled_from(["proposed", "confirmed", "disputed", "superseded"]),
        confidence=st.sampled_from(["stated", "likely", "guess"]),
        alternatives=st.lists(LONG, max_size=2).map(tuple),
        level=st.sampled_from(["principle", "modalities", "both", ""]),
        sensitive=st.booleans(),
    )


@st.composite
def zones(draw: st.DrawFn, place: str) -> Zone:
    opens = draw(st.dates(dt.date(2020, 7, 1), dt.date(2021, 7, 1)))
    closes = draw(optional(st.integers(1, 900).map(lambda days: opens + dt.timedelta(days=days))))
    return Zone(
        id=draw(IDS),
        name=draw(WORDS),
        place=place,
        capacity_people=draw(uncertain(low=1)),
        opens=opens,
        closes=closes,
        area_km2=draw(optional(uncertain(low=0.1))),
        outline=draw(st.sampled_from([(), ((17.0, -30.0), (17.5, -30.0), (17.2, -29.5))])),
        admits_from=draw(st.sampled_from([(), ("NA",)])),
    )


@st.composite
def plans(draw: st.DrawFn, place: str, term: Term, actor: str) -> Plan:
    there = draw(st.lists(zones(place), max_size=3, unique_by=lambda zone: zone.id))
    money = uncertain(low=0)
    cost = st.builds(
        Cost, item=WORDS, per=st.sampled_from(["month", "once"]), usd=money, kind=st.just("force")
    )
    fund = st.builds(
        Funding, donor=WORDS, status=st.just("paid"), usd=optional(money), source=st.just(SOURCE), note=LONG
    )
    help_ = st.builds(Support, area=st.sampled_from(["", place]), people=money, starts=DAYS)
    service = st.builds(
        Service, sector=IDS, indicator=IDS, provides_for_people=optional(money), ready=optional(DAYS)
    )
    gap = st.builds(
        Assumption, what=WORDS, value=LONG, reason=WORDS, fills=LONG, evidence=st.sampled_from(Evidence)
    )
    return Plan(
        id=draw(IDS),
        title=draw(WORDS),
        summary=draw(WORDS),
        proposed_by=draw(st.sampled_from([(), (actor,)])),
        zones=tuple(there),
        terms=draw(st.sampled_from([{}, {term.id: term.values[:1]}])),
        services=tuple(draw(st.lists(service, max_size=2))),
        protection=draw(st.builds(Protection, force=LONG, force_deployed=optional(money))),
        support=tuple(draw(st.lists(help_, max_size=2))),
        costs=tuple(draw(st.lists(cost, max_size=2))),
        funding=tuple(draw(st.lists(fund, max_size=2))),
        assumptions=tuple(draw(st.lists(gap, max_size=2))),
        stated=draw(st.dictionaries(TERMS, LONG.map(lambda text: f"{SOURCE}: {text}"), max_size=2)),
        objectives=tuple(draw(st.lists(LONG, max_size=2))),
        source=draw(st.sampled_from(["", SOURCE])),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    read = draw(tables())
    term, actor = draw(TERM), draw(ACTOR)
    plan = draw(plans(read["places"]["id"][0], term, actor.id))
    said = draw(st.lists(statements(actor.id), max_size=3, unique_by=lambda one: one.id))
    if len(said) > 1:
        said[1] = replace(said[1], same_as=said[0].id, supersedes=said[0].id)
    none = draw(st.sampled_from([Plan.none(), replace(Plan.none(), summary="Another summary.")]))
    return Case(
        **read,
        id=draw(IDS),
        title=draw(WORDS),
        country="NA",
        as_of=AS_OF,
        first=AS_OF + dt.timedelta(days=draw(st.integers(1, 400))),
        days=draw(st.integers(1, 3660)),
        rules=draw(st.dictionaries(st.sampled_from(sorted(RULES)), uncertain(low=0.001, high=1), max_size=3)),
        terms=(term,),
        actors=(actor,),
        statements=tuple(said),
        plans=(none, plan),
        standards=draw(IDS),
        limits=tuple(draw(st.lists(LONG, max_size=2))),
        licences=tuple(draw(st.lists(LONG, max_size=2))),
    )


@settings(max_examples=30)
@given(case=cases())
def test_what_is_written_is_read(case: Case) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "case"
        write_case(case, folder)
        read = read_case(folder)
        assert fingerprint(read) == fingerprint(case)
        assert case_files(read) == case_files(case)


@given(text=st.text(max_size=30), number=st.floats(), day=st.dates())
def test_any_value_is_written_as_valid_toml_or_refused(text: str, number: float, day: dt.date) -> None:
    case = _one_zone(text, number, day)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "case"
        try:
            write_case(case, folder)
        except CaseError:
            assert not list(Path(place).iterdir())
        else:
            assert fingerprint(read_case(folder)) == fingerprint(case)


def _one_zone(text: str, number: float, day: dt.date) -> Case:
    case = tiny_case()
    plan = case.plans[1]
    room = Uncertain(low=number, high=number, why=text)
    zone = replace(plan.zones[0], name=text, capacity_people=room, opens=day)
    return replace(case, title=text, limits=(text,), plans=(case.plans[0], replace(plan, zones=(zone,))))
