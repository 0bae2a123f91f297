"""The real report, not an invented one: its words are even, every plan is there, and its size is mailable."""

import html
import re
import runpy
from pathlib import Path

import pytest

from asylia.io.folder import find_case, read_case
from asylia.report import write_report
from asylia.study.conductor import compare

WORDS = runpy.run_path(str(Path(__file__).resolve().parents[1] / "unit" / "test_report_page.py"))


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    case = read_case(find_case("syria-2017"))
    folder = tmp_path_factory.mktemp("report")
    write_report(compare(case, members=3, days=21, seed=1), folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_our_own_words_promise_nothing_and_take_no_side(page: str):
    # what others said stays as they said it, and zones of the past keep their names
    ours = re.sub(r"<q>.*?</q>", "", page, flags=re.DOTALL)
    ours = re.sub(r'<section id="history">.*?</section>', "", ours, flags=re.DOTALL)
    assert len(ours) < len(page)
    _, text = WORDS["read"](ours)
    text = WORDS["PROPOSALS"].sub("", text.replace(WORDS["FIXED"], ""))
    assert WORDS["BANNED"].findall(text) == []
    assert WORDS["UNEVEN"].findall(text) == []


def test_every_plan_and_party_stands_in_the_page(page: str):
    case = read_case(find_case("syria-2017"))
    plain = html.unescape(page)
    for name in [plan.title for plan in case.plans] + [actor.name for actor in case.actors]:
        assert name in plain


def test_arabic_names_run_their_own_way(page: str):
    assert re.search(r'<bdi[^>]*dir="(auto|rtl)"[^>]*>[؀-ۿ]', page)


def test_the_page_can_be_mailed(page: str):
    assert len(page.encode()) < 3_000_000
