"""What a zone's chances rest on: words before claims, silence is not consent, and what nobody knows stays open."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from asylia.cli.main import make_app
from asylia.core.errors import CaseError
from asylia.io.folder import read_case, write_case
from asylia.model.case import fingerprint
from asylia.model.modifiers import Prior
from asylia.model.plan import Coded, Decree, Protection
from asylia.model.safeguards import ConsentRecord
from asylia.model.uncertain import fixed
from asylia.model.what_if import WhatIf
from asylia.report.page import write_page
from asylia.report.redact import redact
from asylia.study.coding import guards, rise
from asylia.study.conductor import compare
from asylia.study.drivers import variance_shares
from asylia.study.escalating import break_evens
from asylia.study.movement import PLAIN
from asylia.study.settings import Settings
from asylia.testing import tiny_case

DAY = dt.date(2026, 1, 1)
CASE = tiny_case()
PLAN = CASE.plans[1]


def guard(case=CASE, what_if=None, coded=(), **answers):
    plan = replace(PLAN, protection=Protection(**answers), coded=coded)
    return guards(case, plan, what_if)["mill"]


def test_consent_of_all_needs_the_host_state_and_the_armed_parties():
    assert guard(consent_host_state="yes", consent_armed_parties="yes")[0].answers["consent"] == (
        "consent_written",
    )
    assert guard(consent_host_state="yes", consent_armed_parties="partial")[0].answers["consent"] == (
        "consent_partial",
    )
    assert guard(consent_host_state="no", consent_armed_parties="yes")[0].answers["consent"] == (
        "consent_refused",
    )
    unknown = guard(consent_host_state="yes")[0]
    assert set(unknown.answers["consent"]) == {"consent_written", "consent_partial", "consent_refused"}
    assert unknown.marks["overrun_refused"] is None
    assert "silence is not consent" in unknown.reasons[0].why


def test_a_party_that_refuses_by_its_own_words_overrides_what_the_plan_states():
    refused = replace(PLAN, terms={"host_consent": ("none",)})
    found = guards(CASE, refused)["mill"][0]
    assert found.answers["consent"] == ("consent_refused",)
    assert found.marks["overrun_refused"] == 1.0
    assert found.reasons[0].why.startswith("Town council refuses")
    hidden = replace(CASE, statements=tuple(replace(s, sensitive=True) for s in CASE.statements))
    assert guards(hidden, refused)["mill"][0].answers["consent"] == ("consent_written",)
    donor = replace(CASE, actors=tuple(replace(a, kind="donor") for a in CASE.actors))
    assert guards(donor, refused)["mill"][0].answers["consent"] == ("consent_written",)


def test_a_force_that_was_only_promised_is_unknown_and_one_without_consent_is_light():
    assert guard(force_declared=fixed(500.0))[0].marks["overrun_no_force"] is None
    assert guard()[0].answers["force"] == ("",)
    assert guard(force_deployed=fixed(500.0), logic="hybrid_un")[0].answers["force"] == ("light_force",)
    strong = {"force_deployed": fixed(500.0), "logic": "credible_force", "consent_host_state": "yes"}
    assert len(guard(**strong)[0].answers["force"]) == 2
    state = (Coded(about="main_threat", answer="state", on=DAY, source="invented"),)
    assert guard(coded=state, **strong)[0].answers["force"] == ("force_against_the_state",)


def test_what_an_analyst_coded_of_the_zone_comes_before_what_was_coded_of_all():
    all_zones = Coded(about="isolated", answer="no", on=DAY, source="invented")
    own = replace(all_zones, answer="yes", zone="mill", on=DAY - dt.timedelta(days=9))
    assert guard(coded=(all_zones,))[0].marks["overrun_isolated"] == 0.0
    assert guard(coded=(all_zones, own))[0].marks["overrun_isolated"] == 1.0
    # nobody coded it: places and ways of the case answer, and here a way is open
    assert guard()[0].marks["overrun_isolated"] == 0.0
    shut = replace(CASE, routes=CASE.routes.clear())
    assert guard(case=shut)[0].marks["overrun_isolated"] == 1.0
    peace = (Coded(about="ceasefire", answer="yes", on=DAY, source="invented"),)
    assert guard(coded=peace)[0].ceasefire_day == (DAY - CASE.first).days
    assert "ceasefire_at_first" in guard(coded=peace)[0].modifiers


def test_a_withdrawn_consent_holds_from_its_day_on():
    what_if = WhatIf(id="x", title="Consent is withdrawn", kind="consent_withdrawn", on=dt.date(2026, 1, 19))
    first, later = guard(what_if=what_if, consent_host_state="yes", consent_armed_parties="yes")
    assert (first.from_day, later.from_day) == (0, 14)
    assert (first.marks["overrun_refused"], later.marks["overrun_refused"]) == (0.0, 1.0)
    assert len(guard(what_if=replace(what_if, kind="zone_shrinks"))) == 1
    assert len(guard(what_if=replace(what_if, zones=("elsewhere",)))) == 1


def test_a_consent_on_record_holds_to_its_last_day_and_is_then_unknown():
    agreed = Protection(consent_host_state="yes", consent_armed_parties="yes")
    record = ConsentRecord(actor="council", form="written", until=CASE.first + dt.timedelta(days=9))
    plan = replace(PLAN, protection=agreed, consents=(record,))
    first, over = guards(CASE, plan)["mill"]
    assert (first.from_day, over.from_day) == (0, 10)
    assert (first.marks["overrun_refused"], over.marks["overrun_refused"]) == (0.0, None)
    assert set(over.answers["consent"]) == {"consent_written", "consent_partial", "consent_refused"}
    before = replace(record, until=CASE.first - dt.timedelta(days=3))
    assert [one.from_day for one in guards(CASE, replace(plan, consents=(before,)))["mill"]] == [0]
    assert guards(CASE, replace(plan, consents=(before,)))["mill"][0].marks["overrun_refused"] is None
    withdrawn = WhatIf(
        id="x", title="Consent is withdrawn", kind="consent_withdrawn", on=CASE.first + dt.timedelta(days=4)
    )
    _, refused = guards(CASE, plan, withdrawn)["mill"]
    assert (refused.from_day, refused.marks["overrun_refused"]) == (4, 1.0)
    later = replace(withdrawn, on=CASE.first + dt.timedelta(days=20))
    assert [one.from_day for one in guards(CASE, plan, later)["mill"]] == [0, 10, 20]


def test_one_event_after_a_quiet_year_is_one_doubling_and_a_fall_is_below_nothing():
    week = dt.date(2025, 12, 22)
    one = pl.DataFrame({"week": [week], "place": ["mill"], "events": [1]})
    assert rise(replace(CASE, events=one), "mill") == pytest.approx(1.0)
    long_ago = one.with_columns(week=pl.lit(dt.date(2025, 3, 3)))
    assert rise(replace(CASE, events=long_ago), "mill") < 0
    assert guards(replace(CASE, events=long_ago), PLAN)["mill"][0].doublings == 0.0


def test_new_fields_are_written_and_read_again(tmp_path):
    zone = replace(PLAN.zones[0], decrees=(Decree(on=dt.date(2026, 1, 20), share=0.5, source="invented"),))
    coded = (Coded(about="isolated", answer="yes", on=DAY, source="invented", zone="mill", why="Seen."),)
    case = replace(
        CASE,
        plans=(CASE.plans[0], replace(PLAN, zones=(zone,), coded=coded)),
        modifiers={"light_force": Prior(middle=1.0, low=0.5, high=2.0, source="invented", why="Asked.")},
        scenarios=(
            WhatIf(id="cut", title="Cut", kind="route_cut", on=dt.date(2026, 1, 19), where=("ford",)),
        ),
    )
    write_case(case, tmp_path / "case")
    assert fingerprint(read_case(tmp_path / "case")) == fingerprint(case)


@pytest.mark.parametrize(
    ("part", "value", "column"),
    [
        ("modifiers", {"luck": Prior(middle=1.0, low=0.5, high=2.0)}, "modifiers.luck"),
        ("modifiers", {"light_force": Prior(middle=3.0, low=0.5, high=2.0)}, "light_force"),
        ("scenarios", (WhatIf(id="x", title="X", kind="route_cut", on=DAY, where=("moon",)),), "where"),
        ("scenarios", (WhatIf(id="x", title="X", kind="route_cut", on=DAY, until=DAY),), "scenarios"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path, part, value, column):
    with pytest.raises(CaseError) as told:
        write_case(replace(CASE, **{part: value}), tmp_path / "case")
    assert any(column in str(problem.column) for problem in told.value.problems)


def test_the_spread_is_shared_out_between_numbers_modifiers_and_luck():
    rng = np.random.default_rng(5)
    rules, factors = {"a": rng.random(400), "b": rng.random(400)}, {"m": rng.random(400)}
    shares = variance_shares(rules["a"] + factors["m"] + 0.5 * rng.random(400), rules, factors)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["numbers"] == pytest.approx(0.44, abs=0.08)
    assert shares["modifiers"] == pytest.approx(0.44, abs=0.08)
    assert variance_shares(rng.random(5), rules, factors) == {}


@pytest.fixture(scope="module")
def found():
    return compare(CASE, members=12, seed=2, executor="serial")


def test_the_public_sees_no_figure_of_a_single_zone(found):
    public, partners = redact(found, "public"), redact(found, "partners")
    assert public.protection["chances"].is_empty()
    assert set(public.protection["reasons"]["zone"]) == {""}
    assert partners.protection["chances"].height == 12
    page, own = write_page(public), write_page(partners)
    assert "Quiet is not safety." in page
    assert "Chances by zone" not in page
    assert "Chances by zone" in own


def test_escalation_is_worked_out_for_three_assumptions(tmp_path):
    table = break_evens(
        CASE, CASE.plans, settings=Settings(members=2, days=28, seed=1, movement=PLAIN), runs=tmp_path
    )
    assert table["consequences"].to_list() == ["low", "middle", "high"]
    for row in table.iter_rows(named=True):
        assert row["next_best"] == "none"
        gap = row["escalated_loss"] - row["loss"]
        assert row["p_star"] == (None if gap <= 0 else pytest.approx((row["next_loss"] - row["loss"]) / gap))


def test_the_command_says_it_in_words_and_in_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_case(CASE, tmp_path / "case")
    call = ["threat", "case", "--members", "6", "--days", "14", "--workers", "1"]
    said = CliRunner().invoke(make_app(), call)
    assert said.exit_code == 0, said.output
    assert "Quiet is not safety" in said.output
    assert "p* high" in said.output
    told = CliRunner().invoke(make_app(), [*call, "--json"])
    assert '"quiet_is_not_safety"' in told.output
    wrong = CliRunner().invoke(make_app(), [*call, "--scenario", "flood"])
    assert wrong.exit_code == 2
