"""Files other programs read: valid, harmless, whole."""

import csv
import io
import json
import math
import os
import runpy
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.report import export, write_report
from asylia.report.redact import redact

EXAMPLE = runpy.run_path(str(Path(__file__).resolve().parents[1] / "findings_example.py"))
DOSSIER = redact(EXAMPLE["findings"](), "partners")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    return folder, write_report(EXAMPLE["findings"](), folder, hxl=True)


def test_every_promised_file_is_there_and_no_other(written):
    folder, files = written
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert found == {str(file.relative_to(folder)) for file in files}
    assert {"report.html", "findings.json", "manifest.json", "zones.geojson", "places.geojson"} <= found
    assert {"data/verdict.csv", "data/verdict.parquet", "data/series.parquet", "data/needs.csv"} <= found


def test_the_manifest_names_seed_audience_licences_and_files(written):
    folder, files = written
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 7
    assert manifest["audience"] == "public"
    assert any("GeoNames" in licence for licence in manifest["licences"])
    assert len(manifest["files"]) == len(files) - 1


@given(st.text(alphabet=st.sampled_from('=+-@\t\r\n",;a1 ')))
def test_no_cell_starts_a_formula_or_a_row(text):
    written = export.csv_text(pl.DataFrame({"name": [text], "low": [1]}))
    lines = list(csv.reader(io.StringIO(written, newline="")))
    assert len(lines) == 2
    assert not lines[1][0].lstrip("\n ").startswith(export.FORMULA_STARTS)
    assert lines[1][0].removeprefix("'") == text.replace("\r\n", "\n").replace("\r", "\n")


def test_numbers_below_zero_stay_numbers():
    assert export.csv_text(pl.DataFrame({"low": [-2.5]})) == "low\n-2.5\n"


def test_the_tag_row_stands_under_the_header(written):
    folder, _ = written
    rows = list(csv.reader((folder / "data" / "people_end.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0][0] == "plan"
    assert rows[1][rows[0].index("lat")] == "#geo+lat"
    assert all(not tag or tag.startswith("#") for tag in rows[1])


def test_parquet_keeps_what_the_frame_holds(written):
    folder, _ = written
    verdict = pl.read_parquet(folder / "data" / "verdict.parquet")
    assert verdict.equals(redact(EXAMPLE["findings"](), "public").verdict)


@pytest.mark.parametrize("make", [export.zones_geojson, export.places_geojson])
def test_geojson_is_well_formed(make):
    shapes = json.loads(export.json_text(make(DOSSIER)))
    assert shapes["type"] == "FeatureCollection"
    assert shapes["features"]
    for feature in shapes["features"]:
        assert feature["type"] == "Feature"
        kind, points = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        for lon, lat in [points] if kind == "Point" else points[0]:
            assert 35 < lon < 43
            assert 31 < lat < 38
        if kind == "Polygon":
            ring = points[0]
            assert ring[0] == ring[-1]
            pairs = pairwise(ring)
            assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) > 0, "anticlockwise"


def test_json_has_no_number_that_is_none():
    assert json.loads(export.json_text({"a": math.nan, "b": math.inf, ("c", "d"): (1, None)})) == {
        "a": None,
        "b": None,
        "c d": [1, None],
    }


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    file = export.put(tmp_path / "a.txt", "before")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        export.put(file, "after")
    assert file.read_text(encoding="utf-8") == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
