"""Nothing of a statement marked sensitive reaches the public: not its words, not a position, not a sentence."""

from dataclasses import replace

from asylia.consent.audit import positions
from asylia.report import write_report
from asylia.study.conductor import compare
from asylia.testing import tiny_case


def _findings(*, sensitive: bool):
    case = tiny_case()
    said = [s for s in case.statements if s.force in ("hard", "red_line")]
    assert said
    private = tuple(replace(s, sensitive=sensitive and s in said) for s in case.statements)
    zone = next(plan for plan in case.plans if plan.zones)
    refused = replace(zone, id="refused", terms={**zone.terms, **_against(case, said)})
    return compare(replace(case, statements=private), members=2, plans=(*case.plans, refused))


def _against(case, said):
    zone = next(plan for plan in case.plans if plan.zones)
    for term in case.terms:
        for value in term.values:
            tried = replace(zone, terms={**zone.terms, term.id: (value,)})
            if any(c.position == "refuses" for c in positions(tried, case.actors, said, case.terms)):
                return {term.id: (value,)}
    raise AssertionError("the tiny case has a hard statement that some value breaks")


def test_a_private_refusal_is_for_partners_alone(tmp_path):
    findings = _findings(sensitive=True)
    assert "refuses" in {cell.position for cell in findings.consent if cell.plan == "refused"}
    assert "refuses" not in {cell.position for cell in findings.consent_public if cell.plan == "refused"}
    write_report(findings, tmp_path, audience="public")
    rows = [
        line
        for line in (tmp_path / "data" / "consent.csv").read_text().splitlines()
        if line.startswith("refused,")
    ]
    assert rows
    assert not any(",refuses," in line for line in rows)
    assert "refused, as stated" not in findings.sentences["shared"]


def test_an_open_refusal_is_for_everybody(tmp_path):
    findings = _findings(sensitive=False)
    write_report(findings, tmp_path, audience="public")
    assert ",refuses," in (tmp_path / "data" / "consent.csv").read_text()
