"""The words of a story are weighed, whatever other stories there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from include.analysis.events import terms
from include.analysis.events.terms import SCALE, TERMS_VERSION, find_story_terms
from include.schema.column import STAMP
from tests.warehouse.test_events import FERRY

DAY = datetime(2026, 11, 1, 6, tzinfo=UTC)


def weigh(*bodies: str, language: str | None = "en", days: list[int | None] | None = None):
    """Weigh stories without headline, ingested on one day; days: of publication."""
    published = [None if day is None else DAY + timedelta(day) for day in days or []]
    return find_story_terms(
        pa.table(
            {
                "story_id": [str(number) for number in range(len(bodies))],
                "headline": pa.nulls(len(bodies), pa.string()),
                "body": pa.array(bodies, pa.string()),
                "language": pa.array([language] * len(bodies), pa.string()),
                "published_at": pa.array(published or [None] * len(bodies), STAMP),
                "ingested_at": pa.array([DAY] * len(bodies), STAMP),
            }
        )
    )


def test_the_table_of_a_language_is_read_once(monkeypatch):
    read: list[str] = []
    monkeypatch.setattr(
        terms.wordfreq, "get_frequency_dict", lambda name, _: read.append(name) or {"x": 0.1}
    )
    terms._read_frequencies.cache_clear()
    languages = ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "pl", "sv"]
    for language in languages * 2:
        terms.rate_word("ferry", language)
    terms._read_frequencies.cache_clear()

    assert read == languages


def test_rare_words_weigh_most_and_common_ones_nothing():
    (row,) = weigh("The captain of the Aurelia said the ferry was in fog.").to_pylist()
    assert row["terms"][:3] == ["aurelia", "fog", "ferry"]
    assert not {"the", "of", "was", "in"} & set(row["terms"])
    assert sum(weight**2 for weight in row["weights"]) == pytest.approx(SCALE**2, rel=0.001)


def test_a_language_without_frequencies_has_no_terms():
    for language in (None, "ka"):
        (row,) = weigh("Aurelia ferry fog", language=language).to_pylist()
        assert row["terms"] == row["weights"] == []


def test_vectors_stay_what_they_are_in_the_lake():
    """If this fails, raise TERMS_VERSION: history must be weighed again."""
    (row,) = weigh(FERRY).to_pylist()
    assert TERMS_VERSION == "1-wordfreq3.1.1"
    assert (row["terms"][:3], row["weights"][:3], row["vector_id"]) == GOLDEN


GOLDEN = (["quillhaven", "aurelia", "214"], [4723, 3392, 3351], "0872d7f46fb48a9fb6ab9778")
