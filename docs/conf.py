"""
How the documentation is built; see ``make docs``.
"""

from __future__ import annotations

import sys
from importlib.metadata import metadata
from pathlib import Path

import globus_core

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "globus-core"
author = "The globus-core developers"
copyright = "the globus-core developers"
release = version = globus_core.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "generated",
    "journeys",
]
exclude_patterns = ["_build", "_ext", "examples"]
html_theme = "furo"
pygments_dark_style = "github-dark"  # the default one underlines names of modules
html_title = f"globus-core {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]

# The repository is where the metadata says; until that is a real place, pages link to no source.
_urls = (url.split(", ", 1) for url in metadata("globus-core").get_all("Project-URL") or [])
repository = dict(_urls).get("Source", "")
if repository and ".example." not in repository:
    html_theme_options = {
        "source_repository": repository,
        "source_branch": "main",
        "source_directory": "docs/",
    }

# Prompts and what programs print are not for the clipboard.
copybutton_selector = "div:not(.highlight-text):not(.highlight-none) > div.highlight > pre"
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True

myst_enable_extensions = ["colon_fence", "attrs_inline"]
myst_heading_anchors = 3

autosummary_generate = False  # the tables lead to entries of the same page
autodoc_default_options = {"members": True, "show-inheritance": True}
autoclass_content = "both"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
python_use_unqualified_type_names = True

# Tasks of Transfer and of Search have documents of the same name, each in its own module.
suppress_warnings = ["ref.python"]
