"""A learner's first visit to JupyterLab, as `make lab` opens it, in a clone of the course."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tools import desk
from tools.lessons import ROOT

LESSON = "06_05a_backpropagation"
WRONG = """def forward(order, slopes, start):
return backward(order, slopes)"""
RIGHT = """def forward(order, slopes, start):
slope_of = {node: float(node == start) for node in order}
for node in order:
for (tail, head), slope in slopes.items():
if head == node:
slope_of[head] += slope_of[tail] * slope
\b\b\breturn slope_of"""
IDLE = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
FAULTS = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedText .ansi-red-fg"


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone of the course, with a desk laid out."""
    folder = tmp_path_factory.mktemp("learner") / "course"
    subprocess.run(["git", "clone", "--quiet", "--local", ROOT, folder], check=True)
    desk.main([], folder)
    return folder


@pytest.fixture(scope="module")
def lab(clone, tmp_path_factory):
    """JupyterLab's address, in the clone."""
    settings = tmp_path_factory.mktemp("settings")
    tracker = settings / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text(json.dumps({"windowingMode": "none"}))  # cells out of sight are drawn too
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=", f"--ServerApp.port={port}"]
    environment = os.environ | {"JUPYTERLAB_SETTINGS_DIR": str(settings), "COURSE_FIGURES": ""}
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=.", *options]
    server = subprocess.Popen(command, cwd=clone, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    wait_for(f"{address}/api")
    yield address
    server.terminate()
    server.wait(timeout=30)


def wait_for(url, seconds=120):
    """Wait until a server answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(url)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def write(cell, code):
    """Replace a cell's code, line by line, as somebody who types; the editor indents."""
    cell.locator(".cm-content").click()
    page = cell.page
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for number, line in enumerate(code.splitlines()):
        if number:
            page.keyboard.press("Enter")
        while line.startswith("\b"):
            page.keyboard.press("Backspace")
            line = line[1:]
        page.keyboard.insert_text(line)
    page.keyboard.press("Shift+Enter")


def test_a_lesson_is_solved_wrongly_and_rightly(browser, lab, clone):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{lab}/lab/tree/work/index.ipynb")
    preview = page.locator(".jp-RenderedMarkdown")
    preview.get_by_role("heading", name="The flower book, running").wait_for(timeout=120_000)
    pictures = preview.locator("table img")
    page.wait_for_function("[...document.querySelectorAll('table img')].every(image => image.naturalWidth > 0)")
    assert pictures.count() >= 8

    preview.get_by_role("link", name="6.5a Back-Propagation").click()
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.locator(f".jp-NotebookPanel:visible {IDLE}").wait_for(timeout=60_000)  # what is run before is lost
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    done = page.locator(".jp-CodeCell", has_text="exercises.products(products)").locator(".jp-OutputArea-output")
    done.wait_for(timeout=180_000)
    assert page.locator(FAULTS).count() == 0
    images = page.locator(".jp-OutputArea-output img")
    assert images.count() == 4
    assert all(images.nth(number).get_attribute("alt") for number in range(4))

    stub = page.locator(".jp-CodeCell", has_text="def forward(order, slopes, start):").first
    check = page.locator(".jp-CodeCell", has_text="exercises.forward(forward)").first
    for code, verdict in ((WRONG, "✗"), (RIGHT, "✓ forward")):
        write(stub, code)
        page.keyboard.press("Shift+Enter")
        check.locator(".jp-OutputArea-output", has_text=verdict).wait_for(timeout=60_000)
    page.keyboard.press("Control+S")
    page.wait_for_timeout(2000)
    page.close()

    assert desk.progress(clone / "work" / f"{LESSON}.ipynb")[0] >= 1
    changes = subprocess.run(["git", "-C", clone, "status", "--porcelain"], check=True, capture_output=True, text=True)
    assert changes.stdout == ""
