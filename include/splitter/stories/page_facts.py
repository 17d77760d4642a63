"""
Fill in what a story's text does not say from what came with its page.

A title and a date are taken only for a story that is alone on its page: beside other stories they
may belong to any of them, or to the listing itself. The URL is the page's, for all its stories.
"""

from urllib.parse import urldefrag

import polars as pl
from courlan import normalize_url

PAGE_FIELDS = {
    "outlet": pl.String(),
    "url": pl.String(),
    "title": pl.String(),
    "published_at": pl.Datetime("us", "UTC"),
    "published_precision": pl.String(),
}
# one line, with a letter or digit
TITLE = r"^[^\n\r\x{2028}\x{2029}]*[\p{L}\p{N}][^\n\r\x{2028}\x{2029}]*$"
MAX_TITLE_CHARS = 300  # what the rule headline.length lets pass
TEXT, FILE = "text", "file"  # where a headline stood: in the text, or in what came with the page
ROUTES = ("!", "/")  # `#!/story-9`: a fragment that a site's script reads as a path


def add_page_facts(stories: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """
    Add what came with each story's page.

    Args:
        stories: columns page, headline, credits, published_at, published_precision,
            published_source; null where the text does not say. pages: page and PAGE_FIELDS.
    Returns:
        The same rows and order; headline and the dates filled in; outlet, url (normalised) and
        headline_source (text or file; null without a headline) added.
    """
    facts = pages.select("page", *(pl.col(name).alias(f"page_{name}") for name in PAGE_FIELDS))
    joined = stories.join(facts, on="page", how="left", maintain_order="left")
    alone = pl.len().over("page") == 1
    is_title = pl.col("page_title").str.contains(TITLE) & (
        pl.col("page_title").str.len_chars() <= MAX_TITLE_CHARS
    )
    titled = alone & pl.col("headline").is_null() & is_title.fill_null(False)
    dated = alone & pl.col("published_at").is_null() & pl.col("page_published_at").is_not_null()
    precision = pl.col("page_published_precision")
    return joined.with_columns(
        headline=pl.when(titled).then("page_title").otherwise("headline"),
        headline_source=pl.when(titled)
        .then(pl.lit(FILE))
        .when(pl.col("headline").is_not_null())
        .then(pl.lit(TEXT)),
        published_at=pl.when(dated).then("page_published_at").otherwise("published_at"),
        published_precision=pl.when(dated).then(precision).otherwise("published_precision"),
        published_source=pl.when(dated).then(pl.lit(FILE)).otherwise("published_source"),
        outlet=pl.coalesce(pl.col("credits").list.first(), "page_outlet"),
        url=_normalize_all(joined["page_url"]),
    ).select(pl.exclude(facts.columns[1:]))


def _normalize_all(urls: pl.Series) -> pl.Series:
    """Normalise each URL once, however many stories its page holds."""
    unique = urls.unique().drop_nulls().to_list()
    by_url = {url: normalize(url) for url in unique}
    return urls.replace_strict(by_url, default=None, return_dtype=pl.String)


def normalize(url: str) -> str:
    """
    Return a URL as it compares with others: host in small letters, query sorted, no trackers.

    Tracking parameters (utm_source, fbclid, …) and the fragment are left out. A text that is no
    URL of the web is returned as it is.
    """
    if not url.strip().casefold().startswith(("http://", "https://")):
        return url
    try:
        address, fragment = urldefrag(url.strip())
        kept = f"{address}#{fragment}" if fragment.startswith(ROUTES) else address
        return str(normalize_url(kept))
    except ValueError:  # such as an address in brackets that are never closed
        return url
