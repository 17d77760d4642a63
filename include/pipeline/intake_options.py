"""
From the settings to what intake goes by.
"""

from __future__ import annotations

from include.config.settings import Settings
from include.intake.archives.limits import Limits
from include.intake.decoding.page import Fields, Ways
from include.intake.take import Rules


def read_limits(settings: Settings) -> Limits:
    """Give the limits that the settings state."""
    return Limits(
        settings.max_page_bytes,
        settings.batch_bytes,
        settings.max_batches,
        settings.max_members,
        settings.max_depth,
        settings.max_expansion,
        settings.max_unpacked_bytes,
    )


def read_rules(settings: Settings) -> Rules:
    """Give the ways in which pages are read."""
    return Rules(read_ways(settings), settings.outlet_folder, settings.outlet)


def read_ways(settings: Settings) -> Ways:
    """Give the ways in which text is got out of HTML and JSON."""
    names = ("text", "outlet", "url", "title", "published_at", "fetched_at")
    told = {name: _names(getattr(settings, f"json_{name}")) for name in names}
    return Ways(settings.html_text, Fields(**told))


def _names(told: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in told.split(",") if name.strip())
