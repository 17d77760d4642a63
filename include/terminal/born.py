"""Tell a home that a run wrote to from a folder whose name was mistyped."""

from include.columns import PAGES
from include.errors import NotFound
from include.lake.tables import has_table
from include.settings import Settings


def refuse_unborn(settings: Settings) -> None:
    """
    Refuse to work on a lake that no run has written to, before anything is written there.

    Raises:
        NotFound: it holds no page, and nothing was published from it.
    """
    if not settings.warehouse.exists() and not has_table(settings.lake, PAGES):
        raise NotFound("lake", str(settings.lake), "Run ingest first, or name another --home.")
