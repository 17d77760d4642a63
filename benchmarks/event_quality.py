"""
Score events on labelled texts: `python -m benchmarks.event_quality [min_average …]`.

B-cubed F1 on the `dev` half of the labelled sets beside the project (../shared/analysis), all with
the same settings. Texts without a date count as ingested on one day. With several thresholds, it
also prints each set's F1 at the threshold that is best for the other sets.
"""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pyarrow as pa

from benchmarks.analysis_quality import score
from benchmarks.train_quotes import read_rows
from include.analysis.duplicates.candidates import find_candidates
from include.analysis.duplicates.pairs import compare_texts
from include.analysis.duplicates.signatures import sign_stories
from include.analysis.events.groups import MIN_AVERAGE, Ordered, group_stories, order_stories
from include.analysis.events.similarity import encode_terms
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


def prepare(stories: pa.Table) -> tuple[Ordered, pl.DataFrame]:
    """Give what `group_stories` takes: stories with their copies, and vectors."""
    vectors, signatures = find_story_terms(stories), sign_stories(stories)
    keyed = vectors.append_column("text_id", signatures["text_id"])
    texts = pa.table({"text_id": signatures["text_id"], "body": stories["body"]})
    distinct = (
        texts.group_by("text_id").aggregate([("body", "min")]).rename_columns(texts.column_names)
    )
    copies = compare_texts(find_candidates(signatures, signatures), distinct)
    distinct_vectors = encode_terms([vectors])
    return order_stories(keyed, copies), distinct_vectors


def score_set(name: str, min_average: float = MIN_AVERAGE) -> dict[str, Any]:
    """Score the events of one labelled set."""
    rows = read_rows(name)
    members = group_stories(*prepare(make_stories(rows)), min_average=min_average).to_pylist()
    events = {member["story_id"]: member["event_id"] for member in members}
    answers = [{"id": row["id"], "cluster": events.get(row["id"], row["id"])} for row in rows]
    return score("events", name, answers)


def main() -> None:
    """Print precision, recall and F1 for each set and threshold; then those of left-out sets."""
    thresholds = [float(word) for word in sys.argv[1:]] or [MIN_AVERAGE]
    print(f"{'set':24}{'average':>8}{'B3 P':>7}{'R':>7}{'F1':>7}{'pairs F1':>10}{'CPU s':>8}")
    f1: dict[str, dict[float, float]] = {}
    for name in SETS:
        f1[name] = {}
        for threshold in thresholds:
            started = time.process_time()
            result = score_set(name, threshold)
            cubed = result["bcubed"]
            f1[name][threshold] = cubed["F1"]
            print(
                f"{name:24}{threshold:8.2f}{cubed['P']:7.1f}{cubed['R']:7.1f}{cubed['F1']:7.1f}"
                f"{result['pairs']['F1']:10.1f}{time.process_time() - started:8.1f}"
            )
    if len(thresholds) > 1:
        print_left_out(f1)


def print_left_out(f1: Mapping[str, Mapping[float, float]]) -> None:
    """Print each set's F1 at the threshold that is best for the other sets."""
    for name, by_threshold in f1.items():
        others = [f1[other] for other in f1 if other != name]
        chosen = max(
            by_threshold, key=lambda threshold: sum(scores[threshold] for scores in others)
        )
        print(f"{name:24}{chosen:8.2f}, chosen on the other sets: F1 {by_threshold[chosen]:.1f}")


if __name__ == "__main__":
    main()
