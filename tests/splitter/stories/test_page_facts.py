"""What came with a page speaks where its text does not, and only of a story that is alone on it."""

from datetime import UTC, datetime

import polars as pl
import pytest

from include.splitter.stories.page_facts import PAGE_FIELDS, add_page_facts, normalize

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
SCHEMA = {
    "page": pl.UInt32,
    "headline": pl.String,
    "credits": pl.List(pl.String),
    "published_at": pl.Datetime("us", "UTC"),
    "published_precision": pl.String,
    "published_source": pl.String,
}


def stories(*rows):
    silent = {"page": 0, "headline": None, "credits": []}
    return pl.DataFrame([{**silent, **row} for row in rows], schema=SCHEMA)


def page(**facts):
    return pl.DataFrame([{"page": 0, **facts}], schema={"page": pl.UInt32, **PAGE_FIELDS})


def test_the_title_is_the_headline_of_a_story_without_one():
    (story,) = add_page_facts(stories({}), page(title="Bridge vote")).to_dicts()

    assert (story["headline"], story["headline_source"]) == ("Bridge vote", "file")


@pytest.mark.parametrize("title", ["", "---", "two\nlines", "x" * 301, "one\u2028two"])
def test_a_title_that_no_headline_could_be_is_not_taken(title):
    (story,) = add_page_facts(stories({}), page(title=title)).to_dicts()

    assert (story["headline"], story["headline_source"]) == (None, None)


def test_a_headline_in_the_text_stays():
    told = page(title="Saltmarsh Gazette")
    (story,) = add_page_facts(stories({"headline": "Bridge vote"}), told).to_dicts()

    assert (story["headline"], story["headline_source"]) == ("Bridge vote", "text")


def test_the_title_and_date_of_a_page_of_two_stories_are_neithers():
    told = page(title="Bridge vote", published_at=AT, published_precision="minute")
    both = add_page_facts(stories({}, {}), told).to_dicts()

    assert [(s["headline"], s["headline_source"], s["published_at"]) for s in both] == [
        (None, None, None)
    ] * 2


def test_the_date_of_a_page_dates_a_story_that_has_none():
    told = page(published_at=AT, published_precision="minute")
    (story,) = add_page_facts(stories({}), told).to_dicts()

    assert (story["published_at"], story["published_precision"], story["published_source"]) == (
        AT, "minute", "file",
    )  # fmt: skip


def test_every_story_has_the_url_of_its_page():
    told = page(url="https://saltmarsh.invalid/story-9?utm_source=rss")
    both = add_page_facts(stories({}, {}), told)

    assert both["url"].to_list() == ["https://saltmarsh.invalid/story-9"] * 2


def test_an_outlet_in_the_text_comes_before_the_one_that_came_with_the_page():
    told = page(outlet="Herald")
    both = add_page_facts(stories({"credits": ["Gazette"]}, {}), told)

    assert both["outlet"].to_list() == ["Gazette", "Herald"]


@pytest.mark.parametrize(
    ("url", "normalized"),
    [
        ("https://a.invalid/s?utm_source=rss&utm_medium=x", "https://a.invalid/s"),
        ("https://a.invalid/s?fbclid=1&id=5", "https://a.invalid/s?id=5"),
        ("HTTPS://A.invalid:443/s", "https://a.invalid/s"),
        ("https://a.invalid/s?b=2&a=1", "https://a.invalid/s?a=1&b=2"),
        ("https://a.invalid/s#comments", "https://a.invalid/s"),
        ("https://a.invalid/#!/s", "https://a.invalid/#!/s"),
        ("  https://a.invalid/s\n", "https://a.invalid/s"),
        ("https://[a.invalid/s", "https://[a.invalid/s"),
        ("https://a.invalid:port/s", "https://a.invalid:port/s"),
        ("not a url", "not a url"),
        ("", ""),
    ],
)
def test_urls_of_one_address_are_one_url(url, normalized):
    assert normalize(url) == normalized
