"""The real pages beside the project, split. They are not in the repository."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from include.intake.decoding.decode import decode_text
from include.splitter.split import Split, split_pages

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="no real pages here")


def split_seeds(pattern: str = "*") -> Iterator[tuple[str, Split]]:
    """Yield the number of each page, as "000", and the page split; in order of name."""
    for path in sorted(SEEDS.glob(f"{pattern}.txt")):
        text = decode_text(path.read_bytes()).text
        page = {"page_id": ["0" * 64], "name": [path.name], "outcome": ["taken"]}
        yield path.name[:3], split_pages(pa.table({**page, "text": pa.array([text], pa.string())}))
