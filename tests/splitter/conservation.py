"""Check that the spans of a split partition its pages."""

import itertools
import re

import pyarrow as pa

from include.model import BLANKS, Split


def table(*texts: str) -> pa.Table:
    return pa.table(
        {
            "page_id": [f"{number:064x}" for number in range(len(texts))],
            "name": [f"{number}.txt" for number in range(len(texts))],
            "outcome": ["taken"] * len(texts),
            "text": pa.array(texts, pa.string()),
        }
    )


def spans_of(split: Split, page_id: str) -> list[tuple[int, int]]:
    columns = ("headline_spans", "body_spans", "caption_spans", "other_spans")
    spans = [
        (span["start"], span["end"])
        for story in split.stories.to_pylist()
        if story["page_id"] == page_id
        for column in columns
        for span in story[column]
    ]
    spans += [(c["start"], c["end"]) for c in split.chrome.to_pylist() if c["page_id"] == page_id]
    return sorted(spans)


def count_solid(text: str) -> int:
    return len(re.sub(BLANKS, "", text))


def assert_conserved(text: str, split: Split, page_id: str) -> None:
    spans = spans_of(split, page_id)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)), "spans overlap"
    assert sum(count_solid(text[a:b]) for a, b in spans) == count_solid(text)
