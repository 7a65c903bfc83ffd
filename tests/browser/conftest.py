"""A browser, Chromium, which is started once; only `make test-browser` brings what drives it."""

import functools
import http.server
import os
import shutil
import threading

import pytest

from tools import site
from tools.lessons import ROOT

if os.environ.get("COURSE_BROWSER") == "required":
    from playwright import sync_api
else:
    sync_api = pytest.importorskip("playwright.sync_api", reason="make test-browser brings a browser's driver")

# A closed network must not slow the browser down: it asks nobody for updates.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class Silent(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def browser():
    """Chromium, the system's or Playwright's own."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the website is served, built for this."""
    build = tmp_path_factory.mktemp("site")
    site.lay_out(ROOT, build / "source")
    assert site.sphinx(build, "html") == 0
    handler = functools.partial(Silent, directory=build / "html")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
