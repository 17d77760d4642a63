"""The words of a story are weighed and compared, whatever other stories there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.analysis.events import terms
from include.analysis.events.links import LINK, UNDATED_LOSS, WINDOW_DAYS, find_links
from include.analysis.events.terms import SCALE, TERMS_VERSION, find_story_terms
from include.schema.column import STAMP
from tests.warehouse.test_events import AGROUND, FERRY, GOOSE

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


def test_reports_of_one_event_are_linked_and_others_are_not():
    (link,) = find_links(*[weigh(FERRY, AGROUND, GOOSE)] * 2).to_pylist()
    vectors = weigh(FERRY, AGROUND)["vector_id"].to_pylist()
    assert [link["vector_a"], link["vector_b"]] == sorted(vectors)


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ((0, 0), 1.0),
        ((0, 1), 0.9),
        ((0, 30), 0.8),
        ((0, WINDOW_DAYS + 1), None),
        ((0, None), 1 - UNDATED_LOSS),
    ],
)
def test_days_between_stories_make_them_less_similar(days, kept):
    def measure(days: tuple[int | None, ...]) -> float | None:
        links = find_links(*[weigh(FERRY, AGROUND, days=list(days))] * 2)
        return links["similarity"].to_pylist()[0] if links.num_rows else None

    at_once = measure((0, 0))
    assert at_once is not None
    assert measure(days) == (kept and pytest.approx(kept * at_once, abs=0.0001))


BODIES = [FERRY, AGROUND, GOOSE, f"{FERRY} {GOOSE}", f"{AGROUND} Nobody was hurt.", "No.", ""]
PARTS = st.lists(
    st.tuples(st.sampled_from(BODIES), st.one_of(st.none(), st.integers(0, 150))),
    min_size=1,
    max_size=7,
    unique=True,
)


@hypothesis_settings(max_examples=30)
@given(parts=PARTS, cut=st.integers(0, 7))
def test_a_link_is_found_whichever_story_came_first(parts, cut):
    bodies, days = zip(*parts, strict=True)
    vectors = pl.DataFrame(weigh(*bodies, days=list(days))).unique("vector_id", keep="first")
    vectors = vectors.sort("vector_id").to_arrow()
    first, later = vectors.slice(0, cut), vectors.slice(cut)
    pairs = [(first, first), (later, first), (later, later)]
    found = pl.concat([pl.DataFrame(find_links(*pair)) for pair in pairs]).unique().sort(LINK)
    assert found.equals(pl.DataFrame(find_links(vectors, vectors)))
