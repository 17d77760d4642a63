"""Python that the docs show imports names that exist."""

import importlib
import re

import pytest

from include.config.settings import ROOT

IMPORT = re.compile(r"^\s*from (include[\w.]+) import ([\w, ]+)$", re.MULTILINE)
DOCS = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md")
SHOWN = [
    (module, name.strip())
    for doc in DOCS
    for module, names in IMPORT.findall(doc.read_text(encoding="utf-8"))
    for name in names.split(",")
]


def test_the_docs_show_imports() -> None:
    assert SHOWN


@pytest.mark.parametrize(("module", "name"), SHOWN)
def test_an_import_in_the_docs_works(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)
