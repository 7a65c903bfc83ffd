"""From a lesson's source to its notebook, and back.

The source is Markdown with fenced Python. It says everything that is worth saying; whatever else a notebook holds
(metadata, cell ids, what folds a cell) is derived here, so that it is the same for everybody and never edited.
"""

from copy import deepcopy

import jupytext
from nbformat import NotebookNode, from_dict

METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
    # As IPython's kernel states it, but for its version: opening and saving a notebook changes nothing else.
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
# What folds a cell in JupyterLab, on Colab (which shows the title in its first line) and, as a tag, on the website.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
FOLDED_TAG = "hide-input"
TITLE = "# @title "


def compose(source: str, lesson: str) -> NotebookNode:
    """Return the notebook of a lesson's source, not yet executed."""
    notebook = jupytext.reads(source, fmt="md")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = from_dict(METADATA)
    short = "_".join(lesson.split("_")[:2])
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"{short}-{number:03d}"
        cell.source = cell.source.strip("\n")
        cell.metadata = _metadata(cell.metadata.get("tags", []), cell.source)
    return notebook


def to_markdown(notebook: NotebookNode) -> str:
    """Return the source of a notebook: its text, its code and its tags, nothing derived, no outputs."""
    plain = deepcopy(notebook)
    # Without a header and with no cell metadata but tags, the source stays Markdown that anybody can read.
    plain.metadata = from_dict({"jupytext": {"notebook_metadata_filter": "-all", "cell_metadata_filter": "tags,-all"}})
    for cell in plain.cells:
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != FOLDED_TAG]
        cell.metadata = from_dict({"tags": tags} if tags else {})
    return jupytext.writes(plain, fmt="md")


def strip(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of the notebook without outputs and execution counts."""
    bare = deepcopy(notebook)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return bare


def _metadata(tags: list[str], code: str) -> NotebookNode:
    """Return a cell's metadata: its tags, and what folds it if it is a solution or has a title."""
    tags = [tag for tag in tags if tag != FOLDED_TAG]
    metadata = NotebookNode({"tags": tags} if tags else {})
    if "solution" in tags or code.startswith(TITLE):
        metadata.update(FOLDED, tags=[*tags, FOLDED_TAG])
    return metadata
