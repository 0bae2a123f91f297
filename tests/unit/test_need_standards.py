from __future__ import annotations

import ast
from pathlib import Path

import polars as pl

from asylia.core.quantities import quantity
from asylia.model.uncertain import Evidence
from asylia.need.items import read_items
from asylia.need.measures import MEASURE_OF, MEASURES
from asylia.need.profiles import check_kind, resolve, shipped_profiles
from asylia.need.standards import EDITIONS, by_id, read_standards, side_by_side


def test_every_standard_is_read_with_its_source_and_evidence():
    standards = read_standards()
    assert len({s.id for s in standards}) == len(standards) >= 90
    assert all(s.source and s.unit and s.value > 0 for s in standards)
    assert {s.evidence for s in standards} <= set(Evidence)


def test_every_unit_of_the_tables_can_be_read_and_none_is_taken_for_another():
    kinds = {s.unit: quantity(s.unit).kind for s in read_standards()}
    assert all(kind or unit in ("%", "share", "ratio", "ratio to 1") for unit, kind in kinds.items())
    assert len(set(kinds.values())) > 20


def test_editions_stand_side_by_side_with_their_own_values():
    table = side_by_side()
    assert dict(table.schema) == EDITIONS
    queue = {
        r["edition"]: r["value"] for r in table.filter(pl.col("standard") == "WAT-14").iter_rows(named=True)
    }
    assert queue == {"Sphere 2011": 15, "Sphere 2018": 30}
    staff = {
        r["edition"]: r["value"] for r in table.filter(pl.col("standard") == "HEA-05").iter_rows(named=True)
    }
    assert staff == {"Sphere 2011": 22, "Sphere 2018": 23}
    named = set(table["edition"].to_list())
    assert {"Sphere 2011", "Sphere 2018", "INEE", "UNHCR WASH 2015-2020"} <= named


def test_stages_bounds_and_ranges_are_said():
    found = by_id()
    assert (found["WAT-02"].stage, found["WAT-04"].stage, found["WAT-05"].stage) == (
        "survival",
        "emergency",
        "stabilised",
    )
    assert (found["WAT-02"].low, found["WAT-02"].high) == (7.5, 15)
    for standard in found.values():
        assert standard.stage in {"survival", "emergency", "stabilised", "all"}
        assert standard.editions
        assert all(standard.editions)
        if standard.low is not None and standard.high is not None:
            assert standard.low <= standard.value <= standard.high, standard.id


def test_every_standard_a_plan_may_name_is_shipped_and_of_the_kind_of_its_measure():
    assert set(MEASURE_OF) <= set(by_id())
    assert set(MEASURE_OF.values()) == set(MEASURES)
    for measure in MEASURES.values():
        assert [check_kind(measure, by_id()[s].unit) for s in measure.standards] == [""] * len(
            measure.standards
        )


def test_every_number_behind_a_need_can_be_followed_to_a_row_with_an_edition_and_a_source():
    for name in shipped_profiles():
        for need in resolve(name):
            assert need.standards
            for standard in need.standards:
                row = by_id()[standard.id]
                assert row.source
                assert row.editions
                assert row.evidence in set(Evidence)
            assert need.reason.endswith(".")


def test_every_item_says_how_long_it_takes_and_what_its_price_rests_on():
    needs = {need.measure.id: need for need in resolve("emergency")}
    for item in read_items().values():
        assert item.measure in needs
        assert 0 < item.lead_days[0] <= item.lead_days[1]
        assert (item.lead_evidence, bool(item.lead_why)) == (Evidence.ASSUMED, True)
        if item.price is not None:
            assert item.price.sector == "cost"
            assert item.currency_year
            assert item.year_basis


def test_no_published_value_stands_in_the_code_of_need(root: Path):
    """Numbers come from the tables, where each has its source: only unit changes, positions and roundings are left in code."""
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
