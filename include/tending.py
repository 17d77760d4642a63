"""
What is done to the lake at night: gather · learn · publish.

The one job so far is the chrome book. Like the steps of a run, each may run twice, may be killed at
any point, and hands on the path of a receipt. The lake's lock is held while a book is committed,
not while it is learnt: landings go on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from include.leftovers import drop_leftovers
from include.receipts import read_receipt, run_key, write_receipt
from include.settings import Settings

if TYPE_CHECKING:
    from include.lake.evidence import Evidence


def gather(settings: Settings, run_id: str) -> Path:
    """
    Gather the evidence of every landed page that gave none yet; give the receipt `learn` takes.

    What was gathered stays, file by file: a run that is killed is gone on with by the next.
    """
    from include.lake.evidence import Evidence
    from include.lake.landed import read_pages, read_parts
    from include.lake.versions import read_version
    from include.stories.learn import EVIDENCE, gather_evidence

    drop_leftovers(settings.receipts, datetime.now(UTC))
    pages = read_version(settings.lake).tables["pages"]
    evidence = Evidence(_shelf(settings), pages.files)
    missing = evidence.missing()
    for file in missing:
        parts = read_parts(settings.lake, file)
        lots = (
            gather_evidence(lot, parts.spans, parts.outlets)
            for lot in read_pages(settings.lake, file)
        )
        evidence.put(file, lots, EVIDENCE)
    evidence.forget_others()
    content = {"files": list(pages.files), "pages_version": pages.version, "read": len(missing)}
    path = settings.receipts / run_key(run_id) / "evidence.json"
    return write_receipt(path, "gather", content)


def learn(settings: Settings, evidence_receipt: str | Path, now: datetime) -> Path:
    """
    Learn the chrome book from all evidence and commit it, unless it stands already.

    Raises:
        LakeLocked: a run is landing; the old book stands.
    """
    from include.lake.book import write_book
    from include.lake.evidence import Evidence
    from include.lake.landed import read_standing
    from include.stories.learn import choose_lines, write_lines

    receipt = read_receipt(evidence_receipt, "gather")
    evidence = Evidence(_shelf(settings), tuple(receipt["files"]))
    content = {"book_version": 0, "changed": False, "lines": 0, "pages": 0}
    if evidence.files:
        standing = read_standing(settings.lake)
        chosen = choose_lines(evidence, standing)
        lines = write_lines(chosen, _find_samples(settings.lake, evidence, chosen["key"]))
        basis = f"pages {receipt['pages_version']}"
        version, changed = write_book(settings.lake, lines, basis, now)
        content = {
            "book_version": version,
            "changed": changed,
            "lines": lines.num_rows,
            "pages": standing.num_rows,
        }
    return write_receipt(Path(evidence_receipt).with_name("book.json"), "learn", content)


def _find_samples(lake: Path, evidence: Evidence, keys: pa.ChunkedArray) -> pa.Table:
    """Read the text of each line of a book: key and text, from the first file that has it."""
    from include.lake.landed import read_pages
    from include.stories.learn import find_samples

    wanted = pc.unique(keys)
    found = [pa.table({"key": pa.array([], pa.uint64()), "text": pa.array([], pa.large_string())})]
    for file in sorted(evidence.files):
        pages = evidence.pages_with(file, wanted)
        for lot in read_pages(lake, file, pages) if len(pages) else ():
            found.append(find_samples(lot, wanted))
            wanted = wanted.filter(pc.invert(pc.is_in(wanted, found[-1]["key"])))
    return pa.concat_tables(found, promote_options="permissive")


def _shelf(settings: Settings) -> Path:
    return settings.receipts / "tending"
