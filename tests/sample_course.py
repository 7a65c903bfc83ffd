"""A course of one small lesson that keeps every rule, printed as a kernel would have printed it.

The lesson has the old shape, or the new one.
"""

import base64
import hashlib
import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

from tools import links
from tools.compose import compose
from tools.lessons import calls, figure

NAME = "09_01_sample"
SOURCE = Path(__file__).with_suffix(".md").read_text(encoding="utf-8")
NEW_SOURCE = Path(__file__).with_name("sample_course_new.md").read_text(encoding="utf-8")
PICTURE = b"not a PNG, but its bytes are all that counts here"
MAP = '''"""A map.

    lesson      begin
    exercises   checks
    training    steps
    autodiff    a tape
    images      maps
    naive       loops
"""
'''
FILES = {
    "pyproject.toml": '[project]\nname = "flower-book-companion"\n[project.urls]\nRepository = "https://github.com/OWNER/REPO"\n',
    "README.md": "# Course\n\n[![Code: BSD](code.svg)](LICENSE)\n\n<!-- lessons -->\n<!-- /lessons -->\n\nMore.\n",
    "notebooks/terms.csv": "term,lesson,sentence,chinese,japanese\n"
    f"kernel,{NAME},A kernel is a small array of weights.,核,カーネル\n",
    "helpers/__init__.py": MAP,
    "helpers/autodiff/ops.py": "from .tensor import Tensor\n",
    "helpers/autodiff/tensor.py": "from .ops import add\n",
    "helpers/images/__init__.py": "from .conv import conv2d\n",
    "helpers/images/conv.py": "",
    "helpers/exercises/sample.py": "",
    "helpers/lesson.py": "",
    "helpers/naive.py": "",
    "helpers/training/__init__.py": "from ..images import conv2d\n",
    f"images/fingerprints/{NAME}.json": json.dumps({"sample_line": {"sha256": hashlib.sha256(PICTURE).hexdigest()}}),
}


def build(root, source=SOURCE):
    """Write the course of one lesson into the folder `root`."""
    for path, text in FILES.items():
        write(root, path, text)
    (root / "images" / "sample_line.png").write_bytes(PICTURE)
    write_lesson(root, source)
    links.main([], root)


def write(root, path, text):
    """Write a text file of the course, and the folders it needs."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def write_lesson(root, source, name=NAME):
    """Write a lesson: its source and its notebook."""
    write(root, f"notebooks/src/{name}.md", source)
    write(root, f"notebooks/{name}.ipynb", nbformat.writes(printed(source, name)) + "\n")


def printed(source, name=NAME):
    """Return the notebook of a source with the outputs that a kernel would have left."""
    notebook = compose(source, name)
    solved = False
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        tags = cell.metadata.get("tags", [])
        solved = "solution" in tags or (solved and "exercise" not in tags)
        cell.execution_count, cell.outputs = count, list(outputs(cell.source, solved))
    return notebook


def outputs(code, solved):
    """What a cell of the sample shows."""
    if code.startswith("exercises."):
        yield new_output("stream", text="✓ right\n" if solved else "○ not attempted yet\n")
    for call in calls(code, "publish"):
        picture = {"image/png": base64.b64encode(PICTURE).decode()}
        yield new_output("display_data", picture, metadata={"image/png": {"alt": figure(call)[1]}})
