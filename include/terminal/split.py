"""The evaluation door: pages of a JSONL file in, their stories and chrome out, line by line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.errors import UsageWrong
from include.splitter.split import split_pages
from include.storage.atomic import atomic_write

PAGES_AT_ONCE = 2000


def split_file(source: Path, target: Path) -> int:
    """
    Split every page of a file of {"doc_id", "text"} lines; write one line a page, in order.

    Raises:
        UsageWrong: a file or folder is missing, or a line is not such an object.
        DiskFull, StorageRefused: what the disk says to the lines written.
    """
    if not source.is_file():
        raise UsageWrong("file of pages", str(source), "Name a JSONL file.")
    if target.is_dir() or not target.parent.is_dir():
        raise UsageWrong("file of stories", str(target), "Name a file in a folder that is there.")
    with (
        atomic_write("file of stories", target) as temporary,
        temporary.open("w", encoding="utf-8") as out,
    ):
        for pages in _read_pages(source):
            told = (json.dumps(page, ensure_ascii=False) for page in _split(pages))
            out.writelines(f"{line}\n" for line in told)
    return 0


def _read_pages(source: Path) -> Iterator[list[tuple[str, str]]]:
    """Read the pages in lots of PAGES_AT_ONCE: (doc_id, text)."""
    lot: list[tuple[str, str]] = []
    with source.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                page = json.loads(line.decode("utf-8"))
                lot.append((str(page["doc_id"]), str(page["text"])))
            except (ValueError, KeyError, TypeError) as exc:
                way_out = 'Each line is an object with "doc_id" and "text", in UTF-8.'
                said = line[:80].decode("utf-8", "replace")
                raise UsageWrong(f"line {number} of {source}", said, way_out) from exc
            if len(lot) == PAGES_AT_ONCE:
                yield lot
                lot = []
    yield lot


def _split(pages: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Split one lot; a page's number stands in for its id, since two lines may share a doc_id."""
    numbers = [str(number) for number in range(len(pages))]
    found = split_pages(
        pa.table(
            {
                "page_id": numbers,
                "name": [doc_id for doc_id, _ in pages],
                "outcome": ["taken"] * len(pages),
                "text": pa.array([text for _, text in pages], pa.string()),
            }
        )
    )
    told: dict[str, dict[str, Any]] = {
        number: {"doc_id": doc_id, "stories": [], "chrome": []}
        for number, (doc_id, _) in zip(numbers, pages, strict=True)
    }
    for story in found.stories.to_pylist():
        told[story["page_id"]]["stories"].append(_story(story))
    for span in found.chrome.to_pylist():
        told[span["page_id"]]["chrome"].append(
            {"span": [span["start"], span["end"]], "role": span["role"], "reason": span["reason"]}
        )
    yield from told.values()


def _story(story: dict[str, Any]) -> dict[str, Any]:
    heads = _pairs(story["headline_spans"])
    return {
        "headline": story["headline"],
        "headline_span": heads[0] if heads else None,
        "body_spans": _pairs(story["body_spans"]),
        "caption_spans": _pairs(story["caption_spans"]),
        "confidence": story["confidence"],
        "reasons": story["reasons"],
    }


def _pairs(spans: list[dict[str, int]]) -> list[list[int]]:
    return [[span["start"], span["end"]] for span in spans]
