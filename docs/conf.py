"""How the documentation is built: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

import asylia

sys.path.insert(0, str(Path(__file__).parent))

import generate

generate.write()

project = "Asylia"
author = "The Asylia developers"
copyright = author  # noqa: A001 - Sphinx chose the name
version = release = asylia.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "reference/generated/day.md"]
nitpicky = False

html_theme = "furo"
html_title = "Asylia"
html_show_sphinx = False
html_copy_source = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
napoleon_google_docstring = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
