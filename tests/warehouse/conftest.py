"""A home whose name needs quoting: its lake, its warehouse, its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.config.settings import Settings
from tests.lake.marts.analyses import make_settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "it's a home" / "lake"


@pytest.fixture
def target(root: Path) -> Path:
    return root.parent / "warehouse.duckdb"


@pytest.fixture
def settings(root: Path) -> Settings:
    return make_settings(root.parent)
