"""The words of the built-in case: pointers stand where they say, nothing is copied, no silence is filled unseen."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import math
import tomllib
from pathlib import Path
from typing import Any

import pytest

from asylia.audit.completeness import ELEMENTS
from asylia.consent.expressions import parse

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "src" / "asylia" / "data" / "cases" / "syria-2017"
SHARED = ROOT / ".." / "shared"
ARTICLES = {
    "independent-2017-02-23": "000_1e14c0c61fbcbca9.txt",
    "lendman-2017-02": "004_ad33f63a4cad1291.txt",
}
LONGEST = 80
AS_OF = dt.date(2017, 2, 22)
LAST = dt.date(2018, 2, 22)
PLANS = ("damascus-consent", "host-support", "no-fly", "none", "turkey-north", "un-safe-areas", "us-gulf")

NOBODY_SAYS = {"rules_of_engagement", "supervision", "guarantor", "asylum_kept_open", "exit"} | {
    "complaints_and_reporting"
}
"""What no source states for any plan, and what we chose not to fill."""
SILENT = {
    "us-gulf": {"limits", "who_is_admitted", "legal_basis", "armed_parties_consent", "administrator"}
    | {"air_cover", "demilitarisation", "services", "education", "budget", "return_conditions"},
    "damascus-consent": {
        "limits",
        "protection_force",
        "air_cover",
        "demilitarisation",
        "supply_routes",
        "budget",
    },
    "un-safe-areas": {"limits", "size", "who_is_admitted", "duration", "host_consent", "administrator"}
    | {"demilitarisation", "supply_routes", "education", "budget", "funding_source", "return_conditions"},
    "no-fly": {
        "limits",
        "size",
        "who_is_admitted",
        "opens",
        "duration",
        "legal_basis",
        "armed_parties_consent",
    }
    | {"administrator", "demilitarisation", "supply_routes", "services", "education", "funding_source"}
    | {"return_conditions"},
    "turkey-north": {
        "who_is_admitted",
        "duration",
        "legal_basis",
        "administrator",
        "supply_routes",
        "education",
    }
    | {"budget", "funding_source", "return_conditions"},
    "host-support": {"limits", "size", "who_is_admitted", "duration", "legal_basis", "armed_parties_consent"}
    | {"administrator", "protection_force", "air_cover", "demilitarisation", "supply_routes", "services"}
    | {"education", "return_conditions"},
}
"""Elements left open on purpose: neither stated nor assumed. A change here is a change of what the report calls silent."""


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CASE / name).read_text(encoding="utf-8"))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


STATEMENTS: list[dict[str, Any]] = toml("statements.toml")["statements"]
ACTORS = toml("actors.toml")
PLAN = {name: toml(f"plans/{name}.toml") for name in PLANS}
SOURCES = {row["id"]: row for row in table(ROOT / "tools" / "syria_2017" / "sources_words.csv")}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    folder = SHARED / "sources"
    if not folder.is_dir():
        pytest.skip("the article texts are not shipped")
    return {source: (folder / name).read_text(encoding="utf-8") for source, name in ARTICLES.items()}


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    path = SHARED / "data" / "consent" / "article_statements_gold.json"
    if not path.is_file():
        pytest.skip("the gold annotation is not shipped")
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["statements"]
    return found


def test_every_pointer_stands_in_its_passage(texts):
    pointers = [(s["id"], e) for s in STATEMENTS for e in s["evidence"]]
    assert len(pointers) >= 28
    for name, e in pointers:
        passage = texts[e["source"]][e["start"] : e["end"]]
        assert e["words"] in passage, name
        assert passage == passage.strip(), name
        outside = (
            texts[e["source"]][e["start"] - 1 : e["start"]] + texts[e["source"]][e["end"] : e["end"] + 1]
        )
        assert not any(letter.isalnum() for letter in outside), f"{name} cuts a word"


def test_checksums_are_those_of_the_articles(texts):
    assert set(texts) == {name for name, row in SOURCES.items() if row["sha256"]}
    for source, name in ARTICLES.items():
        found = hashlib.sha256((SHARED / "sources" / name).read_bytes()).hexdigest()
        assert SOURCES[source]["sha256"] == found


def test_every_gold_statement_about_the_plan_is_covered(gold):
    files = {name: source for source, name in ARTICLES.items()}
    about = [g for g in gold if g["about_the_plan"]]
    assert len(about) >= 17
    for g in about:
        overlapping = [
            s["id"]
            for s in STATEMENTS
            for e in s["evidence"]
            if e["source"] == files[g["doc"]] and e["start"] < g["end"] and g["start"] < e["end"]
        ]
        assert overlapping, g["opens"]


def test_no_passage_of_the_articles_is_copied(texts):
    longest = {
        text[start : start + LONGEST + 1] for text in texts.values() for start in range(len(text) - LONGEST)
    }
    for path in sorted(CASE.rglob("*")):
        if path.suffix in {".toml", ".csv"}:
            content = path.read_text(encoding="utf-8")
            copied = [i for i in range(len(content) - LONGEST) if content[i : i + LONGEST + 1] in longest]
            assert not copied, f"{path.name}: {content[copied[0] : copied[0] + LONGEST]}"


def test_pointers_are_short():
    assert all(0 < len(e["words"]) <= LONGEST for s in STATEMENTS for e in s["evidence"])


def test_what_is_confirmed_has_words_and_what_has_none_is_not_confirmed():
    for s in STATEMENTS:
        assert (s["status"] == "confirmed") == bool(s["evidence"]), s["id"]


def test_what_was_said_was_said_by_the_as_of_day():
    assert all(s["said"] <= AS_OF for s in STATEMENTS if "said" in s)


def test_only_the_host_state_and_russia_set_conditions_that_can_refuse():
    deciding = {s["actor"] for s in STATEMENTS if s["force"] in {"hard", "red_line"}}
    assert deciding == {"syrian-government", "russia"}


def test_opinion_stays_with_commentators_and_never_decides():
    assert all((s["force"] == "opinion") <= (s["actor"] == "commentators") for s in STATEMENTS)
    assert {s["force"] for s in STATEMENTS if s["actor"] == "commentators"} <= {
        "opinion",
        "concern",
        "report",
    }


def test_the_columnists_perhaps_is_soft():
    (perhaps,) = [s for s in STATEMENTS if any("perhaps" in e["words"] for e in s["evidence"])]
    assert (perhaps["force"], perhaps["evidence"][0]["mode"]) == ("soft", "paraphrase")


def test_repeats_link_to_a_statement_of_the_same_actor_that_is_no_repeat():
    by_id = {s["id"]: s for s in STATEMENTS}
    assert len(by_id) == len(STATEMENTS)
    repeats = [s for s in STATEMENTS if s.get("same_as")]
    assert {s["id"] for s in repeats} == {"SYR-2", "RUS-2", "RUS-3", "US-3"}
    for s in repeats:
        first = by_id[s["same_as"]]
        assert first["actor"] == s["actor"]
        assert not first.get("same_as")
        assert first["rank"] == s["rank"]


def test_every_condition_can_be_read_and_names_known_terms():
    terms = {t["id"] for t in ACTORS["terms"]}
    for s in STATEMENTS:
        for text in [s["expression"], *s.get("alternatives", [])]:
            if text:
                assert str(parse(text))
                words = {word.strip("(){},") for word in text.split()}
                assert words & terms, s["id"]


def test_statements_and_vetoes_name_known_actors_and_sources():
    actors = {a["id"] for a in ACTORS["actors"]}
    assert {s["actor"] for s in STATEMENTS} <= actors
    assert "displaced-people" in actors
    named = {e["source"] for s in STATEMENTS for e in s["evidence"]}
    assert named == set(ARTICLES)


def test_terms_of_plans_hold_known_values():
    terms = {t["id"]: t for t in ACTORS["terms"]}
    for name, plan in PLAN.items():
        for term, values in plan["terms"].items():
            assert set(values) <= set(terms[term]["values"]), (name, term)
            assert len(values) == 1 or terms[term].get("several"), (name, term)


@pytest.mark.parametrize("name", [name for name in PLANS if name != "none"])
def test_what_a_plan_leaves_open_is_stated_or_assumed_or_knowingly_silent(name):
    stated = set(PLAN[name].get("stated", {}))
    assumed = {a["fills"] for a in PLAN[name]["assumptions"] if a["fills"]}
    elements = {element.id for element in ELEMENTS}
    assert stated | assumed <= elements
    assert elements - stated - assumed == NOBODY_SAYS | SILENT[name]


@pytest.mark.parametrize("name", PLANS)
def test_what_a_plan_calls_stated_is_in_the_text(name, texts):
    found = (SHARED / "data" / "syria_2017.csv", SHARED / "research" / "domain.md")
    research = [path.read_text(encoding="utf-8") for path in found if path.is_file()]
    for element, pointer in PLAN[name].get("stated", {}).items():
        source, words = pointer.split(": ", 1)
        assert len(words) <= LONGEST, element
        assert source in SOURCES, element
        assert source not in texts or words in texts[source], element
        assert source != "research-syria-2017" or any(words in text for text in research), element


@pytest.mark.parametrize("name", PLANS)
def test_zones_lie_at_places_and_open_after_the_as_of_day(name):
    places = {row["id"] for row in table(CASE / "places.csv") if row["kind"] == "town"}
    for zone in PLAN[name].get("zones", []):
        assert zone["place"] in places
        assert zone["id"] == zone["place"], "plans that use a place share its luck"
        assert AS_OF < zone["opens"] <= LAST
        low, high = zone["capacity_people"]["between"]
        assert low < high
        assert zone["capacity_people"]["why"]


@pytest.mark.parametrize("name", PLANS)
def test_every_number_of_a_plan_says_where_it_comes_from(name):
    def numbers(item: Any) -> list[dict[str, Any]]:
        if isinstance(item, dict):
            own = [item] if {"between", "value"} & set(item) and "what" not in item else []
            return own + [n for value in item.values() for n in numbers(value)]
        return [n for value in item for n in numbers(value)] if isinstance(item, list) else []

    for number in numbers(PLAN[name]):
        assert number["source"]
        assert number["why"]


def test_services_name_known_standards():
    ids = {row["id"] for row in table(CASE.parents[1] / "standards" / "standards.csv")}
    assert all(s["indicator"] in ids for plan in PLAN.values() for s in plan.get("services", []))


def distance_km(a: dict[str, str], b: dict[str, str]) -> float:
    north = (float(a["lat"]) - float(b["lat"])) * 111.2
    east = (float(a["lon"]) - float(b["lon"])) * 111.2 * math.cos(math.radians(float(a["lat"])))
    return math.hypot(north, east)


def test_us_gulf_zones_follow_their_rule():
    places = table(CASE / "places.csv")
    towns = [p for p in places if p["kind"] == "town"]
    crossings = ("bab-al-salama", "bab-al-hawa", "dara-ramtha", "al-yarubiyah-rabia")
    nearest = {
        min(towns, key=lambda town: distance_km(town, crossing))["id"]
        for crossing in places
        if crossing["id"] in crossings
    }
    assert nearest == {z["place"] for z in PLAN["us-gulf"]["zones"]}


def read_or_skip(name: str) -> list[dict[str, str]]:
    if not (CASE / name).is_file():
        pytest.skip(f"{name} is not built yet")
    return table(CASE / name)


def test_damascus_consent_zones_follow_their_rule():
    flows = read_or_skip("people.csv")
    arrivals: dict[str, int] = {}
    for row in flows:
        if row["measure"] == "newly_displaced" and row["date"].startswith("2016") and row["persons"]:
            arrivals[row["area"]] = arrivals.get(row["area"], 0) + int(row["persons"])
    held = {
        p["admin1"]: p["id"]
        for p in table(CASE / "places.csv")
        if p["kind"] == "town" and p["controller"] == "syrian-government" and p["name"] == p["admin1"]
    }
    order = sorted(set(arrivals) & set(held), key=lambda area: -arrivals[area])
    assert {held[area] for area in order[:3]} == {z["place"] for z in PLAN["damascus-consent"]["zones"]}


def test_un_safe_areas_follow_their_rule():
    events = read_or_skip("events.csv")
    towns = {p["id"] for p in table(CASE / "places.csv") if p["kind"] == "town"}
    count: dict[str, int] = dict.fromkeys(towns, 0)
    for row in events:
        day = dt.date.fromisoformat(row["week"] or row["date"])
        if AS_OF - dt.timedelta(weeks=52) <= day <= AS_OF and row["place"] in towns:
            count[row["place"]] += int(row["events"])
    most = sorted(towns, key=lambda place: (-count[place], place))[:6]
    assert set(most) == {z["place"] for z in PLAN["un-safe-areas"]["zones"]}


def middle(number: dict[str, Any]) -> float:
    if "value" in number:
        return float(number["value"])
    low, high = number["between"]
    return math.sqrt(low * high) if number.get("shape") == "log" else (low + high) / 2


def test_host_support_costs_what_the_agreed_zones_cost_at_the_middle():
    zones, support = PLAN["damascus-consent"], PLAN["host-support"]
    price = {c["per"]: middle(c["usd"]) for c in zones["costs"]}
    asked = price["once"] + sum(
        middle(z["capacity_people"]) * price["person_year"] * ((LAST - z["opens"]).days + 1) / 365
        for z in zones["zones"]
    )
    unit = {c["per"]: middle(c["usd"]) for c in support["costs"]}
    given = 0.0
    for s in support["support"]:
        share = ((LAST - s["starts"]).days + 1) / 365
        is_host = s["kind"] == "host_community"
        given += middle(s["people"]) * (
            unit["supported_person_year"] * share if is_host else unit["resettled_person"]
        )
    assert given == pytest.approx(asked, rel=0.01)


def test_terms_the_sources_leave_open_stay_open():
    assert "host_consent" not in PLAN["un-safe-areas"]["terms"]
    assert all("asylum_open" not in plan["terms"] for plan in PLAN.values())
    assert all(plan["terms"]["zone"] in (["no"], ["air_only"], ["on_the_ground"]) for plan in PLAN.values())


def test_ranks_start_at_one_for_every_party_with_conditions():
    for actor in {s["actor"] for s in STATEMENTS if s["force"] in {"hard", "soft", "preference"}}:
        assert min(s["rank"] for s in STATEMENTS if s["actor"] == actor) == 1, actor
