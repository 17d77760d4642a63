"""Check that the spans of a split partition its pages."""

import itertools
import re
from collections import defaultdict

import pyarrow as pa

from include.model import BLANKS, Split
from include.schema.lake import STORY_SPANS


def table(*texts: str) -> pa.Table:
    return pa.table(
        {
            "page_id": [f"{number:064x}" for number in range(len(texts))],
            "name": [f"{number}.txt" for number in range(len(texts))],
            "outcome": ["taken"] * len(texts),
            "text": pa.array(texts, pa.string()),
        }
    )


def spans_by_page(split: Split) -> dict[str, list[tuple[int, int]]]:
    """Give the spans of stories and chrome by page, in page order."""
    spans = defaultdict(list)
    for story in split.stories.select(["page_id", *STORY_SPANS]).to_pylist():
        spans[story["page_id"]] += [
            (span["start"], span["end"]) for column in STORY_SPANS for span in story[column]
        ]
    for chrome in split.chrome.select(["page_id", "start", "end"]).to_pylist():
        spans[chrome["page_id"]].append((chrome["start"], chrome["end"]))
    return {page_id: sorted(own) for page_id, own in spans.items()}


def count_solid(text: str) -> int:
    return len(re.sub(BLANKS, "", text))


def assert_partition(text: str, spans: list[tuple[int, int]]) -> None:
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)), "spans overlap"
    assert sum(count_solid(text[a:b]) for a, b in spans) == count_solid(text)


def assert_conserved(text: str, split: Split, page_id: str) -> None:
    assert_partition(text, spans_by_page(split).get(page_id, []))
