"""The website builds without a warning, asks no other server for anything, and gives every image its words."""

import re
from html.parser import HTMLParser

import pytest

from tools import site
from tools.lessons import ROOT

LIMIT = 40 * 2**20  # bytes


class Asked(HTMLParser):
    """What a page makes a browser load, where its links lead, and its images without words."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.silent = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("img", "script", "link", "iframe", "source"):
            self.loads.append(attrs.get("src") or attrs.get("href") or "")
        if tag == "a":
            self.links.append(attrs.get("href") or "")
        if tag == "img" and not attrs.get("alt"):
            self.silent.append(attrs.get("src"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The website, built once."""
    build = tmp_path_factory.mktemp("site")
    site.lay_out(ROOT, build / "source")
    assert site.sphinx(build, "html") == 0, "Sphinx warns: its lines are above"
    return build / "html"


@pytest.fixture(scope="module")
def asked(built):
    """What each page asks for, by its name."""
    found = {path.relative_to(built).as_posix(): path for path in built.rglob("*.html")}
    return {name: Asked(path.read_text(encoding="utf-8")) for name, path in found.items()}


def test_every_lesson_has_a_page(built, course):
    assert all((built / f"{lesson.name}.html").exists() for lesson in course)


def test_no_page_loads_from_another_server(asked):
    for name, page in asked.items():
        elsewhere = [url for url in page.loads if re.match(r"(https?:)?//", url)]
        assert not elsewhere, f"{name} loads {elsewhere}"


def test_every_image_has_its_words(asked):
    assert not {name: page.silent for name, page in asked.items() if page.silent}


def test_links_lead_to_pages_not_to_notebooks(asked):
    for name, page in asked.items():
        assert not [link for link in page.links if re.search(r"\.ipynb$", link) and "//" not in link], name


def test_the_site_is_small(built):
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file())
    assert size < LIMIT, f"the site has {size / 2**20:.1f} MB"
