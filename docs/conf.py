"""How Sphinx builds the website, in docs/_build/source, where `python -m tools site` has laid everything out."""

import json
from pathlib import Path

COURSE = json.loads((Path(__file__).parent / "course.json").read_text(encoding="utf-8"))
REPOSITORY = COURSE["repository"]  # None while nobody knows it

project = "The flower book, running"
author = "its contributors"
copyright = "its contributors; text CC BY 4.0, code BSD 3-Clause"
version = release = COURSE["version"]
language = "en-GB"

extensions = ["myst_nb", "sphinx_design", "sphinx_copybutton", "sphinx.ext.mathjax"]
nb_execution_mode = "off"  # what a reader sees are the committed outputs, which the tests compare
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "attrs_inline", "attrs_block"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type", "epub.unknown_project_files"]
# The whole of MathJax in one file: the smaller one fetches \boldsymbol when it is first used.
mathjax_path = "mathjax/tex-chtml-full.js"
copybutton_selector = "div.cell_input div.highlight pre, div.highlight-sh pre"

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_copy_source = False
html_show_sphinx = False
html_favicon = "_static/flower.svg"
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],  # the side bar has the search box already
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "article_header_end": ["article-header-buttons"],
}
if REPOSITORY:
    html_theme_options |= {
        "repository_url": f"https://github.com/{REPOSITORY}",
        "repository_branch": "main",
        "path_to_docs": "notebooks/practice",
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {"colab_url": "https://colab.research.google.com"},
    }

epub_show_urls = "no"
epub_theme = "epub"
