"""Split the pages of a small lake again, as another splitter would: some stories become chrome."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from include.lake.landing.land import land_run
from include.lake.landing.rows import lake_rows, ledger_rows
from include.lake.ledger.current import current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.model import RESPLIT, FileTally, GatedRun, Run
from include.schema import lake as lake_schema
from include.storage.frames import write_frame
from tests.lake import builders


def resplit_pages(root: Path, run: Run, texts: dict[str, str], dropped: str) -> None:
    """Split every current page again; stories whose headline is in `dropped` become chrome."""
    text_by_page = {builders.page_id_of(text): text for text in texts.values()}
    frames_by_table: dict[str, list[Path]] = {kind.name: [] for kind in lake_schema.LAKE_TABLES[:5]}
    pages = current_rows(read_deliveries(root)).sort("page_id").to_dicts()
    for page in pages:
        own = Run(run.run_id, run.started_at, page["ingest_day"])
        row = {**page_row(page, text_by_page[page["page_id"]])}
        text = row["text"]
        row["text"] = "\n".join(mark(line, dropped) for line in text.split("\n"))
        judged, chrome = builders.split_rows([row])
        frames = {
            "pages": ledger_rows(builders.pages_table([row]), judged, chrome, "test-2", own),
            "stories": lake_rows(judged.landed, lake_schema.STORIES, own),
            "chrome": lake_rows(chrome, lake_schema.CHROME, own),
            "quarantine": lake_rows(judged.quarantined, lake_schema.QUARANTINE, own),
            "quality_results": lake_rows(judged.results, lake_schema.QUALITY_RESULTS, own),
        }
        for name, frame in frames.items():
            path = root.parent / "receipts" / f"{run.run_id}-{page['page_id'][:8]}.{name}.arrow"
            frames_by_table[name].append(write_frame(path, frame))
    if pages:
        tally = FileTally(seen=len(pages), taken=len(pages))
        gated = GatedRun(builders.INBOX, tally, frames_by_table, "test-2", "1", kind=RESPLIT)
        land_run(root, gated, run, run.started_at + timedelta(seconds=5))


def mark(line: str, dropped: str) -> str:
    """Turn the line of a dropped story into chrome of the same length; leave other lines."""
    is_dropped = line.startswith("S ") and line[2:].partition("|")[0] in dropped.split()
    return f"A{line[1:]}" if is_dropped else line


def page_row(page: dict[str, Any], text: str) -> dict[str, Any]:
    """Give a page in the form recall gives it."""
    return {
        "page_id": page["page_id"],
        "name": page["name"],
        "inbox": page["inbox"],
        "size_bytes": len(text.encode()),
        "modified_at": builders.DAWN,
        "outcome": "taken",
        "reason": None,
        "encoding": "utf-8",
        "replaced_chars": 0,
        "flags": [],
        "text": text,
        "raw": text.encode(),
        "fetched_at": builders.fetched_at(text),
    }
