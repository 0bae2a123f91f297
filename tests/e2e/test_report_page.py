"""The page in a browser: the first screen, both colour schemes, print, no request, no script."""

import runpy
import shutil
from pathlib import Path

import pytest

from asylia.report import write_report

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
EXAMPLE = runpy.run_path(str(Path(__file__).resolve().parents[1] / "findings_example.py"))
CONTRAST = """() => {
  const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
      .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const seen = [...document.querySelectorAll('p, th, td, small, dd, dt, caption, figcaption, summary, a')];
  return Math.min(...seen.filter(e => e.textContent.trim() && e.className !== 'skip').map(e => {
    const ink = light(getComputedStyle(e).color);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05); }));
}"""


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    shapes = EXAMPLE["real_boundaries"]()
    return write_report(EXAMPLE["findings"](shapes=shapes), folder)[0].as_uri()


@pytest.fixture(params=["light", "dark"])
def opened(request, browser, address):
    page = browser.new_page(
        viewport={"width": 1280, "height": 800}, color_scheme=request.param, java_script_enabled=True
    )
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.goto(address)
    yield page
    page.close()


def test_the_first_screen_holds_the_answer(opened):
    bottom = opened.evaluate("document.querySelector('.sentences').getBoundingClientRect().bottom")
    assert bottom <= 800
    assert opened.evaluate("document.documentElement.scrollWidth") <= 1280
    cut = "[...document.querySelectorAll('.compare td, .compare th')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert opened.evaluate(cut) == 0


def test_it_asks_for_nothing_and_complains_of_nothing(opened, address):
    assert [url for url in opened.asked if not url.startswith(("data:", address))] == []
    assert opened.said == []


def test_text_stands_out_from_the_paper(opened):
    assert opened.evaluate(CONTRAST) >= 4.5


def test_names_stay_inside_their_pictures(opened):
    outside = """[...document.querySelectorAll('svg.figure text')].filter(t => {
      const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
      return a.width && (a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > b.bottom + 2); })
      .map(t => t.textContent)"""
    assert opened.evaluate(outside) == []


def test_a_phone_scrolls_down_and_not_sideways(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_it_prints_with_everything_open(browser, address):
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    closed = "[...document.querySelectorAll('details:not(.screen)')].filter(d => d.clientHeight < 40).length"
    assert page.evaluate(closed) == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
