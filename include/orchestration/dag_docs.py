"""
Write the DAG part of docs/operations.md from the docstrings of the DAG files, which the UI shows.

    python -m include.orchestration.dag_docs

Docstrings are read from the source, so no Airflow is needed.
"""

from __future__ import annotations

import ast
from pathlib import Path

from include.config.settings import ROOT

PAGE = ROOT / "docs" / "operations.md"
BEGIN = "<!-- from here on written by `make docs` from the docstrings in dags/ -->"
SHARED = "assets.py"  # not a DAG


def render_dags(folder: Path) -> str:
    """Give every DAG file's docstring, two levels down, in the files' order."""
    pages = []
    for path in sorted(folder.glob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        if path.name != SHARED and text:
            pages.append(text.replace("# ", "### ", 1) + f"\n\nSource: `dags/{path.name}`.")
    return "\n\n".join(pages)


def render_page(current: str, dags: str) -> str:
    """Give the page with the part after `BEGIN` made anew; what people wrote above it stays."""
    return f"{current.partition(BEGIN)[0].rstrip()}\n\n{BEGIN}\n\n{dags}\n"


if __name__ == "__main__":
    PAGE.write_text(render_page(PAGE.read_text(encoding="utf-8"), render_dags(ROOT / "dags")))
