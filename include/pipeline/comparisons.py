"""
Find what re-splits would change while their answer is awaited: the receipts that `compare` wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from include.errors import ReceiptMissing
from include.pipeline.receipt_types import CompareReceipt
from include.pipeline.receipts import read_receipt, run_key
from include.review.resplit_summary import count_changes

COMPARED = "compared.json"  # in the folder of a run


def find_comparison(receipts: Path, run_id: str) -> CompareReceipt | None:
    """Return the comparison of a re-split; None if there is none, or it has been cleaned up."""
    with suppress(ReceiptMissing):
        return read_receipt(receipts / run_key(run_id) / COMPARED, CompareReceipt)
    return None


def list_unsettled(receipts: Path) -> list[CompareReceipt]:
    """Return the comparisons with changes that were neither refused nor landed, newest first."""
    return sorted(_read_unsettled(receipts), key=lambda found: found.started_at, reverse=True)


def _read_unsettled(receipts: Path) -> Iterator[CompareReceipt]:
    for path in receipts.glob(f"*/{COMPARED}"):
        with suppress(ReceiptMissing):  # another version wrote it
            found = read_receipt(path, CompareReceipt)
            # A refusal, a dry run and a landing remove the frames of the run.
            if count_changes(found) and found.changes.exists():
                yield found
