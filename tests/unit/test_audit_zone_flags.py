"""The three warnings of every zone: what raises them, and that they are blind to who is who."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from asylia.audit.zone_flags import FLAGS, QUIET_EVENTS, isolated, quiet, read_land, zone_flags
from asylia.io.folder import built_in_cases, find_case, read_case
from asylia.model.safeguards import ConsentRecord
from asylia.study.gather import stands

BOSNIA = read_case(find_case("bosnia-1995"))
PLAN = BOSNIA.plan("un-safe-areas")


def flags(case, plan):
    return zone_flags(case, (plan,), stands(case, (plan,)))


def closed(case, *routes):
    """Close some routes, by the rows of the case's own closures."""
    row = case.closures.head(1)
    added = [row.with_columns(pl.lit(name).alias("where")) for name in routes]
    return dataclasses.replace(case, closures=pl.concat([case.closures, *added]))


def opened(case, *routes):
    return dataclasses.replace(case, closures=case.closures.filter(~pl.col("where").is_in(routes)))


def swapped(case, one, other):
    """Swap two parties in everything that names them by id."""
    swap = {one: other, other: one}
    places = case.places.with_columns(pl.col("controller").replace(swap))
    actors = tuple(
        dataclasses.replace(actor, id=swap.get(actor.id, actor.id), name=actor.name) for actor in case.actors
    )
    return dataclasses.replace(case, places=places, actors=actors)


@pytest.mark.parametrize("name", built_in_cases())
def test_every_zone_of_every_plan_is_tested(name):
    case = read_case(find_case(name))
    table = zone_flags(case, case.plans, stands(case, case.plans))
    assert sorted(table.select("plan", "zone").rows()) == sorted(
        (p.id, z.id) for p in case.plans for z in p.zones
    )
    for flag in FLAGS:
        assert set(table[flag]) <= {"yes", "no", "unknown"}
        assert (table[f"{flag}_why"].str.len_chars() > 10).all()


def test_a_place_is_isolated_until_a_way_to_its_own_main_ground_opens():
    land = read_land(BOSNIA)
    assert isolated(land, "srebrenica")[0] == "yes"
    assert isolated(land, "tuzla")[0] == "no"
    assert isolated(land, "brcko")[0] == "unknown"
    # one more enclave within reach is no main ground
    joined = read_land(opened(BOSNIA, "zepa--srebrenica"))
    assert isolated(joined, "srebrenica") == (
        "yes",
        "No open way to the main ground of its own side or to neutral ground; 1 other place of the case within reach.",
    )
    cut = read_land(closed(BOSNIA, "tuzla--kladanj", "tuzla--zenica", "gradacac--tuzla"))
    assert isolated(cut, "tuzla")[0] == "yes"


def test_a_way_through_ground_of_another_party_is_no_way():
    through = read_land(opened(BOSNIA, "bratunac--srebrenica"))
    assert "bratunac" in through.next_to["srebrenica"]
    assert isolated(through, "srebrenica")[0] == "yes"


def test_neutral_ground_ends_isolation():
    places = BOSNIA.places.with_columns(
        pl.when(pl.col("id") == "bratunac")
        .then(pl.lit("unprofor"))
        .otherwise("controller")
        .alias("controller")
    )
    case = opened(dataclasses.replace(BOSNIA, places=places), "bratunac--srebrenica")
    assert isolated(read_land(case), "srebrenica") == (
        "no",
        "An open way leads to neutral ground or out of the country.",
    )


def test_isolation_is_blind_to_who_is_who():
    land, mirror = read_land(BOSNIA), read_land(swapped(BOSNIA, "arbih", "vrs"))
    for place in BOSNIA.places.filter(pl.col("kind") == "town")["id"]:
        assert isolated(land, place) == isolated(mirror, place), place


def test_consent_is_weak_until_everybody_able_to_attack_is_on_record():
    def with_records(*actors):
        records = tuple(ConsentRecord(actor=a, form="written", source="x") for a in actors)
        return (
            flags(BOSNIA, dataclasses.replace(PLAN, consents=records)).filter(zone="zepa").row(0, named=True)
        )

    assert with_records("bih-government", "arbih")["weak_consent"] == "yes"
    assert (
        "Nothing on record: Army of Republika Srpska."
        in with_records("bih-government", "arbih")["weak_consent_why"]
    )
    assert (
        "Nothing on record: Army of the Republic" in with_records("bih-government", "vrs")["weak_consent_why"]
    )
    assert with_records("bih-government", "arbih", "vrs")["weak_consent"] == "no"


def test_a_refusal_on_record_is_weak_consent_whoever_refuses():
    for one, other in (("arbih", "vrs"), ("vrs", "arbih")):
        records = (
            ConsentRecord(actor="bih-government", form="written", source="x"),
            ConsentRecord(actor=one, form="refused", source="x"),
            ConsentRecord(actor=other, form="written", source="x"),
        )
        row = (
            flags(BOSNIA, dataclasses.replace(PLAN, consents=records)).filter(zone="zepa").row(0, named=True)
        )
        assert row["weak_consent"] == "yes"
        assert row["weak_consent_why"].startswith("Refused or contested: Army of")


def test_many_events_and_few_say_alike_that_they_tell_nothing():
    assert quiet(QUIET_EVENTS - 1)[0] == "yes"
    assert quiet(QUIET_EVENTS)[0] == "no"
    assert "quiet is not safety" in quiet(0)[1]
    assert "does not say whether it holds" in quiet(500)[1]


def test_events_after_the_last_day_do_not_count():
    later = BOSNIA.events.head(1).with_columns(
        place=pl.lit("zepa"), week=pl.lit(BOSNIA.as_of).cast(pl.Date), events=pl.lit(50).cast(pl.Int64)
    )
    case = dataclasses.replace(BOSNIA, events=pl.concat([BOSNIA.events, later.select(BOSNIA.events.columns)]))
    assert flags(case, PLAN).equals(flags(BOSNIA, PLAN))
