"""
What tasks report to Airflow: the batches to map over, labels, asset events.

The steps do not know Airflow and leave receipts; this module turns a receipt into an asset event.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from include.errors import InboxesMissed
from include.model import Published
from include.orchestration.run_notes import leave_note
from include.pipeline.analysis_receipts import ChooseReceipt, MartsReceipt, StoriesReceipt
from include.pipeline.maintenance_receipts import LearnReceipt
from include.pipeline.receipt_types import (
    BatchReceipt,
    IntakeReceipt,
    LandReceipt,
    OfBatch,
    SplitReceipt,
)
from include.pipeline.receipts import read_receipt
from include.text import pluralize

LABEL = "{{ label }}"  # "batch-0000: 12 pages" instead of "0", on mapped tasks; see `name_batch`
OF_BATCHES: dict[str, type[OfBatch | StoriesReceipt]] = {
    receipt.step: receipt for receipt in (BatchReceipt, SplitReceipt, StoriesReceipt)
}
BOOK_COUNTS = ("book_version", "lines", "pages")
RUN_COUNTS = ("files_taken", "files_rejected", "stories_landed", "stories_quarantined")


def share_out(intake_receipt: Path) -> list[str]:
    """Push the run's receipt as XCom `receipt`; return its batches, none if nothing is new."""
    get_current_context()["ti"].xcom_push(key="receipt", value=str(intake_receipt))
    return [str(batch) for batch in read_receipt(intake_receipt, IntakeReceipt).batches]


def share_stories(choose_receipt: Path) -> list[str]:
    """Push the receipt as XCom `receipt`; return its batches, none if every mart is up to date."""
    get_current_context()["ti"].xcom_push(key="receipt", value=str(choose_receipt))
    return [str(batch) for batch in read_receipt(choose_receipt, ChooseReceipt).batches]


def check_missed() -> None:
    """
    Fail the run, with a note, if `take` could not read an inbox, or a folder or file in one.

    Pulls the receipt itself: passed as an argument, it would make Airflow skip this task along with
    the batches whenever nothing is new.
    """
    from include.pipeline.intake import check_missed

    receipt = get_current_context()["ti"].xcom_pull(task_ids="take", key="receipt")
    try:
        check_missed(receipt)
    except InboxesMissed as missed:
        leave_note(str(missed))
        raise


def name_batch(batch: str, step: str) -> str:
    """Show the batch's label instead of the map index; return the batch, a receipt of `step`."""
    get_current_context()["label"] = read_receipt(batch, OF_BATCHES[step]).label
    return batch


def gather(results: str | list[str]) -> list[str]:
    """Return the results of a mapped group; Airflow passes a single result without a list."""
    return [results] if isinstance(results, str) else list(results)


def announce_landed(event: Any, land_receipt: Path) -> str:
    """Put the run's counts on one asset event per day and in a note; return the receipt's path."""
    receipt = read_receipt(land_receipt, LandReceipt)
    event.extra = {
        "run_id": receipt.run_id,
        "lake": receipt.lake_key,
        **{name: receipt.run[name] for name in RUN_COUNTS},
    }
    taken, rejected, stories, aside = (receipt.run[name] for name in RUN_COUNTS)
    landed = f"{pluralize(stories, 'story')} landed, {aside:,} set aside"
    leave_note(f"{landed}; files: {taken:,} taken, {rejected:,} rejected.")
    if receipt.days:
        event.add_partitions([day.isoformat() for day in receipt.days])
    return str(land_receipt)


def announce_book(event: Any, learn_receipt: Path) -> str:
    """
    Put the chrome book's counts on the asset event; return the receipt's path.

    Raises:
        AirflowSkipException: the book did not change; no event is sent.
    """
    receipt = read_receipt(learn_receipt, LearnReceipt)
    if not receipt.changed:
        raise AirflowSkipException(f"Chrome book {receipt.book_version} is unchanged.")
    event.extra = {name: getattr(receipt, name) for name in BOOK_COUNTS}
    return str(learn_receipt)


def announce_marts(event: Any, marts_receipt: Path) -> str:
    """Put each mart's version on the asset event and its counts in a note; return the receipt."""
    marts = [m for m in read_receipt(marts_receipt, MartsReceipt).marts if not m.overtaken]
    event.extra = {mart.mart: mart.lake_version for mart in marts}
    leave_note(
        "; ".join(
            f"{mart.mart}: {pluralize(mart.rows_added, 'row')} from "
            f"{pluralize(mart.stories, 'story')}"
            + (f", {mart.failed_stories:,} of them failed" if mart.failed_stories else "")
            for mart in marts
        )
        or "Another analysis landed meanwhile; nothing was added."
    )
    return str(marts_receipt)


def announce_published(event: Any, published: Published) -> str:
    """
    Put the published version on the asset event; return the warehouse's path.

    Raises:
        AirflowSkipException: the warehouse already held this version; no event is sent.
    """
    if not published.changed:
        raise AirflowSkipException(f"The warehouse already holds {published.lake_key}.")
    event.extra = {"lake": published.lake_key, "seconds": round(published.seconds, 3)}
    return published.path
