"""
A reader of the warehouse that opens it again and again and holds each version against itself.
"""

from __future__ import annotations

import traceback
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb

# Each gives the rows that break a law; no rows, and the version is whole.
LAWS = {
    "a story's page is there": """
        select story_id from stories anti join pages using (page_id, run_id)
    """,
    "a chrome span's page is there": """
        select page_id from chrome anti join pages using (page_id, run_id)
    """,
    "a quarantined story's page is there": """
        select story_id from quality.quarantine anti join pages using (page_id, run_id)
    """,
    "no story stands twice": """
        select story_id from stories group by all having count(*) > 1
    """,
    "a page has the stories it says": """
        with landed as (select page_id, count(*) as found from stories group by all)
        select page_id from pages left join landed using (page_id)
        where stories_landed != coalesce(found, 0)
    """,
    "a page has the quarantined stories it says": """
        with aside as (select page_id, count(*) as found from quality.quarantine group by all)
        select page_id from pages left join aside using (page_id)
        where stories_quarantined != coalesce(found, 0)
    """,
    "no page has more characters than it has": """
        select page_id from pages where story_chars + chrome_chars > page_chars
    """,
    "a file that stands has its page": """
        select name from meta.deliveries where is_current
        and page_id not in (select page_id from pages)
    """,
    "a finished run has all its deliveries": """
        with told as (
            select run_id, count(*) as files, sum(stories_landed) as stories,
            sum(story_chars + chrome_chars) as chars
            from meta.deliveries group by all
        )
        select run_id from meta.runs left join told using (run_id)
        where files_taken + files_rejected + files_redelivered != coalesce(files, 0)
        or stories_landed != coalesce(stories, 0) or page_chars != coalesce(chars, 0)
    """,
    "one run at most has landed and not finished": """
        select count(distinct run_id) from meta.deliveries
        where run_id not in (select run_id from meta.runs) having count(distinct run_id) > 1
    """,
}


def read_on(target: Path, done: Event, pause_s: float, out: Any) -> None:
    """
    Check every version published until `done`; tell `out` of what was seen.

    A version is checked when it appears, and again, in the same connection, when the next one has
    taken its place or a second has passed.
    """
    told: dict[str, Any] = {"versions": 0, "checks": 0, "broken": [], "errors": []}
    last, key = None, {}
    while not done.is_set():
        try:
            inode = target.stat().st_ino
        except FileNotFoundError:
            done.wait(pause_s)
            continue
        if inode == last:
            done.wait(pause_s)
            continue
        try:
            with duckdb.connect(str(target), read_only=True, config={"threads": 1}) as con:
                key = _check(con, key, told)
                done.wait(pause_s)
                again = _check(con, key, told)
                if again != key:
                    told["broken"].append(f"moved while open: {key} {again}")
        except Exception:
            told["errors"].append(traceback.format_exc())
        last = inode
        told["versions"] += 1
    out.send(told)


def _check(
    con: duckdb.DuckDBPyConnection, before: dict[str, int], told: dict[str, Any]
) -> dict[str, int]:
    (text,) = con.execute("select lake_key from meta.snapshot").fetchall()[0]
    key = {name: int(version) for name, version in (part.split("=") for part in text.split())}
    if any(key[name] < version for name, version in before.items()):
        told["broken"].append(f"went back: {before} {key}")
    for law, sql in LAWS.items():
        rows = con.execute(sql).fetchmany(3)
        told["checks"] += 1
        if rows:
            told["broken"].append(f"{law}: {rows} at {text}")
    return key
