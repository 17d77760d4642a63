"""An answer of a news API that is larger than a page is cut into records as it is read."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from include.intake.archives.json_records import Record, cut_records
from include.intake.archives.limits import Limits
from tests.intake.archives.test_unpack import outcomes, take

MOST = 2_000
WRAPS: tuple[Callable[[Any], Any], ...] = (
    lambda articles: {"status": "ok", "totalResults": 2, "articles": articles},
    lambda articles: {"articles": {"page": 1, "results": articles}, "next": {"page": 2}},
    lambda articles: {"response": {"docs": articles}, "took": "3 ms", "tags": ["a"]},
    lambda articles: {"hits": {"hits": {"items": articles, "data": []}}},
)


def articles(count: int = 50) -> list[dict[str, Any]]:
    return [
        {"title": f"T{n}", "text": f"The story of ferry {n}, “{'é' * n}”.", "items": [n]}
        for n in range(count)
    ]


def cut(raw: bytes, most: int = MOST) -> list[Record]:
    return list(cut_records(io.BytesIO(raw), most))


def write(content: Any, **given: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, **given).encode()


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_large_answer_gives_the_records_of_a_small_one(wrap: Any, indent: int | None) -> None:
    raw = write(wrap(articles()), indent=indent)
    assert len(raw) > MOST
    large, small = cut(raw), cut(raw, len(raw))
    assert [record.number for record in large] == list(range(1, 51))
    assert large == small
    assert [json.loads(record.raw or b"") for record in large] == articles()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_its_encoding_does_not_matter(encoding: str) -> None:
    raw = write(WRAPS[0](articles())).decode().encode(encoding)
    assert [json.loads(record.raw or b"") for record in cut(raw)] == articles()


def test_one_that_is_too_large_among_them_is_rejected_alone() -> None:
    many = articles(9)
    many[4]["text"] = "word " * MOST
    records = cut(write(WRAPS[0](many)))
    assert [record.reason for record in records] == [*[None] * 4, "too_large:record 5", *[None] * 4]


@pytest.mark.parametrize("cut_off", [1, 30, 1_000])
def test_what_precedes_the_end_of_a_cut_answer_lands(cut_off: int) -> None:
    records = cut(write(WRAPS[1](articles()))[:-cut_off])
    last = records[-1]
    assert (last.raw, last.reason) == (None, f"broken_json:record {last.number}")
    assert [json.loads(record.raw or b"") for record in records[:-1]] == articles()[
        : len(records) - 1
    ]
    assert len(records) > 25


def test_what_follows_an_answer_is_not_lost_silently() -> None:
    answer = write(WRAPS[0](articles()))
    records = cut(answer + b" " + answer)
    assert [record.reason for record in records] == [*[None] * 50, "broken_json:record 51"]


@pytest.mark.parametrize(
    "record",
    [
        {"text": "word " * MOST, "articles": [{"text": "Related."}]},
        {"text": "A story.", "articles": [{"text": "Related " * MOST}]},
        {"id": 1, "items": ["a"] * MOST},
        {"id": 1, "items": [{"href": "b"}] * MOST},
    ],
)
def test_a_record_that_is_too_large_is_not_taken_for_an_answer(record: dict) -> None:
    assert [one.reason for one in cut(write(record))] == ["too_large:record 1"]


def test_a_large_answer_in_an_inbox_lands(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(write(WRAPS[0](articles())))
    rows, _ = take(tmp_path, limits=Limits(MOST, 10**6, 8))
    assert outcomes(rows) == {
        **{f"a.json!{number}": "taken" for number in range(1, 51)},
        "a.json": "unpacked",
    }
