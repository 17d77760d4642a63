"""
Extract the text of an HTML page, and the metadata in its markup.

The whole text is what a reader of the page sees, including navigation; the main text is what
Resiliparse considers the article. Scripts, styles and form fields are not text, nor is what
attributes hide (`hidden`, `display:none`, `aria-hidden`).
"""

from __future__ import annotations

import re
from typing import Any

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from include.intake.decoding.json_ld import find_article
from include.intake.decoding.metadata import Facts, parse_facts, read_url
from include.intake.decoding.records import name_of

WHOLE, MAIN = "whole", "main"
VISIBLE, MAIN_VISIBLE = "visible", "main_visible"
HIDING = '[hidden], [aria-hidden="true"], [style]'
HIDING_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)
MAY_HIDE = re.compile(r"\bhidden\b|display\s{0,9}:\s{0,9}none", re.I)
MAX_OPEN = 2_000  # nested elements; the search for the main text is quadratic: 20,000 took 5.5 s
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)")
# elements without an end tag, or whose end tag is optional
VOIDS = """
    area base br col embed hr img input link meta param source track wbr p li dt dd tr td th option
    thead tbody tfoot
"""
OUTLET = ("og:site_name", "application-name", "publisher", "dc.publisher")
TITLE = ("dc.title", "twitter:title", "parsely-title")
AUTHOR = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
    "publishdate", "publish-date", "publish_date", "parsely-pub-date", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.issued", "sailthru.date", "article.published",
)  # fmt: skip


def extract_text(markup: str, part: str) -> tuple[str, str]:
    """
    Return a page's text and which part it is: the whole if no main text is wanted or found.

    Args:
        part: WHOLE or MAIN.
    Returns:
        The part is VISIBLE or MAIN_VISIBLE if elements that a reader does not see were left out.
    """
    tree = HTMLTree.parse(markup) if MAY_HIDE.search(markup) else None
    return _extract_part(markup, part, tree if tree and _remove_hidden(tree) else None)


def extract_again(markup: str, part: str) -> str:
    """Return the text of the part that `extract_text` named."""
    tree = None
    if part in (VISIBLE, MAIN_VISIBLE):
        tree = HTMLTree.parse(markup)
        _remove_hidden(tree)
    return _extract_part(markup, part, tree)[0]


def _extract_part(markup: str, part: str, visible: HTMLTree | None) -> tuple[str, str]:
    page = markup if visible is None else visible
    is_visible = visible is not None
    if part in (MAIN, MAIN_VISIBLE) and not _is_too_deep(markup):
        text = _extract(page, is_main=True)
        if text.strip():
            return text, MAIN_VISIBLE if is_visible else MAIN
    return _extract(page, is_main=False), VISIBLE if is_visible else WHOLE


def read_facts(markup: str) -> Facts:
    """Read the metadata in a page's head and its JSON-LD."""
    tree = HTMLTree.parse(markup)
    meta = _read_meta(tree)
    linked = find_article(tree)
    links = tree.document.query_selector_all("link[rel=canonical]") if tree.document else []
    canonical = [link.getattr("href") for link in links][:1]
    urls = [*canonical, meta.get("og:url"), linked.get("url")]
    valid = [parse_facts(url=url).url for url in urls]
    authors = [name_of(linked.get("author")), *(meta.get(name) for name in AUTHOR)]
    titles = {
        "og:title": meta.get("og:title"),
        "meta": _first(meta, TITLE),
        "json-ld": name_of(linked.get("headline")),
        "title": tree.title,
    }
    source = next((source for source, title in titles.items() if title and title.strip()), None)
    return parse_facts(
        outlet=_first(meta, OUTLET[:1]) or name_of(linked.get("publisher")) or _first(meta, OUTLET),
        url=next(filter(None, valid), None),
        title=titles[source] if source else None,
        published_at=linked.get("datePublished") or _first(meta, PUBLISHED),
        author=next((name for name in authors if name and not read_url(name)), None),
        title_source=source,
    )


def _remove_hidden(tree: HTMLTree) -> int:
    """
    Remove what the page's own attributes hide; return how many elements were removed.

    Nothing that holds most of the text is removed: pages hide themselves until a script has run,
    and behind a dialogue.
    """
    body = tree.body
    nodes: Any = tree.document.query_selector_all(HIDING) if body and tree.document else ()
    hidden = [node for node in nodes if _is_hidden(node)]
    all_chars = len(body.text or "") if hidden and body else 0
    removed = 0
    for node in hidden:
        if node.parent and 2 * len(node.text or "") < all_chars:
            node.parent.remove_child(node)
            removed += 1
    return removed


def _is_hidden(node: Any) -> bool:
    if node.tag in ("html", "body", "head", "script", "style", "meta", "link"):
        return False
    if node.getattr("hidden") is not None or node.getattr("aria-hidden") == "true":
        return True
    return bool(HIDING_STYLE.search(node.getattr("style") or ""))


def _extract(page: str | HTMLTree, is_main: bool) -> str:
    return extract_plain_text(
        page, preserve_formatting=True, main_content=is_main, list_bullets=False
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
