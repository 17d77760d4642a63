"""A home whose name needs quoting."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "it's a home" / "lake"


@pytest.fixture
def target(root: Path) -> Path:
    return root.parent / "warehouse.duckdb"
