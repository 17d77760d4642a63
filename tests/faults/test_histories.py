"""
Histories by chance: files are written, renamed, swapped, spoilt and deleted in two inboxes, runs
and re-splits overlap and land in any order. After a calm run the lake holds what stands, once.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from include.config.inboxes import Inbox
from include.config.settings import Settings
from include.lake.delta.tables import has_table, open_table
from include.lake.ledger.current import newest_pages
from include.lake.ledger.deliveries import read_deliveries
from include.lake.reading.recall import Choice
from include.model import RESPLIT
from include.pipeline import maintenance, steps
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import QUARANTINE, STORIES
from include.warehouse.read import run_query
from tests.pipeline.pages import DAWN, GOOD

pytestmark = pytest.mark.faults

HISTORIES = int(os.environ.get("FAULTS_HISTORIES") or 6)
WORDS = ("kite", "raft", "sled", "tram", "cart")
TEXTS = [GOOD.replace("boat", word).encode() for word in WORDS]
TEXTS.append(b"12 March 2031\n" + GOOD.replace("boat", "yawl").encode())  # is set aside
SPOILT = b"\x89PNG\r\n\x1a\n" + b"x" * 50
NAMES = ("a.txt", "b.txt", "c.txt", "pack.zip")
MEMBERS = ("1.txt", "2.txt", "3.txt")


@dataclass
class World:
    """Two inboxes, a home, a clock, and what was done."""

    folder: Path
    chance: random.Random
    now: datetime = DAWN
    runs: int = 0
    told: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.boxes = [self.folder / "one", self.folder / "two"]
        for box in self.boxes:
            box.mkdir(parents=True)
        self.settings = replace(
            Settings(), home=self.folder / "home", inbox=self.boxes[0], settle_s=0.0
        )

    def meddle(self) -> None:
        """Do something to a file."""
        box, other = self.chance.choices(self.boxes, k=2)
        path, target = box / self.chance.choice(NAMES), other / self.chance.choice(NAMES[:3])
        deed = self.chance.choice(("write", "write", "spoil", "delete", "rename", "swap"))
        self.told.append((deed, path.name, box.name, target.name, other.name))
        if deed == "delete":
            path.unlink(missing_ok=True)
        elif path.suffix == ".zip":
            path.write_bytes(self.pack())
        elif deed in ("write", "spoil") or not path.exists():
            path.write_bytes(SPOILT if deed == "spoil" else self.chance.choice(TEXTS))
        elif deed == "rename":
            path.rename(target)
        elif target.exists():
            before = path.read_bytes(), target.read_bytes()
            target.write_bytes(before[0])
            path.write_bytes(before[1])

    def pack(self) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as pack:
            for name in self.chance.sample(MEMBERS, self.chance.randint(1, 3)):
                pack.writestr(name, self.chance.choice(TEXTS))
        return packed.getvalue()

    def begin(self, resplit: bool = False) -> Path:
        """Begin a run; give its receipt."""
        self.runs, self.now = self.runs + 1, self.now + timedelta(minutes=1)
        name = f"run {self.runs}"
        self.told.append((name, "resplit" if resplit else "ingest"))
        if resplit:
            return steps.recall(self.settings, name, self.now, Choice(), RESPLIT)
        inboxes = tuple(Inbox(box.name, box, self.settings) for box in self.boxes)
        return steps.intake(self.settings, name, self.now, inboxes)

    def end(self, receipt: Path) -> None:
        """Split, judge and land what a run took."""
        batches = read_receipt(receipt, IntakeReceipt).batches
        if batches:
            judged = [steps.judge(steps.split(batch)) for batch in batches]
            steps.land(self.settings, steps.gate(self.settings, receipt, judged), self.now)
            self.told.append(("landed", receipt.parent.name[:8]))

    def files(self) -> Iterator[tuple[str, str, str]]:
        """Give inbox, name and page_id of every page that lies there and can be read."""
        for path in sorted(path for box in self.boxes for path in box.iterdir()):
            raw = path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as pack:
                    for name in pack.namelist():
                        page = hashlib.sha256(pack.read(name)).hexdigest()
                        yield str(path.parent), f"{path.name}!{name}", page
            elif raw != SPOILT:
                yield str(path.parent), path.name, hashlib.sha256(raw).hexdigest()


def live(world: World) -> None:
    """Let things happen for a while, overlapping; then take in calm what lies there."""
    for _ in range(world.chance.randint(1, 4)):
        world.meddle()
    began = []
    for _ in range(world.chance.choice((1, 1, 2, 3))):
        has_pages = has_table(world.settings.lake, STORIES)
        began.append(world.begin(resplit=has_pages and world.chance.random() < 0.3))
        if world.chance.random() < 0.4:
            world.meddle()
    for receipt in world.chance.sample(began, len(began)):
        world.end(receipt)
    if world.chance.random() < 0.2:
        maintenance.compact(world.settings, f"night {world.runs}", world.now + timedelta(days=2))
    world.end(world.begin())


def hold_to_the_law(world: World) -> None:
    newest = newest_pages(read_deliveries(world.settings.lake)).select("inbox", "name", "page_id")
    shown = {(inbox, name): page for inbox, name, page in newest.rows() if name != "pack.zip"}
    assert {(inbox, name): page for inbox, name, page in world.files()}.items() <= shown.items()
    told = [
        row
        for kind in (STORIES, QUARANTINE)
        for row in open_table(world.settings.lake, kind)
        .to_pyarrow_table(columns=["page_id", "story_id"])
        .to_pylist()
    ]
    assert [
        story for story, times in Counter(r["story_id"] for r in told).items() if times > 1
    ] == []
    assert {row["page_id"] for row in told} == set(shown.values())
    assert read_receipt(world.begin(), IntakeReceipt).batches == ()


@pytest.mark.parametrize("number", range(HISTORIES))
def test_after_any_history_exactly_the_current_rows_are_left(number: int, tmp_path: Path) -> None:
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6)) + number
    world = World(tmp_path, random.Random(seed))
    for _ in range(world.chance.randint(4, 7)):
        live(world)
        if has_table(world.settings.lake, STORIES):
            try:
                hold_to_the_law(world)
            except AssertionError as exc:
                exc.add_note(f"FAULTS_SEED={seed} FAULTS_HISTORIES=1\n{world.told}")
                raise
    steps.publish(world.settings)
    asked = "select story_id from stories order by all"
    standing = open_table(world.settings.lake, STORIES).to_pyarrow_table(columns=["story_id"])
    published = run_query(world.settings.warehouse, asked)["story_id"].to_pylist()
    assert published == sorted(standing["story_id"].to_pylist())
