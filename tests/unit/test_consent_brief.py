from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from asylia.consent.ask import known, matters, most_telling, questions
from asylia.consent.brief import findings_for
from asylia.consent.change import moves, smallest_change
from asylia.consent.clash import clashes
from asylia.consent.doubt import draw_worlds, in_tenths, shares
from asylia.consent.hold import share_of
from asylia.consent.readings import difference
from asylia.consent.space import Condition, Space, Variable, compile_condition, make_space
from asylia.core.errors import PlanError
from asylia.io.folder import find_case, read_case
from asylia.model.actors import Actor, Pointer, Statement, Term, Veto
from asylia.model.plan import Plan

TERMS = (
    Term(id="zone", name="Zone", values=("no", "yes"), ordered=True),
    Term(id="consent", name="Consent of the host", values=("none", "tacit", "written"), ordered=True),
    Term(id="admin", name="Who runs it", values=("host", "un", "council")),
    Term(id="agencies", name="Agencies", values=("iom", "unhcr"), several=True),
)
ACTORS = tuple(
    Actor(id=name.lower(), name=name, kind="state", vetoes=(Veto(over=("zone",), basis="law", source="s"),))
    for name in ("Host", "Neighbour", "Silent")
)
SPACE = make_space(TERMS)


def said(name: str, actor: str, expression: str, **more) -> Statement:
    words = Pointer(source="s1", start=3, end=40, words=f"words of {name}", speaker="Office", mode="direct")
    fields = {
        "rank": 1,
        "force": "hard",
        "summary": f"Says {name}.",
        "evidence": (words,),
        "status": "confirmed",
    }
    return Statement(id=name, actor=actor, expression=expression, **{**fields, **more})


def plan(name: str = "p", **terms: str | tuple[str, ...]) -> Plan:
    settled = {k: v if isinstance(v, tuple) else (v,) for k, v in terms.items()}
    return Plan(id=name, title=f"Plan {name}", summary="", terms=settled)


HOST = said("H-1", "host", "zone = no or consent = written", alternatives=("zone = no or consent >= tacit",))
NEAR = said("N-1", "neighbour", "zone = no or {unhcr} in agencies")


def brief(*statements: Statement, plans: tuple[Plan, ...] = ()):
    return findings_for(plans or (plan(zone="yes", consent="none"),), ACTORS, statements, TERMS, members=200)


# ---------------------------------------------------------------- smallest change


def test_a_change_names_what_is_settled_and_what_stays_open():
    change = smallest_change(
        SPACE, [compile_condition("consent = written", SPACE, id="c")], (1, None, None, 0, None)
    )
    assert (change.cost, change.count, change.proved) == (1, 1, True)
    (after,) = change.packages
    assert after == (1, 2, None, 0, None)
    (move,) = moves(SPACE, (1, None, None, 0, None), after)
    assert (move.name, move.before, move.after) == ("consent", "", "written")


def test_what_is_kept_is_never_given_up_and_a_clash_with_it_is_proved():
    conditions = [compile_condition("zone = no", SPACE, id="c")]
    kept = smallest_change(SPACE, conditions, (1, 0, 0, 0, 0), keep=("zone",))
    assert (kept.cost, kept.bound, kept.count, kept.packages) == (None, None, 0, ())
    assert kept.proved
    assert smallest_change(SPACE, conditions, (1, 0, 0, 0, 0)).cost == 1


def test_only_the_named_actors_and_hard_conditions_count_and_rules_always_do():
    conditions = [
        compile_condition("consent = written", SPACE, id="a", actor="a"),
        compile_condition("admin = un", SPACE, id="b", actor="b"),
        compile_condition("zone = no", SPACE, id="wish", actor="a", soft=True),
        compile_condition("{iom} in agencies", SPACE, id="rule"),
    ]
    (found,) = smallest_change(SPACE, conditions, (1, 0, 0, 0, 0), actors={"a"}).packages
    assert found == (1, 2, 0, 1, 0)


def test_ties_are_counted_exactly_beyond_64_bits_and_beyond_the_list():
    space = Space(
        variables=tuple(Variable(name=f"v{n}", term="", values=tuple(map(str, range(9)))) for n in range(30))
    )
    flags = np.arange(9) > 0
    conditions = [Condition(id=str(n), actor="a", statement="", scope=(n,), table=flags) for n in range(30)]
    change = smallest_change(space, conditions, (0,) * 30, most=5)
    assert (change.cost, change.bound, change.count, len(change.packages)) == (30, 30, 8**30, 5)


def test_a_search_that_is_stopped_says_how_far_it_got():
    luck = np.random.default_rng(4)
    space, conditions, start = hard_instance(luck)
    change = smallest_change(space, conditions, start, most_branches=200)
    assert not change.proved
    assert change.bound is not None
    exact = smallest_change(space, conditions, start)
    assert exact.proved
    assert change.bound <= exact.cost
    assert change.cost is None or change.cost >= exact.cost


def test_a_term_with_too_many_values_is_refused_with_what_to_do():
    space = Space(variables=(Variable(name="v", term="v", values=tuple(map(str, range(61)))),))
    condition = Condition(id="c", actor="a", statement="", scope=(0,), table=np.arange(61) > 3)
    with pytest.raises(PlanError, match="fewer than 61 values"):
        smallest_change(space, [condition], (0,))


def hard_instance(luck: np.random.Generator) -> tuple[Space, list[Condition], tuple[int, ...]]:
    """Make 160 conditions over 30 terms of 6 values, each an "or" over three terms."""
    space = Space(variables=tuple(Variable(name=f"v{n}", term="", values=tuple("abcdef")) for n in range(30)))
    conditions = []
    for number in range(160):
        scope = tuple(sorted(luck.choice(30, 3, replace=False).tolist()))
        first, second, third = luck.random((3, 6)) < 0.5
        table = first[:, None, None] | second[None, :, None] | third[None, None, :]
        conditions.append(Condition(id=str(number), actor="a", statement="", scope=scope, table=table))
    return space, conditions, tuple(luck.integers(0, 6, 30).tolist())


def test_the_smallest_change_among_ten_to_the_twenty_three_packages_is_proved():
    for seed in range(11):
        space, conditions, start = hard_instance(np.random.default_rng(seed))
        change = smallest_change(space, conditions, start)
        assert change.proved
        assert change.cost is not None
        for package in change.packages:
            assert sum(a != b for a, b in zip(start, package, strict=True)) == change.cost
            assert all(c.table[tuple(package[v] for v in c.scope)] for c in conditions)


# ---------------------------------------------------------------- clashes


def test_clashes_name_the_statements_and_rules_cannot_give_way():
    conditions = [
        compile_condition("consent = written", SPACE, id="A"),
        compile_condition("consent = none", SPACE, id="B"),
        compile_condition("admin = un", SPACE, id="C"),
    ]
    found = clashes(SPACE, conditions)
    assert (found.together, found.sets, found.concessions) == (False, (("A", "B"),), (("A",), ("B",)))
    kept = clashes(SPACE, conditions, rules=[compile_condition("consent = written", SPACE, id="rule")])
    assert (kept.sets, kept.concessions) == ((("B",),), (("B",),))
    never = clashes(SPACE, conditions, rules=[compile_condition("false", SPACE, id="rule")])
    assert (never.sets, never.concessions) == (((),), ())
    assert clashes(SPACE, conditions[1:]).together


def test_clashes_beyond_the_limit_are_said_to_be_incomplete():
    space = Space(variables=tuple(Variable(name=f"v{n}", term="", values=("a", "b")) for n in range(4)))
    conditions = [
        Condition(id=f"{n}{v}", actor="", statement="", scope=(n,), table=np.arange(2) == v)
        for n in range(4)
        for v in range(2)
    ]
    every = clashes(space, conditions)
    assert (len(every.sets), len(every.concessions), every.complete) == (4, 16, True)
    few = clashes(space, conditions, most=3)
    assert not few.complete
    assert set(few.concessions) <= set(every.concessions)
    assert set(few.sets) <= set(every.sets)


# ---------------------------------------------------------------- the page


def test_a_refused_plan_shows_who_in_which_words_and_the_least_change_with_proof():
    (found,) = brief(HOST, NEAR).plans
    assert (found.verdict, found.refused_by) == ("refused", ("Host",))
    (quote,) = found.refusals
    assert (quote.statement, quote.words, quote.speaker, quote.source, quote.mode) == (
        "H-1", "words of H-1", "Office", "s1", "direct",
    )  # fmt: skip
    assert (found.cost, found.ways_count, found.proved) == (2, 1, True)
    assert [(m.name, m.before, m.after) for m in found.ways[0]] == [
        ("Consent of the host", "none", "written"),
        ("Agencies: unhcr", "left open", "yes"),
    ]
    assert found.proof == "Changing or settling 2 terms does, in 1 way. It was shown that nothing less does."
    assert "Giving up the zone" in found.giving_up


def test_a_plan_in_order_needs_no_change_and_one_that_clashes_with_its_zone_says_so():
    in_order = brief(HOST, plans=(plan(zone="yes", consent="written"), plan("none"))).plans
    assert [(p.cost, p.giving_up, p.verdict) for p in in_order] == [(0, "", "cannot say")]
    (never,) = brief(said("H-9", "host", "zone = no")).plans
    assert (never.cost, never.ways, never.proved) == (None, (), True)
    assert "they clash" in never.proof


def test_what_every_package_shares_is_told_for_packages_with_a_zone():
    shared = brief(HOST, NEAR, said("N-2", "neighbour", "admin in {host, un}")).shared
    assert shared.agreed == (
        ("Consent of the host", "written"),
        ("Agencies: unhcr", "yes"),
    )
    assert shared.one_of == (("Who runs it", ("host", "un")),)
    assert shared.free == ("Agencies",)
    assert (shared.assured, shared.possible) == (4, 8)
    assert brief(said("H-9", "host", "zone = no")).shared.sentence.startswith("No package with a zone")


def test_a_clash_shows_both_quotes():
    found = brief(HOST, said("N-3", "neighbour", "consent <= tacit", force="soft"))
    assert not found.together
    assert [[(q.statement, q.words, q.force) for q in one] for one in found.clashes] == [
        [("H-1", "words of H-1", "hard"), ("N-3", "words of N-3", "soft")]
    ]
    assert [[q.statement for q in one] for one in found.concessions] == [["H-1"], ["N-3"]]


def test_unconfirmed_statements_change_nothing_but_the_questions():
    proposed = said("H-7", "host", "admin = host", status="proposed")
    without, within = brief(HOST), brief(HOST, proposed)
    assert replace(within, questions=(), unconfirmed="") == replace(without, questions=(), unconfirmed="")
    assert within.unconfirmed == "1 of 2 statements are not confirmed and do not enter."
    given = known([plan(zone="yes", consent="written")], ACTORS, [HOST, proposed], SPACE)
    (asked,) = [q for q in questions(given) if q.sort == "not confirmed"]
    assert [answer.agreeable < asked.agreeable_now for answer in asked.answers] == [True, False]


def test_questions_say_who_can_answer_and_what_it_would_change():
    plans = (plan(zone="yes"), plan("q", zone="yes", consent="written"))
    found = brief(HOST, plans=plans).questions
    assert [q.sort for q in found] == ["silent", "plan", "reading"]
    assert found[0].question == "What do Neighbour and Silent require on “Zone”? No condition is known."
    assert "Plan q: cannot say → refused" in found[0].answers[0][1]
    assert found[1].question == "Plan p: what does the plan settle on “Consent of the host”?"
    assert dict(found[1].answers)["none"] == "Plan p: cannot say → refused; Plan p, Host → refuses."
    assert found[2].answers[1] == ("“Consent of the host” is at least tacit", "more can be agreed.")


def test_a_question_no_answer_to_which_changes_anything_is_not_asked():
    given = known([plan(zone="yes", consent="written")], ACTORS, [HOST], SPACE)
    assert {q.term for q in questions(given) if q.sort == "plan"} == set()
    assert len(most_telling(questions(given), 1)) == 1


def test_an_open_term_can_matter_together_with_another_though_not_alone():
    same = Condition(
        id="c", actor="host", statement="", scope=(3, 4), table=np.array([[True, False], [False, True]])
    )
    package = (1, 2, 0, None, None)
    assert matters(SPACE, [same], package, 3)
    assert not matters(SPACE, [same], package, 2)


# ---------------------------------------------------------------- doubt


def test_tenths_never_claim_all_or_none_of_what_is_not():
    assert in_tenths(1, 10_000) == "fewer than 1 in 10"
    assert in_tenths(9_999, 10_000) == "more than 9 in 10"
    assert in_tenths(0, 0) == "none drawn"


def test_the_same_seed_draws_the_same_worlds_and_feeds_the_fourth_line_of_holding():
    given = known([plan(zone="yes", consent="tacit")], ACTORS, [HOST], SPACE)
    worlds = draw_worlds(given.said, seed=3, members=400)
    assert (worlds.reading == draw_worlds(given.said, seed=3, members=400).reading).all()
    found = shares(worlds, list(given.packages.values()), given.veto_holders)
    counted = share_of(~found.refuses[:, 0])
    assert counted is not None
    assert counted.k == 400 - found.anyone_refuses[0]
    assert 0.4 < counted.k / 400 < 0.6


def test_readings_are_told_apart_by_what_differs():
    assert difference(["a = x"]) == ""
    assert difference(["a = x and b = y", "a = x"]) == "b = y / nothing more"
    assert difference(["a = x or b = y", "a = x and b = y"]) == "a = x or b = y / a = x and b = y"


# ---------------------------------------------------------------- the case of the two articles


@pytest.fixture(scope="module")
def syria():
    case = read_case(find_case("syria-2017"))
    return case, findings_for(case.plans, case.actors, case.statements, case.terms)


def test_three_plans_of_syria_2017_are_refused_by_two_and_need_three_terms(syria):
    _, found = syria
    refused = {p.plan: p for p in found.plans if p.verdict == "refused"}
    assert set(refused) == {"no-fly", "turkey-north", "us-gulf"}
    for each in refused.values():
        assert each.refused_by == ("Syrian government", "Russia")
        assert {q.statement for q in each.refusals} == {"SYR-1", "RUS-1", "RUS-4"}
        assert (each.cost, each.ways_count, each.proved) == (3, 2, True)
        assert {m.term for way in each.ways for m in way} == {
            "host_consent",
            "consent_covers",
            "administrator",
        }


def test_syria_2017_shares_written_consent_to_the_details_and_asks_three_sorts_of_people(syria):
    _, found = syria
    assert dict(found.shared.agreed) == {
        "Consent of the Syrian government": "written",
        "What that consent covers": "principle and details",
    }
    assert dict(found.shared.one_of) == {"Who runs the zone": ("host", "un with host consent")}
    assert found.together
    assert len({q.sort for q in found.questions}) == 3
    assert "United States" in found.silent
    assert "Nobody has asked" in found.not_asked


def test_every_quote_of_the_page_is_a_confirmed_statement_with_its_pointer(syria):
    case, found = syria
    by_id = {s.id: s for s in case.statements}
    quotes = [q for p in found.plans for q in p.refusals] + [q for one in found.clashes for q in one]
    assert quotes
    for quote in quotes:
        statement = by_id[quote.statement]
        assert statement.status == "confirmed"
        assert quote.words == " / ".join(pointer.words for pointer in statement.evidence) != ""
