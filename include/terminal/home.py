"""Tell a home that a run wrote to from a folder whose name was mistyped."""

from include.config.settings import Settings
from include.errors import NotFound
from include.lake.delta.tables import has_table
from include.schema.lake import PAGES


def refuse_unborn(settings: Settings) -> None:
    """
    Refuse to work on a lake that no run has written to, before anything is written there.

    Raises:
        NotFound: it holds no page, and nothing was published from it.
    """
    if not settings.warehouse.exists() and not has_table(settings.lake, PAGES):
        raise NotFound("lake", str(settings.lake), "Run ingest first, or name another --home.")
