"""The protection floor: no package may trade it away, it is nobody's position, and it is seen everywhere."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.consent.audit import positions
from asylia.consent.brief import findings_for
from asylia.consent.check import check_statements
from asylia.consent.floor import floor_lines, in_words
from asylia.core.errors import CaseError
from asylia.io.folder import find_case, new_case, read_case, write_case
from asylia.model.actors import Actor, Floor, Pointer, Statement, Term, Veto
from asylia.model.case import fingerprint
from asylia.model.plan import Plan
from asylia.report.words import floor_in_short
from case_folders import append, make_case_folder

TERMS = (
    Term(id="zone", name="Zone", values=("no", "yes"), ordered=True),
    Term(id="returns", name="Returns", values=("voluntary", "encouraged", "required"), ordered=True),
    Term(id="consent", name="Consent", values=("none", "written"), ordered=True, controller=("host",)),
)
FLOOR = (
    Floor(
        id="f", name="Nobody is made to return", expression="returns = voluntary", basis="Rule.", source="s"
    ),
)
HOST = Actor(
    id="host", name="Host", kind="host_state", vetoes=(Veto(over=("zone",), basis="law", source="s"),)
)
PEOPLE = Actor(id="people", name="Displaced people", kind="displaced_people")


def said(expression: str) -> Statement:
    words = Pointer(source="s", start=1, end=9, words="words", speaker="Office", mode="direct")
    return Statement(
        id="H-1", actor="host", rank=1, force="hard", expression=expression, summary="Says so.",
        evidence=(words,), status="confirmed",
    )  # fmt: skip


def plan(**terms: str) -> Plan:
    return Plan(id="p", title="P", summary="", terms={name: (value,) for name, value in terms.items()})


def brief(settled: Plan, *statements: Statement):
    return findings_for([settled], [HOST, PEOPLE], statements, TERMS, floor=FLOOR, members=50)


@pytest.mark.parametrize(
    ("terms", "standing"),
    [
        ({"returns": "voluntary"}, "kept"),
        ({}, "left open"),
        ({"returns": "required"}, "traded away"),
        ({"returns": "encouraged"}, "traded away"),
    ],
)
def test_a_plan_keeps_leaves_open_or_trades_away_a_protection_term(terms, standing):
    (line,) = floor_lines(plan(zone="yes", **terms), FLOOR, TERMS)
    assert line.standing == standing
    assert (standing in in_words([line])) == (standing != "kept")
    assert (standing in floor_in_short(({"standing": standing},))) == (standing != "kept")


def test_the_plan_without_a_zone_proposes_nothing_to_hold_against_the_floor():
    assert floor_lines(Plan.none(), FLOOR, TERMS) == ()
    assert in_words(()) == ""


def test_the_floor_stands_in_the_row_of_the_displaced_people_and_moves_no_position():
    traded = plan(zone="yes", returns="required", consent="written")
    with_floor, without = (
        positions(traded, [HOST, PEOPLE], [said("consent = written")], TERMS, floor) for floor in (FLOOR, ())
    )
    host, people = with_floor
    assert (host.position, host.floor) == ("nothing stated against it", ())
    assert [line.standing for line in people.floor] == ["traded away"]
    assert [replace(cell, floor=()) for cell in with_floor] == list(without)
    # a case that names no actor for them still gets the row
    assert [cell.floor != () for cell in positions(traded, [HOST], [], TERMS, FLOOR)] == [False, True]


def test_no_change_and_no_package_trades_a_protection_term_away():
    # the host wants returns, and the cheapest way to please it would be to require them
    found = brief(
        plan(zone="yes", returns="required", consent="none"),
        said("returns >= encouraged or consent = written"),
    )
    (one,) = found.plans
    assert one.cost == 2
    assert {(c.term, c.after, c.who, c.for_floor) for c in one.ways[0]} == {
        ("returns", "voluntary", (), True),
        ("consent", "written", ("Host",), False),
    }
    assert ("Returns", "voluntary") in found.shared.agreed
    assert found.shared.assured == 1
    assert "protection floor" in found.shared.sentence


def test_a_condition_against_the_floor_clashes_and_no_change_is_offered():
    found = brief(plan(zone="yes", returns="voluntary"), said("zone = yes implies returns = required"))
    assert found.plans[0].cost is None
    assert found.plans[0].proved
    assert "protection floor" in found.plans[0].proof
    assert [[quote.statement for quote in clash] for clash in found.clashes] == [["H-1"]]
    assert found.shared.assured == 0


def test_without_a_floor_nothing_is_said_of_one():
    found = findings_for([plan(zone="yes")], [HOST, PEOPLE], [said("consent = written")], TERMS, members=50)
    assert found.plans[0].floor == ()
    assert "floor" not in found.plans[0].proof + found.shared.sentence


def test_a_floor_that_cannot_be_read_is_a_problem_with_its_place():
    wrong = (replace(FLOOR[0], expression="returns = forced"), replace(FLOOR[0], expression="returns ="))
    found = [p for p in check_statements([HOST], [], TERMS, [], wrong) if p.column.startswith("floor")]
    assert len(found) == 3  # the id stands twice, too
    assert all(problem.file == "actors.toml" for problem in found)


def test_a_folder_keeps_its_floor_and_one_without_keeps_its_fingerprint(tmp_path):
    new_case(tmp_path / "new")
    case = read_case(tmp_path / "new")
    assert [one.id for one in case.floor] == ["voluntary-return"]
    assert case.terms[0].controller == ("council",)
    write_case(case, tmp_path / "again")
    assert fingerprint(read_case(tmp_path / "again")) == fingerprint(case)
    assert fingerprint(replace(case, floor=())) != fingerprint(case)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('[[floor]]\nid = "f"\nname = "F"\nexpression = "host_consent = written"\nbasis = "B"\nsource = "gone"\n', "gone"),
        ('[[floor]]\nid = "f"\nname = "F"\nexpression = "host_consent = maybe"\nbasis = "B"\nsource = "survey-2025"\n', "maybe"),
    ],
)  # fmt: skip
def test_a_bad_floor_is_told_with_its_line(tmp_path, entry, said):
    folder = make_case_folder(tmp_path / "case")
    append(folder, "actors.toml", "\n" + entry)
    told = CliRunner().invoke(app, ["check", str(folder)])
    assert told.exit_code == 2
    assert said in told.stderr
    if said == "gone":
        with pytest.raises(CaseError):
            read_case(folder)


def test_commands_show_the_floor_of_the_case():
    told = json.loads(
        CliRunner().invoke(app, ["consent", "syria-2017", "--plan", "us-gulf", "--json"]).stdout
    )
    (people,) = [cell for cell in told["positions"] if cell["actor"] == "displaced-people"]
    assert {line["standing"] for line in people["floor"]} == {"left open"}
    page = CliRunner().invoke(app, ["consent", "syria-2017", "--plan", "us-gulf"]).stdout
    assert "asked by the protection floor" in page
    law = CliRunner().invoke(app, ["audit", "syria-2017", "--plan", "us-gulf", "--json"]).stdout
    assert len(json.loads(law)["us-gulf"]["protection_floor"]) == len(
        read_case(find_case("syria-2017")).floor
    )
