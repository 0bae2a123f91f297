"""Fitted movement rules of a case: what they replace, what they add, who controls the way, and counts taken in."""

from __future__ import annotations

import datetime as dt
import importlib.util
import itertools
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import CaseError, PlanError
from asylia.io.counts import read_counts
from asylia.io.folder import find_case, read_case, write_case
from asylia.model.case import fingerprint
from asylia.model.history import COUNTS
from asylia.model.plan import Plan
from asylia.model.rules import RULES
from asylia.model.uncertain import Uncertain
from asylia.move.expected import expected_flows
from asylia.move.fronts import lines_crossed
from asylia.move.run import simulate
from asylia.move.world import build, prepare_all
from asylia.study.conductor import compare
from asylia.study.hindcast_arrivals import arrivals_hindcast
from asylia.study.movement import INSTEAD, Movement, posterior, read_movement, scenario_of
from asylia.study.movement_words import in_words
from asylia.study.record import again, save_record
from asylia.study.take_in import MOST, movement_of, take_in
from asylia.testing import tiny_case

_SPEC = importlib.util.spec_from_file_location("move_cases", Path(__file__).parents[1] / "move_cases.py")
m = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(m)

FITTED, CASE = Movement(rules="fitted"), Movement(rules="case")
HEAD = "date,days,measure,status,area,origin,group,persons,source,evidence,note\n"


@pytest.fixture(scope="module")
def syria():
    return read_case(find_case("syria-2017"))


def line(controllers: str, **more):
    """Towns in a row, 50 km apart, held by these."""
    names = [f"t{number}" for number in range(len(controllers))]
    towns = [
        m.town(name, 1000, "North", controller={"?": None}.get(holder, holder))
        for name, holder in zip(names, controllers, strict=True)
    ]
    return m.case(towns, [m.leg(x, y, 50.0) for x, y in itertools.pairwise(names)], **more)


# What a draw of the posterior stands in for


def test_a_member_takes_one_row_of_the_posterior_for_all_it_replaces(syria) -> None:
    draws = posterior()
    rows = {tuple(row) for row in draws.values[:, [draws.names.index(name) for name in INSTEAD.values()]]}
    found = {tuple(scenario_of(syria, FITTED, k, 1).values[name] for name in INSTEAD) for k in range(20)}
    assert found <= rows
    assert len(found) == 20


def test_nothing_else_that_is_drawn_changes(syria) -> None:
    ours, own = scenario_of(syria, FITTED, 3, 1), scenario_of(syria, CASE, 3, 1)
    assert own.learned is None
    same = set(RULES) - set(INSTEAD)
    assert {name: ours.values[name] for name in same} == {name: own.values[name] for name in same}


def test_a_number_the_case_gives_itself_is_kept(syria) -> None:
    told = replace(syria, rules={**syria.rules, "distance_power": Uncertain(low=3.0, high=3.0)})
    assert scenario_of(told, FITTED, 0, 1).values["distance_power"] == 3.0
    assert "`distance_power`" in in_words(told, FITTED, 365)["elicited"][0]
    assert "`distance_power`" not in in_words(syria, FITTED, 365)["elicited"][0]


def test_richer_hosts_with_more_refugees_draw_more(syria) -> None:
    poorer = replace(syria, people=syria.people.filter(pl.col("area") != "Turkey"))
    with_turkey = scenario_of(syria, FITTED, 0, 1).learned.abroad["turkey"]
    assert with_turkey > scenario_of(poorer, FITTED, 0, 1).learned.abroad["turkey"]


def test_luck_differs_between_members_and_not_between_plans() -> None:
    tiny = line("aab")
    ground = prepare_all(tiny, (Plan.none(), m.plan(m.zone("z", "t2", 500))))
    worlds = []
    for member in (0, 0, 1):
        draw = replace(m.scenario(member), learned=m.learned())
        none = np.empty(0, dtype=np.int64) if len(worlds) != 1 else np.array([-1])
        which = ground[1] if len(worlds) == 1 else ground[0]
        worlds.append(
            build(
                tiny,
                Plan.none(),
                draw,
                event_paths=np.zeros((3, 4), dtype=np.int64),
                overrun_days=none,
                days=28,
                ground=which,
            )
        )
    first, same_luck, other = (world.facts.hazard for world in worlds)
    assert np.array_equal(first, same_luck)
    assert not np.allclose(first, other)
    assert np.allclose(np.log(other) + np.log(build_of(tiny, 0).hazard), 0.0), "members 0 and 1 are mirrored"


def build_of(tiny, member: int):
    """Facts of one member of a case without fighting, with what the fit adds."""
    ground = prepare_all(tiny, (Plan.none(),))[0]
    draw = replace(m.scenario(member), learned=m.learned())
    paths = np.zeros((len(ground.places), 4), dtype=np.int64)
    empty = np.empty(0, dtype=np.int64)
    return build(tiny, Plan.none(), draw, event_paths=paths, overrun_days=empty, days=28, ground=ground).facts


def test_people_draw_people_of_their_own_origin() -> None:
    towns = [m.town("a", 5000, "North"), m.town("b", 5000, "South"), m.town("c", 5000, "East")]
    legs = [m.leg("a", "b", 50.0), m.leg("a", "c", 50.0)]
    tiny = m.case(towns, legs, people=[m.stock("North", 1000)])
    facts = build_of(tiny, 0)
    places = sorted(("a", "b", "c"))
    stock = facts.stock.sum(axis=0) / facts.stock.sum()
    options = [places[k] for k in facts.option_place[0, 0, :2]]
    weights = dict(zip(options, facts.option_weight[0, 0, :2], strict=True))
    wanted = ((stock[1] + 0.1) / (stock[2] + 0.1)) ** 0.3
    assert weights["b"] / weights["c"] == pytest.approx(wanted)


# Who controls the way


@pytest.mark.parametrize(
    ("holders", "extra"),
    [
        ("aba", 2),
        ("ab", 0),
        ("aab", 0),
        ("abc", 1),
        ("a?a", 0),
        ("a?b", 0),
        ("ab?ba", 2),
        ("abab", 2),
        ("?ba", 1),
    ],
)
def test_lines_crossed_beyond_the_one_between_the_ends(holders: str, extra: int) -> None:
    tiny = line(holders)
    number = np.array([-1 if one == "?" else ord(one) for one in holders], dtype=np.int64)
    found = lines_crossed(tiny, tiny.places.sort("id"), 0, number)
    assert found[0, -1] == extra
    assert found[-1, 0] == extra
    assert not np.diag(found).any()


def test_places_no_way_leads_to_cross_nothing() -> None:
    tiny = m.case(
        [m.town("t0", 10, "North"), m.town("t1", 10, "North"), m.town("t2", 10, "North")],
        [m.leg("t0", "t1", 9.0)],
    )
    found = lines_crossed(tiny, tiny.places.sort("id"), 0, np.array([0, 1, 0]))
    assert not found.any()


def test_a_way_through_the_ground_of_others_weighs_less() -> None:
    none = (Plan.none(),)
    held, plain = (prepare_all(line("aba"), none, on_the_way=on)[0] for on in (True, False))
    weighed = [
        dict(zip(ground.fixed["option_place"][0, 0].tolist(), ground.towns.other_control[0, 0], strict=True))
        for ground in (held, plain)
    ]
    assert [one[2] for one in weighed] == [2.0, 0.0]
    assert [one[1] for one in weighed] == [1.0, 1.0]


# Expected flow


def test_the_expected_flow_is_the_mean_of_whole_people() -> None:
    towns = [m.town("a", 20_000, "North"), m.town("b", 8000, "South"), m.town("c", 3000, "East")]
    legs = [m.leg("a", "b", 40.0), m.leg("b", "c", 40.0)]
    tiny = m.case(towns, legs)
    ground = prepare_all(tiny, (Plan.none(),))[0]
    paths = np.zeros((3, 1), dtype=np.int64)
    paths[0, 0] = 4
    arrived = []
    for member in range(60):
        draw = m.scenario(
            member, departure_spread=0.0, onward_share_per_week=0.0, onward_hazard_share=0.0, travel_km_per_day=1000.0,
            displaced_per_event=100.0,
        )  # fmt: skip
        world = build(
            tiny,
            Plan.none(),
            draw,
            event_paths=paths,
            overrun_days=np.empty(0, dtype=np.int64),
            days=7,
            ground=ground,
        )
        history = simulate(world)
        assert history.counts.shape[0] == len(COUNTS) or history.counts.shape[1] == len(COUNTS)
        arrived.append(history.displaced_at)
    flows = expected_flows(world, 100.0 * world.facts.events)[0]
    share = flows[1] / flows[1].sum()
    seen = np.mean(arrived, axis=0)
    assert flows.sum() == pytest.approx(400.0)
    areas = list(world.areas)
    assert seen[1] / (seen[1] + seen[2]) == pytest.approx(share[areas.index("South")], abs=0.02)


# Counts taken in


def counts_file(folder: Path, rows: str) -> Path:
    path = folder / "people.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def test_areas_that_got_more_than_expected_send_and_draw_more(tmp_path: Path, syria) -> None:
    told = counts_file(
        tmp_path,
        "2017-03-01,31,newly_displaced,idp,Idleb,,,200000,ocha-idp-movements,seen,\n"
        "2017-03-01,31,newly_displaced,idp,Aleppo,,,100,ocha-idp-movements,seen,\n",
    )
    one = take_in(syria, "fitted", read_counts(syria, told), days=60, seed=1, draws=12)
    factors = {name: (rate, pull) for name, rate, pull in one.reported}
    assert set(factors) == {"Idleb", "Aleppo"}
    assert min(factors["Idleb"]) > 1.0 > max(factors["Aleppo"])
    assert all(1 / MOST <= factor <= MOST for pair in factors.values() for factor in pair)
    assert one == take_in(syria, "fitted", read_counts(syria, told), days=60, seed=1, draws=12)
    drawn = scenario_of(syria, one, 0, 1)
    assert drawn.reported["Idleb"] == factors["Idleb"]


def test_longer_counts_are_trusted_more(tmp_path: Path, syria) -> None:
    rates = []
    for days in (7, 90):
        rows = f"2017-03-01,{days},newly_displaced,idp,Idleb,,,{9000 * days},ocha-idp-movements,seen,\n"
        told = read_counts(syria, counts_file(tmp_path, rows))
        rates.append(take_in(syria, "fitted", told, days=200, seed=1, draws=12).reported[0][1])
    assert 1.0 < rates[0] < rates[1]


def test_later_counts_are_not_looked_at(tmp_path: Path, syria) -> None:
    early = "2017-03-01,31,newly_displaced,idp,Idleb,,,9000,ocha-idp-movements,seen,\n"
    late = "2017-05-01,31,newly_displaced,idp,Aleppo,,,900000,ocha-idp-movements,seen,\n"
    found = []
    for rows in (early, early + late):
        told = read_counts(syria, counts_file(tmp_path, rows))
        found.append(take_in(syria, "fitted", told, days=60, seed=1, draws=8).reported)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2017-01-01,31,newly_displaced,idp,Idleb,,,10,ocha-idp-movements,seen,\n", "ends after 2017-02-22"),
        ("2017-03-01,31,newly_displaced,idp,Nowhere,,,10,ocha-idp-movements,seen,\n", "Nowhere"),
        ("2017-03-01,31,newly_displaced,idp,Idleb,,,-5,ocha-idp-movements,seen,\n", "-5"),
        ("2017-03-01,31,newly_displaced,idp,Idleb,,,10,nobody,seen,\n", "nobody"),
        ("soon,31,newly_displaced,idp,Idleb,,,many,ocha-idp-movements,seen,\n", "soon"),
    ],
)
def test_wrong_counts_are_named_row_by_row(tmp_path: Path, syria, rows: str, said: str) -> None:
    good = "2017-04-01,30,newly_displaced,idp,Hama,,,10,ocha-idp-movements,seen,\n"
    with pytest.raises(CaseError) as error:
        read_counts(syria, counts_file(tmp_path, good + rows))
    assert said in str(error.value)
    assert all(problem.row == 3 for problem in error.value.problems)


def test_counts_that_are_not_there_or_say_nothing_are_refused(tmp_path: Path, syria) -> None:
    with pytest.raises(CaseError, match=r"people\.csv"):
        movement_of(syria, "", tmp_path / "absent.csv", None, seed=1)
    only_returns = counts_file(
        tmp_path, "2017-03-01,31,returned,returnee,Idleb,,,10,ocha-idp-movements,seen,\n"
    )
    with pytest.raises(PlanError, match="newly displaced people by first-level area"):
        movement_of(syria, "", only_returns, None, seed=1)
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00date\n")
    with pytest.raises(CaseError):
        movement_of(syria, "", tmp_path / "bytes.csv", None, seed=1)


@pytest.mark.parametrize(
    "more", [["--assimilate-days", "30"], ["--rules", "best"], ["--assimilate", "nowhere"]]
)
def test_the_command_ends_in_words_at_once(more: list[str]) -> None:
    result = CliRunner().invoke(app, ["compare", "syria-2017", "--no-report", *more])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


# The whole


def test_rules_and_counts_are_told_recorded_and_kept_apart(tmp_path: Path) -> None:
    tiny, settled = tiny_case(), {}
    area = min(tiny.places.filter(pl.col("country") == tiny.country)["admin1"].unique())
    for name, movement in (
        ("fitted", FITTED),
        ("case", CASE),
        (
            "counted",
            Movement(
                rules="fitted",
                reported=((area, 4.0, 2.0),),
                counts="x",
                told=("Counts taken in.",),
                file="p.csv",
            ),
        ),
    ):
        found = compare(tiny, members=11, seed=7, days=28, runs=tmp_path, movement=movement)
        settled[name] = found
        assert found.manifest["rules"] == movement.rules
        record = save_record(found, str(tmp_path / "case"), tmp_path, movement=movement)
        stored = json.loads(record.read_text(encoding="utf-8"))["movement"]
        assert read_movement(stored) == movement
    verdicts = {name: found.verdict for name, found in settled.items()}
    assert not verdicts["fitted"].equals(verdicts["case"])
    assert not verdicts["fitted"].equals(verdicts["counted"])
    assert "outside_its_range" not in settled["case"].movement
    assert settled["counted"].movement["counts"] == ("Counts taken in.",)
    assert "None shown" in settled["fitted"].movement["skill_here"][0]
    write_case(tiny, tmp_path / "case")
    assert again(record).verdict.equals(verdicts["counted"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules": "best"},
        {"reported": [["North", 0.0, 1.0]]},
        {"reported": [["North", float("inf"), 1.0]]},
        {"reported": "North"},
        {"told": [3]},
        {"days": "3"},
        {"extra": 1},
    ],
)
def test_a_changed_record_is_refused(wrong: dict[str, object]) -> None:
    told = {**json.loads(json.dumps(asdict(FITTED))), **wrong}
    assert read_movement(told) is None


def test_a_case_says_whose_rules_it_wants(tmp_path: Path) -> None:
    tiny = tiny_case()
    own = replace(tiny, movement="case")
    assert fingerprint(own) != fingerprint(tiny)
    write_case(own, tmp_path / "own")
    assert read_case(tmp_path / "own").movement == "case"
    assert compare(read_case(tmp_path / "own"), members=1, days=7, plans=()).manifest["rules"] == "case"
    text = (tmp_path / "own" / "case.toml").read_text(encoding="utf-8")
    (tmp_path / "own" / "case.toml").write_text(
        text.replace('movement = "case"', 'movement = "ours"'), encoding="utf-8"
    )
    with pytest.raises(CaseError, match="movement"):
        read_case(tmp_path / "own")


def test_what_is_said_of_the_shipped_case_is_what_was_measured(syria) -> None:
    for movement in (FITTED, CASE):
        score = arrivals_hindcast(find_case("syria-2017"), movement, members=60)
        words = " ".join(in_words(syria, movement, 365)["validated_on"])
        assert f"against {score.naive_error:.2f}" in words
        said = float(words.split("area of arrival, error of the split ")[1].split(" ")[0])
        assert score.split_error == pytest.approx(said, abs=0.03)


def test_a_case_outside_the_range_is_told_so(syria) -> None:
    few = in_words(replace(syria, first=syria.first + dt.timedelta(days=1)), FITTED, 3000)
    assert any("days recorded 3,000" in sentence for sentence in few["outside_its_range"])
    assert "camps" in few["outside_its_range"][0]


def test_counts_run_from_the_command_to_the_sentence(tmp_path: Path) -> None:
    told = counts_file(tmp_path, "2017-03-01,31,newly_displaced,idp,Idleb,,,90000,ocha-idp-movements,seen,\n")
    made = ["--plan", "none", "--members", "2", "--days", "14", "--workers", "1", "--no-report", "--json"]
    with_counts = ["--assimilate", str(told), "--assimilate-days", "60", "--runs", str(tmp_path / "runs")]
    result = CliRunner().invoke(app, ["compare", "syria-2017", *made, *with_counts])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout[result.stdout.index("{") :])
    assert "90,000 people where the rules expected" in found["movement"]["counts"][0]
    assert found["manifest"]["command"].endswith("--assimilate people.csv --assimilate-days 60")
    assert str(tmp_path) not in json.dumps(found["manifest"])


def test_counts_may_bring_sources_of_their_own(tmp_path: Path, syria) -> None:
    row = "2017-03-01,31,newly_displaced,idp,Idleb,,,9000,later-report,seen,\n"
    counts_file(tmp_path, row)
    with pytest.raises(CaseError, match="later-report"):
        read_counts(syria, tmp_path)
    head = (find_case("syria-2017") / "sources.csv").read_text(encoding="utf-8").splitlines()[:2]
    own = "\n".join([head[0], "later-report" + head[1][head[1].index(",") :]]) + "\n"
    (tmp_path / "sources.csv").write_text(own, encoding="utf-8")
    assert read_counts(syria, tmp_path).people["source"].to_list() == ["later-report"]


def test_what_was_recorded_later_can_be_taken_in(syria) -> None:
    recorded = find_case("syria-2017") / "hindcast"
    assert {"unhcr-portal-2017-12"} <= set(read_counts(syria, recorded).people["source"].to_list())
