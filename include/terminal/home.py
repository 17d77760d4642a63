"""Refuse a home that no run has written to, such as a mistyped folder."""

from include.config.settings import Settings
from include.errors import NotFound
from include.lake.delta.tables import has_table
from include.schema.lake import PAGES


def refuse_unborn(settings: Settings) -> None:
    """
    Raise unless the lake holds pages or a warehouse was published; call before writing anything.

    Raises:
        NotFound: the home holds neither.
    """
    if not settings.warehouse.exists() and not has_table(settings.lake, PAGES):
        raise NotFound("lake", str(settings.lake), "Run ingest first, or name another --home.")
