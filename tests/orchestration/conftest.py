"""The home of two pages, of the steps' tests."""

from tests.pipeline.conftest import ingested, settings

__all__ = ["ingested", "settings"]
