"""
The command `digest`: what was ingested on a day, as Markdown or as one self-contained HTML page.

The page loads and runs nothing, and its policy forbids both. Words of stories are untrusted: the
template escapes them, and control and bidirectional characters are replaced.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from include.config.settings import Settings
from include.errors import NotFound, UsageWrong
from include.storage.atomic import atomic_write
from include.text import sanitize
from include.warehouse.queries import load_query
from include.warehouse.read import open_warehouse, run_query

FOLDER = Path(__file__).resolve().parent
PAGE, STYLE = "digest_page.html", "digest_page.css"
DAYS = "select ingest_day, markdown from marts.digest order by ingest_day"
LISTS = ("days", "by_outlet", "events", "copies", "gaps", "silent", "flags", "kept")


def run_digest(settings: Settings, day: str | None, html: Path | None) -> int:
    """
    Print a day's digest as Markdown, or write its page to a file; the day defaults to the newest.

    Raises:
        UsageWrong: the day cannot be read.
        NotFound: nothing was ingested on that day.
    """
    texts = {row["ingest_day"]: row["markdown"] for row in _read_days(settings)}
    chosen = _read_day(day) if day else max(texts, default=date.min)
    if chosen not in texts:
        newest = f"The newest day is {max(texts)}." if texts else "Run ingest first."
        raise NotFound("digest of day", day or "newest", f"Nothing was ingested then. {newest}")
    if html is None:
        sys.stdout.write(texts[chosen])
        return 0
    page = render_page(settings.warehouse, chosen)
    with atomic_write("digest", html) as path:
        path.write_text(page, encoding="utf-8")
    print(f"wrote {html}")
    return 0


def render_page(warehouse: Path, day: date) -> str:
    """Return the HTML page of a day on which something was ingested."""
    with open_warehouse(warehouse) as con:
        rows = con.sql(load_query("digest_day"), params={"day": day}).to_arrow_table()
    (digest,) = rows.to_pylist()
    lists = {name: digest[name] or [] for name in LISTS}
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["clean"] = lambda text: sanitize(str(text))
    style = (FOLDER / STYLE).read_text(encoding="utf-8")
    return environment.get_template(PAGE).render({**digest, **lists, "day": day, "style": style})


def _read_days(settings: Settings) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_query(settings.warehouse, DAYS).to_pylist()
    return rows


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise UsageWrong("--day", text, "Give a day in ISO 8601, such as 2026-03-01.") from exc
