"""The nasty inputs that lie beside the repository; skipped where they do not."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from include.config.settings import ROOT
from include.intake.archives.limits import Limits
from include.intake.decoding.decode import decode_text
from include.intake.decoding.page import TextOptions, read_page
from include.intake.inbox.listing import list_files
from include.intake.take import read_batches
from tests.lake.ledgers import Ledger

NASTY = ROOT.parent / "shared" / "nasty"
TABLE = NASTY / "expected.jsonl"
ROWS = (
    [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()] if TABLE.exists() else []
)
# The table predates archives, markup and JSON: it rejects these, which are now taken or unpacked.
NOW = {
    "31_html_page.txt": "html", "33_gzip.txt": "gzip", "34_zip.txt": "zip",
    "38_json.txt": "json", "39_jsonl.txt": "json",
}  # fmt: skip
REASONS = {"54_upload.txt.part": "partial"}  # was not_txt
# Encodings that the table names differently from the codec.
CODECS = {"utf-8 (replace)": "utf-8", "shift_jis": "cp932"}

pytestmark = pytest.mark.skipif(not ROWS, reason="no nasty inputs beside the repository")


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if r["outcome"] != "ignore" and r["file"] not in NOW],
    ids=lambda r: r["file"],
)
def test_nasty_page(row: dict) -> None:
    page = read_page((NASTY / "cases" / row["file"]).read_bytes(), TextOptions()).decoded
    if row["outcome"] == "reject":
        assert (page.text, page.encoding, page.reason) == (None, None, row["reason"])
        return
    assert page.reason is None
    assert page.encoding == CODECS.get(row["encoding"], row["encoding"])
    assert ("replaced_chars" in page.flags) == row["encoding"].endswith("(replace)")
    if row["headline"]:
        assert row["headline"] in page.text


@pytest.mark.parametrize(
    ("start", "flag", "replaced"),
    [
        ("13", "replaced_chars", 3),
        ("14", "cut_end", 1),
        ("15", "replaced_chars", 6),
        ("16", "nul_chars", 2),
        ("32", "left_over_markup", 0),
        ("40", "control_chars", 0),
        ("41", "mojibake", 0),
        ("42", "guessed_encoding", 0),
        ("46", "inner_bom", 0),
    ],
)
def test_nasty_oddities_are_flagged(start: str, flag: str, replaced: int) -> None:
    (path,) = (NASTY / "cases").glob(f"{start}_*")
    page = decode_text(path.read_bytes())
    assert flag in page.flags
    assert page.replaced_chars == replaced


def test_the_nasty_inbox_is_read_in_one_run() -> None:
    listing = list_files(NASTY / "cases", 0, datetime.now(UTC) + timedelta(days=1))
    assert set(listing.ignored) == {
        (r["file"], REASONS.get(r["file"], r["reason"])) for r in ROWS if r["outcome"] == "ignore"
    }
    batches = list(read_batches(listing, Ledger(), Limits(2**26, 2**20, 8)))
    tally = sum((batch.tally for batch in batches), listing.tally)
    tally.check()
    rejected = {r["file"] for r in ROWS if r["outcome"] == "reject"}
    rows = {r["name"]: r for batch in batches for r in batch.pages.to_pylist()}
    found = {name: row["outcome"] for name, row in rows.items()}
    assert {name for name, outcome in found.items() if outcome == "rejected"} == rejected - {*NOW}
    assert tally.unpacked == sum("!" not in n and found[n] == "unpacked" for n in NOW)
    for name, media_type in NOW.items():
        members = [row for key, row in rows.items() if key.split("!")[0] == name]
        assert media_type in rows[name]["media_type"]
        assert {"taken", "redelivered"} & {row["outcome"] for row in members}
    assert found["01_plain.txt"] == "taken"
    assert found["48_duplicate_of_01.txt"] == "redelivered"
