"""The command `split`, for evaluation: pages of a JSONL file in, stories and chrome out."""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.errors import UsageWrong
from include.splitter.split import split_pages
from include.storage.atomic import atomic_write
from include.text import REPLACED

PAGES_AT_ONCE = 2000
SHOWN_BYTES = 80  # of a line that is refused
LINE = 'Each line is an object with "doc_id" and "text", in UTF-8.'
SURROGATE = re.compile("[\ud800-\udfff]")


def split_file(source: Path, target: Path) -> int:
    """
    Split every page of a file of {"doc_id", "text"} lines; write one line per page, in order.

    Nothing is written if a line is refused.

    Raises:
        UsageWrong: a file or folder is missing, or a line is not such an object.
        DiskFull, StorageRefused: the disk is full or denies access.
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
            split = (json.dumps(page, ensure_ascii=False) for page in _split(pages))
            out.writelines(f"{line}\n" for line in split)
    return 0


def _read_pages(source: Path) -> Iterator[list[tuple[str, str]]]:
    """Yield lots of at most PAGES_AT_ONCE pages, each (doc_id, text)."""
    lot: list[tuple[str, str]] = []
    with source.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            line = line.removeprefix(BOM_UTF8) if number == 1 else line
            if not line.strip():
                continue
            try:
                lot.append(_read_page(line))
            except ValueError as exc:
                start = line[:SHOWN_BYTES].decode("utf-8", "replace")
                thing = f"line {number} of {source}"
                raise UsageWrong(thing, start, f"{exc}. {LINE}") from exc
            if len(lot) == PAGES_AT_ONCE:
                yield lot
                lot = []
    yield lot


def _read_page(line: bytes) -> tuple[str, str]:
    """
    Parse a line; half a surrogate pair becomes U+FFFD, as at intake, so that offsets stay valid.

    Raises:
        ValueError: the line is no such object; the message says why.
    """
    try:
        page = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as exc:
        raise ValueError(f"Byte {exc.start + 1} is not UTF-8") from exc
    except json.JSONDecodeError as exc:
        raise ValueError(f"It is not JSON: {exc}") from exc
    except RecursionError as exc:
        raise ValueError("Its JSON is nested too deeply") from exc
    except ValueError as exc:  # an integer of thousands of digits
        raise ValueError("It holds a number that is too long") from exc
    if not isinstance(page, dict):
        raise ValueError("It is not an object")
    doc_id, text = page.get("doc_id"), page.get("text")
    if isinstance(doc_id, bool) or not isinstance(doc_id, (str, int)):
        raise ValueError('"doc_id" is missing, or is neither a string nor an integer')
    if not isinstance(text, str):
        raise ValueError('"text" is missing, or is not a string')
    return SURROGATE.sub(REPLACED, str(doc_id)), SURROGATE.sub(REPLACED, text)


def _split(pages: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Split one lot; pages are numbered, since two lines may share a doc_id."""
    numbers = [str(number) for number in range(len(pages))]
    split = split_pages(
        pa.table(
            {
                "page_id": numbers,
                "name": [doc_id for doc_id, _ in pages],
                "outcome": ["taken"] * len(pages),
                "text": pa.array([text for _, text in pages], pa.string()),
            }
        )
    )
    results: dict[str, dict[str, Any]] = {
        number: {"doc_id": doc_id, "stories": [], "chrome": []}
        for number, (doc_id, _) in zip(numbers, pages, strict=True)
    }
    for story in split.stories.to_pylist():
        results[story["page_id"]]["stories"].append(_story(story))
    for span in split.chrome.to_pylist():
        results[span["page_id"]]["chrome"].append(
            {"span": [span["start"], span["end"]], "role": span["role"], "reason": span["reason"]}
        )
    yield from results.values()


def _story(story: dict[str, Any]) -> dict[str, Any]:
    heads = _pairs(story["headline_spans"])
    return {
        "headline": story["headline"],
        "headline_span": heads[0] if heads else None,
        "headline_spans": heads,
        "body_spans": _pairs(story["body_spans"]),
        "caption_spans": _pairs(story["caption_spans"]),
        "other_spans": [
            {"span": [span["start"], span["end"]], "role": span["role"]}
            for span in story["other_spans"]
        ],
        "confidence": story["confidence"],
        "reasons": story["reasons"],
    }


def _pairs(spans: list[dict[str, int]]) -> list[list[int]]:
    return [[span["start"], span["end"]] for span in spans]
