"""Nightly maintenance: the chrome book learnt from landed pages, compaction, and vacuuming."""

import json
import random
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from include.__main__ import main
from include.config.settings import Settings
from include.lake.decisions import chrome_book as lake_book
from include.lake.decisions.chrome_book import read_book
from include.lake.delta.lock import hold_lake
from include.lake.delta.versions import read_version
from include.pipeline import maintenance, steps
from include.pipeline.maintenance_receipts import (
    CompactReceipt,
    GatherReceipt,
    LearnReceipt,
    VacuumReceipt,
)
from include.pipeline.receipt_types import IntakeReceipt, SplitReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import CHROME_BOOK
from include.warehouse.read import run_query
from tests.killing import Killed

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
PROMISE = "Get the best of our reporting each morning before breakfast, and never miss a tide."
LABEL = "More from the harbour"
WORDS = ("harbour", "council", "ferry", "night", "vote", "town", "goose", "bridge", "tax", "cake")
WIRE = "The ministers met in Quillhaven on Tuesday to talk about the herring, and ate it, again."


def page(number: int, wire: str = "") -> str:
    """Give a page with a story of its own, and the chrome of its site."""
    dice = random.Random(number)
    one, two, three = (
        " ".join(dice.choices(WORDS, k=25)).capitalize() + f" {number}." for _ in range(3)
    )
    head = ["Sund Press", f"Council meets for time {number}"]
    return "\n\n".join([*head, one, PROMISE, two, wire, three, LABEL, ""])


def fill(inbox: Path, numbers: range, **more: str) -> None:
    inbox.mkdir(exist_ok=True)
    for number in numbers:
        (inbox / f"{number}.txt").write_text(page(number, **more), encoding="utf-8")


def ingest(settings: Settings) -> None:
    """Run all steps in this process."""
    now = NOW + timedelta(minutes=len(list(settings.receipts.glob("run-*"))))
    taken = steps.intake(settings, f"run-{now.isoformat()}", now)
    batches = read_receipt(taken, IntakeReceipt).batches
    judged = [steps.judge(steps.split(batch)) for batch in batches]
    steps.land(settings, steps.gate(settings, taken, judged), now)
    steps.publish(settings)


def tend(settings: Settings, run_id: str = "tend") -> LearnReceipt:
    return read_receipt(
        maintenance.learn(settings, maintenance.gather(settings, run_id), NOW), LearnReceipt
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "it's a home"
    home.mkdir()
    return replace(Settings(), home=home, inbox=home / "inbox", settle_s=0.0)


def test_lines_that_pages_repeat_are_chrome_on_later_pages(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(settings.inbox, range(70))
    ingest(settings)
    assert main(("tend", "--home", str(settings.home))) == 0
    assert "chrome book 1" in capsys.readouterr().out
    fill(settings.inbox, range(100, 103))
    ingest(settings)

    lines = run_query(settings.warehouse, "select text, pages, outlet from chrome_book")
    assert {row["text"]: row["pages"] for row in lines.to_pylist()} == {
        PROMISE: 70, LABEL: 70, "Sund Press": 70,
    }  # fmt: skip
    late = "select text, role, reason from chrome where text = $$" + PROMISE + "$$"
    assert run_query(settings.warehouse, late).to_pylist() == 3 * [
        {"text": PROMISE, "role": "boilerplate", "reason": "seen on 70 pages"}
    ]
    held = "select count(*) n from stories where contains(body, 'breakfast') group by run_id"
    assert run_query(settings.warehouse, held).to_pylist() == [{"n": 70}]
    runs = "select book_version from meta.runs order by ingested_at"
    assert run_query(settings.warehouse, runs)["book_version"].to_pylist() == [0, 1]
    main(("why", "100.txt", "--home", str(settings.home)))
    assert "chrome book 1" in " ".join(capsys.readouterr().out.split())
    main(("show", str(settings.inbox / "100.txt"), "--reasons", "--home", str(settings.home)))
    shown = capsys.readouterr().out
    assert "seen on 70 pages" in shown
    assert "split with chrome book 1" in shown


def test_tend_prints_one_json_object_and_learns_an_empty_book_of_an_empty_home(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    steps.publish(settings)  # what an inbox without a page leaves
    assert main(("tend", "--json", "--home", str(settings.home))) == 0
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert printed == {
        "book_version": 0, "changed": False, "lines": 0, "pages": 0,
        "files_compacted": 0, "files_made": 0, "files_removed": 0,
    }  # fmt: skip


def test_deliveries_revisions_and_copies_of_an_agency_make_no_chrome(settings: Settings) -> None:
    for delivery in range(6):  # one name, six revisions; and the same bytes under six names
        fill(settings.inbox, range(1))
        revised = page(1).replace("\n\n", f"\n\nUpdated at {delivery} o'clock\n\n", 1)
        (settings.inbox / "live.txt").write_text(revised)
        (settings.inbox / f"copy-{delivery}.txt").write_text(page(0))
        ingest(settings)
    fill(settings.inbox, range(10, 40), wire=WIRE)
    ingest(settings)
    assert tend(settings).lines == 2
    book = {row["text"]: row for row in read_book(settings.lake).lines.to_pylist()}

    assert set(book) == {LABEL, "Sund Press"}
    assert book[LABEL]["pages"] == 32  # 30, the newest revision, and the copies as one


def test_learning_again_changes_nothing_until_a_page_lands(settings: Settings) -> None:
    nothing = LearnReceipt(book_version=0, changed=False, lines=0, pages=0)
    assert tend(settings) == nothing
    fill(settings.inbox, range(20))
    ingest(settings)
    assert tend(settings).changed
    first = read_book(settings.lake)
    assert not tend(settings, "again").changed
    assert read_book(settings.lake) == first

    fill(settings.inbox, range(20, 21))
    ingest(settings)
    gathered = maintenance.gather(settings, "later")
    assert read_receipt(gathered, GatherReceipt).read == 1  # the file of the new page, no other
    assert read_receipt(maintenance.learn(settings, gathered, NOW), LearnReceipt).book_version == 2


@pytest.mark.parametrize("point", ["gather", "samples", "commit"])
def test_after_a_kill_the_old_book_is_current_and_the_next_run_resumes(
    settings: Settings, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    fill(settings.inbox, range(20))
    ingest(settings)
    tend(settings)
    fill(settings.inbox, range(20, 40))
    ingest(settings)
    old = read_book(settings.lake)
    with monkeypatch.context() as patch:
        where = {
            "gather": "pyarrow.parquet.write_table",
            "samples": "include.pipeline.maintenance._find_samples",
        }
        patch.setattr(where.get(point, "include.lake.decisions.chrome_book.replace_rows"), die)
        with pytest.raises(Killed):
            tend(settings, "killed")
    assert read_book(settings.lake) == old

    tend(settings, "next")
    book = read_book(settings.lake)
    assert (book.version, set(book.lines["pages"].to_pylist())) == (2, {40})


def test_a_book_learnt_from_many_parts_equals_one_learnt_from_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for first in (0, 15):
        fill(settings.inbox, range(first, first + 15))
        ingest(settings)
    tend(settings)
    whole = read_book(settings.lake).lines
    monkeypatch.setattr("include.lake.maintenance.evidence.ROWS_AT_ONCE", 7)
    monkeypatch.setattr("include.lake.reading.pages.LOT_BYTES", 1)
    monkeypatch.setattr("include.lake.maintenance.evidence.SHELF", "evidence-other")
    monkeypatch.setattr(lake_book, "BOOK_RULE", 0)
    assert tend(settings, "parts").changed

    apart = read_book_of_any_rule(settings)
    same = [name for name in CHROME_BOOK.schema().names if name not in lake_book.STAMPS]
    assert apart.select(same).equals(whole.select(same))


def read_book_of_any_rule(settings: Settings):
    return lake_book.open_table(settings.lake, CHROME_BOOK).to_pyarrow_table()


def test_a_run_uses_the_book_it_began_with(settings: Settings) -> None:
    fill(settings.inbox, range(25))
    ingest(settings)
    fill(settings.inbox, range(100, 101))
    taken = steps.intake(settings, "begun", NOW)
    (batch,) = read_receipt(taken, IntakeReceipt).batches
    first = read_receipt(steps.split(batch), SplitReceipt)
    before = first.chrome.read_bytes()
    tend(settings)

    again = read_receipt(steps.split(batch), SplitReceipt)
    assert again.chrome.read_bytes() == before
    assert read_receipt(taken, IntakeReceipt).book_version == 0


def test_a_run_can_land_while_a_book_is_learnt(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(settings.inbox, range(20))
    ingest(settings)
    learn_samples = maintenance._find_samples

    def check(*given):
        with hold_lake(settings.lake, patience_s=0.0):
            return learn_samples(*given)

    monkeypatch.setattr(maintenance, "_find_samples", check)
    assert tend(settings).changed


@dataclass(frozen=True)
class Night:
    """The receipts of one night."""

    compact: CompactReceipt
    gather: GatherReceipt
    learn: LearnReceipt
    vacuum: VacuumReceipt


def night(settings: Settings, now: datetime, run_id: str = "night") -> Night:
    """Do what the DAG does."""
    compacted = maintenance.compact(settings, run_id, now)
    gathered = maintenance.gather(settings, run_id)
    learnt = maintenance.learn(settings, gathered, now)
    vacuumed = maintenance.vacuum(settings, run_id, now)
    steps.publish(settings)
    return Night(
        read_receipt(compacted, CompactReceipt),
        read_receipt(gathered, GatherReceipt),
        read_receipt(learnt, LearnReceipt),
        read_receipt(vacuumed, VacuumReceipt),
    )


STORAGE = "select table_name, live_files, kept_files, orphan_files from meta.storage"


def storage_of(settings: Settings) -> dict[str, tuple[int, int | None, int | None]]:
    rows = run_query(settings.warehouse, STORAGE).to_pylist()
    return {name: tuple(rest) for name, *rest in (row.values() for row in rows)}


def test_a_night_compacts_and_vacuums_and_the_warehouse_shows_it(settings: Settings) -> None:
    for first in (0, 10, 20):
        fill(settings.inbox, range(first, first + 10))
        ingest(settings)
    sql = "select * from stories order by story_id"
    before = run_query(settings.warehouse, sql)
    assert storage_of(settings)["pages"] == (3, None, None), "no tending has counted yet"

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    first = night(settings, tomorrow)
    assert first.compact.left == 0
    assert first.gather.read == 1, "evidence is gathered of what was compacted, once"
    assert storage_of(settings)["pages"] == (1, 3, 0)
    assert run_query(settings.warehouse, sql).equals(before)

    later = night(settings, tomorrow + timedelta(days=settings.retention_days + 1), "later")
    assert later.vacuum.removed_files > 3
    assert not later.learn.changed, "compaction is no news"
    assert later.gather.read == 0
    assert storage_of(settings)["pages"] == (1, 0, 0)
    assert run_query(settings.warehouse, sql).equals(before)


def test_files_a_warehouse_shows_or_showed_within_the_retention_stay(
    settings: Settings,
) -> None:
    for first in (0, 10):
        fill(settings.inbox, range(first, first + 10))
        ingest(settings)
    held = shutil.copy(settings.warehouse, settings.home / "held.duckdb")
    reader = duckdb.connect(held, read_only=True)  # as another process has the file that it opened
    ask = "select count(*), sum(length(body)) from stories"
    shown = reader.sql(ask).fetchall()
    now = datetime.now(UTC)
    maintenance.compact(settings, "one", now + timedelta(days=1))
    long_after = now + timedelta(days=10 * settings.retention_days)
    maintenance.vacuum(settings, "two", long_after)  # publishing failed for months
    assert run_query(settings.warehouse, ask.replace("*)", "*) n")).num_rows == 1
    assert reader.sql(ask).fetchall() == shown

    steps.publish(settings)  # what was shown until now is kept for readers who hold it
    removed = maintenance.vacuum(
        settings, "three", now + timedelta(days=settings.retention_days - 1)
    )
    assert read_receipt(removed, VacuumReceipt).removed_files == 0
    assert reader.sql(ask).fetchall() == shown
    reader.close()

    removed = maintenance.vacuum(settings, "four", long_after)
    assert read_receipt(removed, VacuumReceipt).removed_files > 0
    assert run_query(settings.warehouse, ask.replace("*)", "*) n")).num_rows == 1


def test_nothing_is_removed_while_the_warehouse_cannot_be_read(
    settings: Settings,
) -> None:
    for first in (0, 3):
        fill(settings.inbox, range(first, first + 3))
        ingest(settings)
    maintenance.compact(settings, "one", datetime.now(UTC) + timedelta(days=1))
    settings.warehouse.chmod(0o644)
    settings.warehouse.write_bytes(b"broken")
    vacuumed = maintenance.vacuum(settings, "two", datetime.now(UTC) + timedelta(days=99))
    assert read_receipt(vacuumed, VacuumReceipt).removed_files == 0
    assert read_receipt(vacuumed, VacuumReceipt).unread == ("the warehouse",)


def test_an_unchanged_lake_needs_no_more_maintenance(settings: Settings) -> None:
    fill(settings.inbox, range(5))
    ingest(settings)
    nights = [
        night(settings, datetime.now(UTC) + timedelta(days=day), f"n{day}")
        for day in (1, 2, 40, 41, 42, 80, 81)
    ]
    assert [one.vacuum.removed_files for one in nights[-1:]] == [0]
    assert not steps.publish(settings).changed
    key = read_version(settings.lake).key()
    night(settings, datetime.now(UTC) + timedelta(days=82), "last")
    assert read_version(settings.lake).key() == key


def test_compacting_an_empty_home_twice_does_nothing(settings: Settings) -> None:
    for run_id in ("one", "two"):
        compacted = maintenance.compact(settings, run_id, NOW)
        assert read_receipt(compacted, CompactReceipt).days == ()


def test_vacuuming_an_empty_home_twice_removes_nothing(settings: Settings) -> None:
    for run_id in ("one", "two"):
        vacuumed = maintenance.vacuum(settings, run_id, NOW)
        assert read_receipt(vacuumed, VacuumReceipt).removed_files == 0
