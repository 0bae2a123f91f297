"""Everything the reports of the shipped cases say, for both audiences, held against the lint of words."""

from __future__ import annotations

import pytest

from asylia.io.folder import built_in_cases, find_case, read_case
from asylia.report import write_report
from asylia.study.conductor import compare
from report_words import faults, our_texts


@pytest.fixture(scope="module", params=built_in_cases())
def study(request):
    case = read_case(find_case(request.param))
    return compare(case, members=2, days=14, seed=1)


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_no_promise_no_open_door_no_forecast_of_who_and_even_words(study, audience, tmp_path):
    write_report(study, tmp_path, audience=audience, hxl=True)
    texts = set(our_texts(tmp_path))
    assert {".html", ".csv", ".json", ".geojson", ".xlsx"} == {file[file.rindex(".") :] for file, _ in texts}
    parties = [actor.name for actor in study.case.actors]
    found = {f"{file}: {fault} in {text[:160]!r}" for file, text in texts for fault in faults(text, parties)}
    assert sorted(found) == []
    assert any("quiet is not safety" in text for _, text in texts)
