"""
How the documentation is built; see ``make docs``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import globus_core

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "globus-core"
author = "The globus-core developers"
copyright = "the globus-core developers"
release = version = globus_core.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "generated"]
exclude_patterns = ["_build", "_ext", "examples"]
html_theme = "furo"
html_title = f"globus-core {release}"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
python_use_unqualified_type_names = True

# Tasks of Transfer and of Search have documents of the same name, each in its own module.
suppress_warnings = ["ref.python"]
