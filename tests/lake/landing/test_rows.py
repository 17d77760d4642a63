from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.errors import RowsUnfit, TallyUnbalanced
from include.lake.landing import coverage
from include.lake.landing.rows import lake_rows, ledger_rows
from include.model import BLANKS, Judged
from include.schema import lake as lake_schema
from tests.lake.builders import page_row, pages_table, run_at, split_rows
from tests.lake.ledgers import Ledger

RUN = run_at(0)
TEXT = "S Ship|The ship, née “Aurora”.\n\n\u200bAdvertisement\ufeff\nQ Brief|Bad \U0001f6a2."


def ledger_of(*texts: str) -> pa.Table:
    rows = [page_row(f"{n}.txt", text, Ledger(), set()) for n, text in enumerate(texts)]
    judged, chrome = split_rows(rows)
    return ledger_rows(pages_table(rows), judged, chrome, "test-1", RUN)


def solid(text: str) -> int:
    return len(re.sub(BLANKS, "", text))


def test_a_page_is_counted_by_its_non_blank_characters():
    (row,) = ledger_of(TEXT).to_pylist()

    assert row["outcome"] == "landed"
    assert (row["stories_landed"], row["stories_quarantined"]) == (1, 1)
    assert row["page_chars"] == len(TEXT)
    assert row["chrome_chars"] == len("Advertisement")
    assert row["story_chars"] + row["chrome_chars"] == solid(TEXT)
    assert row["splitter_version"] == "test-1"


def test_outcomes_are_counted_separately():
    rows = ledger_of(TEXT, "Cookies", "<html>", "S Second|Second body.").to_pylist()

    assert [row["outcome"] for row in rows] == ["landed", "no_story", "rejected", "landed"]
    assert rows[2]["raw"] == b"<html>"
    assert (rows[2]["page_chars"], rows[2]["splitter_version"]) == (0, None)
    assert len({row["delivery_id"] for row in rows}) == 4


def test_ledger_rows_have_exactly_the_tables_columns():
    assert ledger_of(TEXT).schema.equals(lake_schema.PAGES.schema())


def test_a_batch_of_no_page_gives_no_row():
    assert ledger_of().num_rows == 0


def spoil(part: str, **changed: int) -> None:
    rows = [page_row("odd.txt", TEXT, Ledger(), set())]
    judged, chrome = split_rows(rows)
    if part == "chrome":
        told = [{**row, **changed} for row in chrome.to_pylist()]
        chrome = pa.Table.from_pylist(told, schema=chrome.schema)
    else:
        told = judged.landed.to_pylist()
        told[0][part][0].update(changed)
        landed = pa.Table.from_pylist(told, schema=judged.landed.schema)
        judged = Judged(landed, judged.quarantined, judged.results)
    ledger_rows(pages_table(rows), judged, chrome, "test-1", RUN)


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("body_spans", {"start": 8}),
        ("body_spans", {"end": 20}),
        ("headline_spans", {"start": 2}),
        ("chrome", {"start": 25}),
        ("chrome", {"end": 36}),
    ],
)
def test_a_character_in_no_span_or_in_two_names_page_and_numbers(part, changed):
    with pytest.raises(TallyUnbalanced, match=r"'odd\.txt'.*character \d+") as caught:
        spoil(part, **changed)
    assert caught.value.value[0] == solid(TEXT)


@pytest.mark.parametrize("changed", [{"end": 10_000}, {"start": -1}, {"start": 40, "end": 30}])
def test_a_span_outside_its_page_is_an_error(changed):
    with pytest.raises(TallyUnbalanced, match="outside its page"):
        spoil("chrome", **changed)


def test_spans_may_hold_blanks_or_leave_them_out():
    spoil("chrome", start=31)
    spoil("chrome", end=47)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=40), max_size=5))
@settings(max_examples=60, deadline=None)
def test_every_solid_character_is_counted_once(texts):
    texts = [t for t in dict.fromkeys(texts) if not t.startswith("<")]
    rows = ledger_of(*texts).to_pylist()

    assert [row["story_chars"] + row["chrome_chars"] for row in rows] == [solid(t) for t in texts]


def test_chunks_do_not_change_the_counts(monkeypatch):
    texts = [TEXT + f"\nLine {n}" for n in range(20)]
    whole = ledger_of(*texts)
    monkeypatch.setattr(coverage, "CHUNK_CHARS", 70)

    assert ledger_of(*texts).equals(whole)


def test_rows_get_the_run_and_nulls_for_what_may_be_null():
    table = pa.table({"page_id": ["p"], "chrome_no": [1], "line_no": [1], "start": [0], "end": [1]})
    table = table.append_column("role", pa.array(["advert"]))
    table = table.append_column("reason", pa.array(["test"]))
    rows = lake_rows(table.append_column("text", pa.array(["x"])), lake_schema.CHROME, RUN)

    assert rows.schema.equals(lake_schema.CHROME.schema())
    assert rows["run_id"].to_pylist() == [RUN.run_id]
    assert rows["ingest_day"].to_pylist() == [RUN.ingest_day]
    with pytest.raises(RowsUnfit, match="text"):
        lake_rows(table, lake_schema.CHROME, RUN)


def test_unknown_columns_nulls_and_wrong_types_are_errors():
    rows = [page_row("a.txt", TEXT, Ledger(), set())]
    _, chrome = split_rows(rows)

    with pytest.raises(RowsUnfit, match="unknown"):
        lake_rows(chrome.append_column("colour", pa.array(["red"])), lake_schema.CHROME, RUN)
    with pytest.raises(RowsUnfit, match="nulls"):
        lake_rows(
            chrome.set_column(5, "role", pa.array([None], pa.string())), lake_schema.CHROME, RUN
        )
    with pytest.raises(RowsUnfit, match="int32"):
        lake_rows(chrome.set_column(3, "start", pa.array(["x"])), lake_schema.CHROME, RUN)
