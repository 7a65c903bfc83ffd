"""The website as a browser shows it: wide and narrow, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

LESSON = "06_05a_backpropagation"
PAGES = ["index", "gallery", "map", "glossary", "notation", "paths", "api/images", LESSON]
# The theme's own: its buttons have other names for a screen reader than the words they show.
THEMES_OWN = {"label-content-name-mismatch"}
WIDE, NARROW = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}


class Visit:
    """A page in the browser, and what it complained of and asked for."""

    def __init__(self, browser, url, size, scheme):
        self.page = browser.new_page(viewport=size, color_scheme=scheme)
        self.errors, self.elsewhere = [], []
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.note(request.url))
        self.page.goto(url, wait_until="networkidle")

    def note(self, url):
        if not url.startswith(("http://127.0.0.1:", "data:")):
            self.elsewhere.append(url)


@pytest.fixture
def visit(browser, address):
    """Open a page of the website; it is closed at the end."""
    opened = []

    def open_page(name, size=WIDE, scheme="light"):
        opened.append(Visit(browser, f"{address}/{name}", size, scheme))
        return opened[-1]

    yield open_page
    for one in opened:
        one.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(visit, name, size, scheme):
    seen = visit(f"{name}.html", size, scheme)
    assert not seen.errors
    assert not seen.elsewhere
    assert seen.page.evaluate("document.documentElement.dataset.theme") == scheme
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert seen.page.evaluate("[...document.images].every(image => image.loading == 'lazy' || image.naturalWidth > 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(visit, name, scheme):
    found = Axe().run(visit(f"{name}.html", WIDE, scheme).page).response["violations"]
    ours = [fault for fault in found if fault["impact"] in ("serious", "critical") and fault["id"] not in THEMES_OWN]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in ours]


@pytest.mark.parametrize("name", [LESSON, "notation"])
def test_formulas_are_typeset(visit, name):
    page = visit(f"{name}.html").page
    page.wait_for_function("document.querySelectorAll('mjx-container').length > 10")
    typeset, raw = "document.querySelectorAll('mjx-container').length", "document.querySelectorAll('.math').length"
    assert page.evaluate(typeset) == page.evaluate(raw)
    assert page.evaluate("document.querySelectorAll('mjx-merror').length") == 0


def test_solutions_and_drawing_code_are_folded(visit):
    page = visit(f"{LESSON}.html").page
    folded = page.locator("details.hide > summary")
    assert {"Show the solution", "Show how it is drawn", "Show the imports"} <= {
        text.strip().splitlines()[0] for text in folded.all_inner_texts()
    }
    assert page.locator("details.hide[open]").count() == 0


def test_search_finds_a_lesson(visit):
    page = visit("search.html?q=equivariance").page
    page.wait_for_selector("#search-results li a", timeout=10_000)
    found = page.locator("#search-results li a").evaluate_all("links => links.map(link => link.pathname)")
    assert any("/09_0" in path for path in found)


def test_a_picture_of_the_gallery_leads_to_its_lesson(visit):
    page = visit("gallery.html").page
    page.locator(f".gallery a[href='{LESSON}.html']").first.click()
    assert page.url.endswith(f"{LESSON}.html")
