"""
The script one would write in an hour, for comparison: no roles, no chrome, no reasons.

Stories end at two blank lines, the first line is the headline, equal texts are dropped; a Parquet
file and a DuckDB file come out.

    python -m benchmarks.plain_pandas INBOX FOLDER
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import duckdb
import pandas as pd

BETWEEN = re.compile(r"\n[ \t]*\n[ \t]*\n\s*")


def main(inbox: Path, folder: Path) -> None:
    """Split, write and print one JSON object: how many stories."""
    rows = [
        (path.name, *block.partition("\n")[::2])
        for path in sorted(inbox.rglob("*.txt"))
        for block in BETWEEN.split(path.read_text(encoding="utf-8", errors="replace"))
        if block.strip()
    ]
    stories = pd.DataFrame(rows, columns=["page", "headline", "body"])
    stories = stories.drop_duplicates(["headline", "body"])
    folder.mkdir(parents=True, exist_ok=True)
    stories.to_parquet(folder / "stories.parquet", index=False)
    with duckdb.connect(str(folder / "stories.duckdb")) as con:
        con.from_parquet(str(folder / "stories.parquet")).create("stories")
    print(json.dumps({"stories": len(stories)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
