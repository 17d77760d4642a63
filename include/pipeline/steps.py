"""
The table of contents: intake · split · judge · gate · land · publish.

Each step reads the receipt of the step before, calls rooms, and writes a receipt of its own, whose
path is all that travels; so Airflow, the terminal and Spark run the same steps. A step may run
twice. Its module is imported when it runs, since Great Expectations alone takes seconds to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from include.config.inboxes import Inbox, list_inboxes
from include.config.settings import Settings
from include.model import Opening, Published, Run
from include.telemetry.signals import measured

if TYPE_CHECKING:
    from include.lake.reading.recall import Choice
    from include.warehouse.search.update import Indexed


@measured("intake")
def intake(settings: Settings, run_id: str, now: datetime, inboxes: Sequence[Inbox] = ()) -> Path:
    """
    Take the new files of the inboxes, in batches.

    Args:
        inboxes: empty for those of the settings.
    Returns:
        The path of the run's receipt; its `batches` are the receipts that `split` takes. A run that
        finds no new file overwrites the one receipt that idle runs of its inboxes share.
    """
    from include.pipeline.intake import take_inboxes

    return take_inboxes(
        settings, run_id, now, inboxes or list_inboxes(settings), lambda: datetime.now(UTC)
    )


@measured("recall")
def recall(settings: Settings, run_id: str, now: datetime, choice: Choice, kind: str) -> Path:
    """
    Take pages from the lake, to be split and judged again.

    Args:
        kind: of the run, as the table `runs` has it: review or resplit.
    Returns:
        The path of the run's receipt, as from `intake`; without batches if no page was chosen.
    """
    from include.lake.ledger.clock import start_after
    from include.pipeline.recall import recall_pages

    return recall_pages(settings, Run(run_id, start_after(settings.lake, now)), choice, kind)


@measured("split")
def split(batch: str | Path) -> Path:
    """Split a batch's pages into stories and chrome; give the receipt that `judge` takes."""
    from include.pipeline.split import split_batch

    return split_batch(batch)


@measured("judge")
def judge(split_receipt: str | Path) -> Path:
    """
    Judge a batch's stories; give the receipt that `gate` takes.

    Raises:
        SuiteError: a rule could not be evaluated.
        TallyUnbalanced: a story or a character was lost.
    """
    from include.pipeline.judge import judge_batch

    return judge_batch(split_receipt)


@measured("gate")
def gate(
    settings: Settings,
    intake_receipt: str | Path,
    judged: Sequence[str | Path],
    opening: Opening | None = None,
) -> Path:
    """
    Judge the run as a whole, also against the last runs that landed.

    Raises:
        GateClosed: a critical rule of the suite `run` is broken, and no `opening` names it; the
            judged batches stay on disk, with the gate's results beside them.
    """
    from include.pipeline.gate import gate_run

    return gate_run(settings, intake_receipt, judged, opening)


@measured("land")
def land(settings: Settings, gate_receipt: str | Path, now: datetime) -> Path:
    """
    Land a run's rows in the lake: all or none, and none twice.

    Raises:
        LakeLocked: another run is landing.
        TallyUnbalanced: the characters of pages differ from those of stories and chrome.
    """
    from include.pipeline.land import land_batches

    return land_batches(settings, gate_receipt, now)


@measured("publish")
def publish(settings: Settings) -> Published:
    """
    Project the lake's newest version into the warehouse; do nothing if it is already there.

    Raises:
        WarehouseHeld: another process has the file open for writing; the new one is staged.
    """
    from include.pipeline.publish import publish_lake

    return publish_lake(settings)


@measured("index")
def index(settings: Settings) -> Indexed:
    """
    Make the search index show what the warehouse shows; analysis does it after publishing.

    Raises:
        WarehouseHeld: another process is updating the index.
    """
    from include.pipeline.publish import index_stories

    return index_stories(settings)
