"""
The table of contents: intake · split · judge · gate · land · publish.

Each step reads the receipt of the one before, calls one room, and leaves a receipt; its path is
what travels, so Airflow, the terminal and Spark run the same steps. A step may run twice. Heavy
rooms are imported by the step that needs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from include import columns
from include.batching import (
    BOOK,
    OVERRIDES,
    WAIVERS,
    pass_on,
    run_of,
)
from include.inboxes import Inbox, list_inboxes
from include.model import LakeVersion, Opening, Published, Run, StoryTally
from include.receipts import (
    as_batch,
    drop_frames,
    map_frame,
    open_frame,
    read_frame,
    read_receipt,
    write_frame,
    write_receipt,
)
from include.settings import Settings

if TYPE_CHECKING:
    from include.lake.recall import Choice

LANDING = (
    columns.PAGES, columns.STORIES, columns.CHROME, columns.QUARANTINE, columns.QUALITY_RESULTS,
    columns.PAGE_FLAGS,
)  # fmt: skip


def intake(settings: Settings, run_id: str, now: datetime, inboxes: Sequence[Inbox] = ()) -> Path:
    """
    Take what is new in the inboxes, in batches.

    Args:
        inboxes: the settings' own where none is given.
    Returns:
        The run's receipt; its `batches` are the receipts that `split` takes. None when the ledger
        knew every file: then the receipt is the inbox's one of idle runs, written over each time.
    """
    from include.taking import take_inboxes

    return take_inboxes(
        settings, run_id, now, inboxes or list_inboxes(settings), lambda: datetime.now(UTC)
    )


def recall(settings: Settings, run_id: str, now: datetime, choice: Choice, kind: str) -> Path:
    """
    Take pages from the lake once more, to be split and judged as pages are today.

    Args:
        kind: of the run, as `runs` tells it: review or resplit.
    Returns:
        The run's receipt, as `intake` gives it: no batch where nothing was chosen.
    """
    from include.lake.clock import start_after
    from include.recalling import recall_pages

    return recall_pages(settings, Run(run_id, start_after(settings.lake, now)), choice, kind)


def split(batch: str | Path) -> Path:
    """Split a batch's pages into stories and chrome; give the receipt that `judge` takes."""
    from include.stories.book import open_book
    from include.stories.overrides import open_overrides
    from include.stories.split import CHROME, SPLITTER_VERSION, STORIES, split_pages

    receipt = read_receipt(batch, "batch")
    stem = Path(batch).with_suffix("")
    book = open_book(map_frame(stem.with_name(BOOK)))
    overrides = open_overrides(map_frame(stem.with_name(OVERRIDES)))
    stories, chrome = stem.with_suffix(".stories.arrow"), stem.with_suffix(".chrome.arrow")
    with ExitStack() as files:
        write_stories = files.enter_context(open_frame(stories, STORIES))
        write_chrome = files.enter_context(open_frame(chrome, CHROME))
        for pages in read_frame(receipt["pages"]):
            found = split_pages(pa.Table.from_batches([pages]), book, overrides=overrides)
            write_stories(as_batch(found.stories))
            write_chrome(as_batch(found.chrome))
    content = {
        **pass_on(receipt),
        "pages": receipt["pages"],
        "stories": str(stories),
        "chrome": str(chrome),
        "splitter_version": SPLITTER_VERSION,
    }
    return write_receipt(stem.with_suffix(".split.json"), "split", content)


def judge(split_receipt: str | Path) -> Path:
    """
    Judge a batch's stories; write the rows of every lake table but `runs`.

    Raises:
        SuiteError: a rule could not be evaluated.
        TallyUnbalanced: a story or a character was lost.
    """
    from include.judging import judge_frames
    from include.quality.figures import count_shapes
    from include.quality.judge import rule_on
    from include.quality.suite import load_suite
    from include.quality.waive import waive

    receipt = read_receipt(split_receipt, "split")
    run, suite = run_of(receipt), load_suite("stories")
    stem = Path(str(split_receipt).removesuffix(".split.json"))
    stories = map_frame(receipt["stories"])
    waivers = map_frame(stem.with_name(WAIVERS))
    ruling = waive(rule_on(stories, suite, receipt["batch_id"], run), stories, waivers)
    rows = {table.name: stem.with_suffix(f".rows.{table.name}.arrow") for table in LANDING}
    written: Counter[str] = Counter()
    with ExitStack() as files:
        write = {
            table.name: files.enter_context(open_frame(rows[table.name], table.schema()))
            for table in LANDING
        }
        for name, frame in judge_frames(receipt, ruling, run):
            if frame.num_rows:
                write[name](as_batch(frame))
                written[name] += frame.num_rows
    tally = StoryTally(ruling.stories, written["stories"], written["quarantine"])
    tally.check()
    shapes = count_shapes(map_frame(receipt["stories"]))
    content = {
        **pass_on(receipt),
        "shapes": str(write_frame(stem.with_suffix(".shapes.arrow"), shapes)),
        "rows": {name: str(path) for name, path in rows.items()},
        "tally": asdict(tally),
        "splitter_version": receipt["splitter_version"],
        "suite_version": suite.version,
    }
    return write_receipt(stem.with_suffix(".judged.json"), "judge", content)


def gate(
    settings: Settings,
    intake_receipt: str | Path,
    judged: Sequence[str | Path],
    opening: Opening | None = None,
) -> Path:
    """
    Weigh the run as a whole before anything lands, also against the last runs that did.

    Raises:
        GateClosed: a critical rule of the run's suite is broken, and no `opening` names it; what
            was judged stays on disk, and what the gate found beside it.
    """
    from include.weighing import weigh_run

    return weigh_run(settings, intake_receipt, judged, opening)


def land(settings: Settings, gate_receipt: str | Path, now: datetime) -> Path:
    """
    Land a run's rows in the lake: all or nothing, and nothing twice.

    Raises:
        LakeLocked: another run is landing.
        TallyUnbalanced: the pages' characters are not those of stories and chrome.
    """
    from include.lake.land import land_run

    receipt = read_receipt(gate_receipt, "gate")
    landed = land_run(settings.lake, receipt, run_of(receipt), now, index=settings.ledger_index)
    content = {
        **{key: receipt[key] for key in ("run_id", "started_at", "inbox")},
        "run": landed.run_row,
        "days": [day.isoformat() for day in landed.days],
        "lake_key": landed.version.key(),
    }
    path = write_receipt(Path(gate_receipt).with_name("landed.json"), "land", content)
    drop_frames(path.parent)
    return path


def publish(settings: Settings) -> Published:
    """
    Project the lake as it stands into the warehouse; do nothing when it already holds it.

    Raises:
        WarehouseHeld: somebody holds the file open for writing; the new one is staged.
    """
    from include.lake.recover import read_healed
    from include.warehouse.publish import publish_warehouse

    def read() -> LakeVersion:
        return read_healed(settings.lake, settings.ledger_index)

    return publish_warehouse(read, settings.warehouse, settings.memory_limit, lake=settings.lake)
