"""A home in which two pages have landed, made once and copied for each test that asks for it."""

import shutil
from pathlib import Path

import pytest

from include.config.settings import Settings
from tests.pipeline.pages import DAWN, fill_inbox, ingest


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which two pages have landed."""
    folder = tmp_path_factory.mktemp("recalled")
    ingest(fill_inbox(folder, folder / "home"), "first", DAWN)
    return folder


@pytest.fixture
def settings(ingested: Path, tmp_path: Path) -> Settings:
    shutil.copytree(ingested / "home", tmp_path / "home")
    return fill_inbox(ingested, tmp_path / "home")
