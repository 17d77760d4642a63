"""Ask the past: read which moment of the lake a person means, and find it."""

from datetime import UTC, datetime, time

from include.errors import UsageWrong
from include.lake.travel import find_as_of, find_version
from include.model import Moment
from include.settings import Settings

WAY_OUT = "Give ISO 8601, as 2026-03-01 (its end), 2026-03-01T06:30 (UTC) or …T06:30+02:00."


def find_moment(settings: Settings, version: int | None, as_of: str | None) -> Moment | None:
    """
    Find the lake of a version or of a time; None where neither was given.

    Raises:
        UsageWrong: the time cannot be read.
        NotFound, PastGone: nothing stood then, or it is not all there any more.
    """
    if version is not None:
        return find_version(settings.lake, version)
    return None if as_of is None else find_as_of(settings.lake, read_time(as_of))


def read_time(text: str) -> datetime:
    """
    Read a time; a date alone means its end, a time without zone is UTC.

    Raises:
        UsageWrong: it is neither.
    """
    try:
        told = datetime.fromisoformat(text)
        if len(text) <= len("2026-03-01") and ":" not in text:
            told = datetime.combine(told, time.max)
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise UsageWrong("--as-of", text, WAY_OUT) from exc
