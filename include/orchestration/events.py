"""
What the tasks tell Airflow: the batches to map over, labels, asset events.

The steps know nothing of Airflow and leave receipts; here a receipt becomes an asset event.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from include.model import Published
from include.orchestration.run_notes import leave_note
from include.pipeline.receipts import read_receipt
from include.text import pluralize

LABEL = "{{ label }}"  # "batch-0000: 12 pages" instead of "0", on mapped tasks; see `name_batch`
BOOK_COUNTS = ("book_version", "lines", "pages")
RUN_COUNTS = ("files_taken", "files_rejected", "stories_landed", "stories_quarantined")


def share_out(intake_receipt: Path) -> list[str]:
    """Hand on the run's receipt as XCom `receipt`; give its batches, none if nothing is new."""
    get_current_context()["ti"].xcom_push(key="receipt", value=str(intake_receipt))
    batches: list[str] = read_receipt(intake_receipt, "intake")["batches"]
    return batches


def check_missed() -> None:
    """
    Fail the run for the inboxes that `take` could not take; looks for its receipt itself.

    Handed over as an argument, the receipt would have this task skipped along with the batches
    whenever nothing is new.
    """
    from include.pipeline.intake import check_missed

    receipt = get_current_context()["ti"].xcom_pull(task_ids="take", key="receipt")
    check_missed(receipt)


def name_batch(batch: str, step: str) -> str:
    """Show the batch's label in place of the map index; give the batch."""
    get_current_context()["label"] = read_receipt(batch, step)["label"]
    return batch


def gather(results: str | list[str]) -> list[str]:
    """Give what a mapped group's tasks returned; Airflow hands on the only one of one bare."""
    return [results] if isinstance(results, str) else list(results)


def announce_landed(event: Any, land_receipt: Path) -> str:
    """Put the run's counts on the asset event, one a day touched, and in a note; give the path."""
    receipt = read_receipt(land_receipt, "land")
    event.extra = {
        "run_id": receipt["run_id"],
        "lake": receipt["lake_key"],
        **{name: receipt["run"][name] for name in RUN_COUNTS},
    }
    taken, rejected, stories, aside = (receipt["run"][name] for name in RUN_COUNTS)
    landed = f"{pluralize(stories, 'story')} landed, {aside:,} set aside"
    leave_note(f"{landed}; files: {taken:,} taken, {rejected:,} rejected.")
    if receipt["days"]:
        event.add_partitions(receipt["days"])
    return str(land_receipt)


def announce_book(event: Any, learn_receipt: Path) -> str:
    """
    Put what was learnt on the asset event; give the receipt.

    Raises:
        AirflowSkipException: the book stood already; no event is sent.
    """
    receipt = read_receipt(learn_receipt, "learn")
    if not receipt["changed"]:
        raise AirflowSkipException(f"Chrome book {receipt['book_version']} stands: nothing new.")
    event.extra = {name: receipt[name] for name in BOOK_COUNTS}
    return str(learn_receipt)


def announce_published(event: Any, published: Published) -> str:
    """
    Put what was published on the asset event; give the warehouse's path.

    Raises:
        AirflowSkipException: the warehouse held this version already; no event is sent.
    """
    if not published.changed:
        raise AirflowSkipException(f"The warehouse already holds {published.lake_key}.")
    event.extra = {"lake": published.lake_key, "seconds": round(published.seconds, 3)}
    return published.path
