"""Events of the real pages, and of labelled texts; neither is in the repository."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks.event_quality import INGESTED, SETS, prepare, score_set
from benchmarks.train_quotes import DEV
from include.analysis.events.groups import group_stories
from tests.analysis.seeds import needs_seeds, split_seeds

needs_labels = pytest.mark.skipif(not DEV.is_dir(), reason="no labelled texts here")
NAMED = ("headline", "body", "language")


@needs_seeds
def test_the_azerbaijan_story_of_two_pages_is_one_event():
    parts = []
    for number, split in split_seeds():
        stories = pl.DataFrame(split.stories).select(NAMED)
        parts.append(stories.with_columns(story_id=pl.format("{} {}", pl.lit(number), "headline")))
    stamp = pl.Datetime("us", "UTC")
    stories = pl.concat(parts).with_columns(
        published_at=pl.lit(None, stamp), ingested_at=pl.lit(INGESTED).cast(stamp)
    )
    members = group_stories(*prepare(stories.to_arrow())).to_pylist()
    events = {row["story_id"]: row["event_id"] for row in members}
    rift = "Amid Diplomatic Rift with Iran, Azerbaijan Prepares to Deter Potential Threats"
    assert events[f"000 {rift}"] == events[f"001 {rift}"]
    # Undated, reports of other days on the same conflict cannot be told from it.
    assert all("Azerbaijan" in story_id for story_id in events), events


@needs_labels
@pytest.mark.parametrize(("name", "floor"), [*zip(SETS, (91.0, 81.5, 88.5), strict=True)])
def test_events_of_labelled_texts_stay_as_good_as_they_were(name, floor):
    assert score_set(name)["bcubed"]["F1"] >= floor
