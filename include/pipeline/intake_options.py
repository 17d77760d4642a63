"""
Turn the settings into the arguments of `include.intake`.
"""

from __future__ import annotations

from include.config.settings import Settings
from include.intake.archives.limits import Limits
from include.intake.decoding.page import TextOptions
from include.intake.decoding.records import Fields
from include.intake.take import ReadOptions


def read_limits(settings: Settings) -> Limits:
    """Return the limits on pages, batches and archives."""
    return Limits(
        settings.max_page_bytes,
        settings.batch_bytes,
        settings.max_batches,
        settings.max_members,
        settings.max_depth,
        settings.max_expansion,
        settings.max_unpacked_bytes,
    )


def read_rules(settings: Settings) -> ReadOptions:
    """Return how pages are read."""
    return ReadOptions(read_text_options(settings), settings.outlet_folder, settings.outlet)


def read_text_options(settings: Settings) -> TextOptions:
    """Return how text is extracted from HTML and JSON."""
    names = ("text", "outlet", "url", "title", "published_at", "fetched_at")
    fields = {name: _names(getattr(settings, f"json_{name}")) for name in names}
    return TextOptions(settings.html_text, Fields(**fields))


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())
