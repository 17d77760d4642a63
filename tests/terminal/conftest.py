"""A home with a life: pages that came, were revised, set aside, reviewed and corrected."""

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.__main__ import main
from include.config.settings import Settings
from include.pipeline import review as reviewing
from include.pipeline import steps
from include.pipeline.receipt_types import DecideReceipt
from include.pipeline.receipts import read_receipt
from include.review.cases import Answer
from tests.pipeline.pages import GOOD, OTHER, REVISED

HOSTILE = "\x1b[2J\x1b[31m[red]\u202eso it is'); drop table stories;--"
DATED = f"12 March 2031\n{GOOD}".replace("boat", "raft")


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the home: 1 all came, 2 a.txt revised, 3 c.txt released, 4 a.txt corrected."""
    folder = tmp_path_factory.mktemp("lived")
    inbox, home = folder / "inbox", folder / "home"
    inbox.mkdir()
    (inbox / "a.txt").write_text(GOOD, encoding="utf-8")
    (inbox / "c.txt").write_text(DATED, encoding="utf-8")
    (inbox / "empty.txt").write_text("", encoding="utf-8")
    with zipfile.ZipFile(inbox / "news.zip", "w") as archive:
        archive.writestr("in/b.txt", OTHER)
        archive.writestr("in/evil\x1b[31m.txt", OTHER + "\nAdvertisement\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("COPYDESK_SETTLE_S", "0")
    words = ["ingest", str(inbox), "--home", str(home), "--json"]
    assert main(words) == 0
    shutil.copyfile(inbox / "a.txt", folder / "first a.txt")
    (inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    assert main(words) == 0
    review(Settings(home=home, inbox=inbox))
    said = ["line 7 is promo", "--page", "a.txt", "--note", HOSTILE]
    assert main(["correct", *said, "--home", str(home)]) == 0
    patch.undo()
    return home


def review(settings: Settings) -> None:
    """Release what waits, and publish."""
    now = datetime.now(UTC)
    (case,) = reviewing.gather_cases(settings, "manual__review")
    answer = Answer(decision="release", by=f"an editor{HOSTILE}", at=now, note=HOSTILE)
    pages = frozenset(
        read_receipt(reviewing.decide(settings, case, answer), DecideReceipt).recalled
    )
    gated = reviewing.edit_again(settings, "manual__edited", now, pages)
    steps.land(settings, gated, datetime.now(UTC))
    steps.publish(settings)
