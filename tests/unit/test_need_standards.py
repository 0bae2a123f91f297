from __future__ import annotations

import ast
from pathlib import Path

import pytest

from asylia.core.errors import CaseError
from asylia.model.uncertain import Evidence
from asylia.need.standards import MEASURE_OF, MEASURES, PROFILES, profile, read_standards


def test_every_standard_is_read_with_its_source_and_evidence():
    standards = read_standards()
    assert len({s.id for s in standards}) == len(standards) >= 90
    assert all(s.source and s.unit and s.value > 0 for s in standards)
    assert {s.evidence for s in standards} <= set(Evidence)


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_profile_names_shipped_standards_once_a_measure_and_says_why(name: str):
    shipped = {s.id for s in read_standards()}
    uses = PROFILES[name]
    assert {use.standard for use in uses} <= shipped
    assert [use.measure for use in uses] == [MEASURE_OF[use.standard] for use in uses]
    assert len({use.measure for use in uses}) == len(uses)
    assert all(use.reason.endswith(".") for use in uses)
    assert [s.id for s in profile(name)] == [use.standard for use in uses]


def test_phases_keep_their_own_numbers():
    emergency = {MEASURE_OF[s.id]: s.value for s in profile("emergency")}
    later = {MEASURE_OF[s.id]: s.value for s in profile("post_emergency")}
    assert (emergency["water"], emergency["taps"], emergency["toilets"]) == (15, 250, 50)
    assert (later["water"], later["taps"], later["toilets"]) == (20, 100, 20)


def test_every_standard_a_plan_may_name_is_shipped():
    assert set(MEASURE_OF) <= {s.id for s in read_standards()}
    assert set(MEASURE_OF.values()) == set(MEASURES)


def test_a_misspelt_profile_is_named():
    with pytest.raises(CaseError, match='Did you mean "emergency"'):
        profile("emergancy")


def test_no_published_value_stands_in_the_code_of_need(root: Path):
    """Numbers come from the table, where each has its source: only unit changes and roundings are left in code."""
    allowed = {0, 1, 2, 3, -1, 1e6, 1e-9}
    for file in sorted((root / "src" / "asylia" / "need").glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        numbers = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, int | float)
            and not isinstance(node.value, bool)
        }
        assert numbers <= allowed, f"{file.name}: {numbers - allowed}"
