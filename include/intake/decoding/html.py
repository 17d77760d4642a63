"""
Extract the text of an HTML page, and the metadata in its markup.

The whole text is what a reader of the page sees, including navigation; the main text is what
Resiliparse considers the article. Scripts, styles and form fields are not text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from include.intake.decoding.metadata import Facts, parse_facts

WHOLE, MAIN = "whole", "main"
MAX_OPEN = 2_000  # nested elements; the search for the main text is quadratic: 20,000 took 5.5 s
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
# elements without an end tag, or whose end tag is optional
VOIDS = """
    area base br col embed hr img input link meta param source track wbr p li dt dd tr td th option
    thead tbody tfoot
"""
JSON_LD_CHARS = 2**18  # longest JSON-LD script that is parsed
OUTLET = ("og:site_name", "application-name", "publisher", "dc.publisher")
TITLE = ("og:title", "dc.title", "twitter:title")
PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
    "publishdate", "publish-date", "publish_date", "parsely-pub-date", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.issued", "sailthru.date", "article.published",
)  # fmt: skip
ARTICLE = re.compile(
    r"(?:News|Reportage|Blog|Live|Opinion|Review|Analysis)?\w{0,20}(?:Article|Posting)"
)


def extract_text(markup: str, part: str) -> tuple[str, str]:
    """
    Return a page's text and which part it is: the whole if no main text is wanted or found.

    Args:
        part: WHOLE or MAIN.
    """
    if part == MAIN and not _is_too_deep(markup):
        text = _extract(markup, is_main=True)
        if text.strip():
            return text, MAIN
    return _extract(markup, is_main=False), WHOLE


def read_facts(markup: str) -> Facts:
    """Read the metadata in a page's head and its JSON-LD."""
    tree = HTMLTree.parse(markup)
    meta = _read_meta(tree)
    linked = next(_find_articles(tree), {})
    publisher = linked.get("publisher")
    named = publisher.get("name") if isinstance(publisher, dict) else publisher
    links = tree.document.query_selector_all("link[rel=canonical]") if tree.document else []
    canonical = [link.getattr("href") for link in links][:1]
    urls = [*canonical, meta.get("og:url"), linked.get("url")]
    valid = [parse_facts(url=url).url for url in urls]
    return parse_facts(
        outlet=_first(meta, OUTLET[:1]) or named or _first(meta, OUTLET),
        url=next(filter(None, valid), None),
        title=_first(meta, TITLE) or linked.get("headline") or tree.title,
        published_at=linked.get("datePublished") or _first(meta, PUBLISHED),
    )


def _extract(markup: str, is_main: bool) -> str:
    return extract_plain_text(
        markup, preserve_formatting=True, main_content=is_main, list_bullets=False
    )


def _read_meta(tree: HTMLTree) -> dict[str, str]:
    """Return the page's meta elements by lower-case name; the first of each name counts."""
    found: dict[str, str] = {}
    for meta in tree.document.query_selector_all("meta") if tree.document else ():
        name = meta.getattr("property") or meta.getattr("name") or meta.getattr("itemprop")
        content = meta.getattr("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content)
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _find_articles(tree: HTMLTree) -> Iterator[dict[str, Any]]:
    """Iterate over the articles that JSON-LD describes."""
    scripts = 'script[type="application/ld+json"]'
    for script in tree.document.query_selector_all(scripts) if tree.document else ():
        text = script.text or ""
        if len(text) > JSON_LD_CHARS:
            continue
        try:
            linked = json.loads(text)
        except (ValueError, RecursionError):
            continue
        graph = linked.get("@graph") if isinstance(linked, dict) else None
        for thing in (
            graph if isinstance(graph, list) else linked if isinstance(linked, list) else [linked]
        ):
            kinds = thing.get("@type") if isinstance(thing, dict) else None
            for kind in kinds if isinstance(kinds, list) else [kinds]:
                if isinstance(kind, str) and ARTICLE.fullmatch(kind):
                    yield thing


def _is_too_deep(markup: str) -> bool:
    """Tell whether elements are nested deeper than on any real page."""
    voids = frozenset(VOIDS.split())
    opened: dict[str, int] = {}
    depth = 0
    for tag in TAG.finditer(markup):
        name = tag[2].lower()
        if name in voids or tag[3].endswith("/"):
            continue
        step = -1 if tag[1] else 1
        if step > 0 or opened.get(name, 0) > 0:
            opened[name] = opened.get(name, 0) + step
            depth += step
        if depth > MAX_OPEN:
            return True
    return False
