"""Did the numbers move? If they did on purpose: `tools/baseline.py --write`, and a `numbers` fragment in changelog.d."""

import tomllib
from pathlib import Path

import pytest

from asylia.io.folder import find_case, read_case
from asylia.model.case import fingerprint
from asylia.study.conductor import compare

BASELINE = tomllib.loads(Path(__file__).with_name("baseline.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def findings():
    how = BASELINE["study"]
    case = read_case(find_case(how["case"]))
    return compare(case, members=how["members"], days=how["days"], seed=how["seed"], workers=2)


def test_the_case_is_the_one_the_baseline_was_made_from(findings):
    assert fingerprint(findings.case) == BASELINE["study"]["fingerprint"]


@pytest.mark.parametrize("plan", sorted(BASELINE["plans"]))
def test_the_numbers_have_not_moved(findings, plan: str):
    found = {
        row["criterion"]: row["middle"]
        for row in findings.verdict.iter_rows(named=True)
        if row["plan"] == plan and row["middle"] is not None
    }
    expected = BASELINE["plans"][plan]
    assert set(found) == set(expected)
    # libraries may differ in the last digits of a power or a logarithm, never by a person in ten thousand
    assert found == pytest.approx(expected, rel=1e-4, abs=1.0)
