"""
Score events on labelled texts: `python -m benchmarks.event_quality [min_average …]`.

B-cubed F1 on the `dev` half of the labelled sets beside the project (../shared/analysis), all with
the same settings. Of texts without a date, all are ingested on one day.
"""

import sys
import time
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from benchmarks.analysis_quality import score
from benchmarks.train_quotes import read_rows
from include.analysis.duplicates.candidates import find_candidates
from include.analysis.duplicates.pairs import compare_texts
from include.analysis.duplicates.signatures import sign_stories
from include.analysis.events.groups import MIN_AVERAGE, group_stories
from include.analysis.events.links import find_links
from include.analysis.events.terms import find_story_terms
from include.schema.column import STAMP

SETS = ("events_giveme5w1h", "events_wikinews_galaxy", "events_ecbplus")
INGESTED = datetime(2026, 11, 1, tzinfo=UTC)


def make_stories(rows: list[dict[str, Any]]) -> pa.Table:
    """Give labelled texts the form of landed stories."""
    published = [row["published_at"] and row["published_at"][:19] for row in rows]
    return pa.table(
        {
            "story_id": [row["id"] for row in rows],
            "headline": [row["title"] or None for row in rows],
            "body": [row["text"] for row in rows],
            "language": [row["lang"] for row in rows],
            "published_at": pa.array([at and read_time(at) for at in published], STAMP),
            "ingested_at": pa.array([INGESTED] * len(rows), STAMP),
        }
    )


def read_time(text: str) -> datetime:
    """Read a time without zone as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def prepare(stories: pa.Table) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Give what `group_stories` takes: stories, links and copies."""
    vectors, signatures = find_story_terms(stories), sign_stories(stories)
    keyed = vectors.append_column("text_id", signatures["text_id"])
    texts = pa.table({"text_id": signatures["text_id"], "body": stories["body"]})
    distinct = (
        texts.group_by("text_id").aggregate([("body", "min")]).rename_columns(texts.column_names)
    )
    copies = compare_texts(find_candidates(signatures, signatures), distinct)
    return keyed, find_links(vectors, vectors), copies


def score_set(name: str, min_average: float = MIN_AVERAGE) -> dict[str, Any]:
    """Score the events of one labelled set."""
    rows = read_rows(name)
    members = group_stories(*prepare(make_stories(rows)), min_average).to_pylist()
    events = {member["story_id"]: member["event_id"] for member in members}
    answers = [{"id": row["id"], "cluster": events.get(row["id"], row["id"])} for row in rows]
    return score("events", name, answers)


def main() -> None:
    """Print precision, recall and F1 for each set and each threshold."""
    averages = [float(word) for word in sys.argv[1:]] or [MIN_AVERAGE]
    print(f"{'set':24}{'average':>8}{'B3 P':>7}{'R':>7}{'F1':>7}{'pairs F1':>10}{'CPU s':>8}")
    for name in SETS:
        for average in averages:
            began = time.process_time()
            result = score_set(name, average)
            cubed = result["bcubed"]
            print(
                f"{name:24}{average:8.2f}{cubed['P']:7.1f}{cubed['R']:7.1f}{cubed['F1']:7.1f}"
                f"{result['pairs']['F1']:10.1f}{time.process_time() - began:8.1f}"
            )


if __name__ == "__main__":
    main()
