"""
Read a JSON record: its text and its facts, under the names that a setting or a known source gives.

News APIs and crawlers have layouts of their own; `PRESETS` names those that are recognised by the
fields they alone have. Names that a person has set count before them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from include.intake.decoding.metadata import Facts, parse_facts


@dataclass(frozen=True)
class Fields:
    """The names under which a JSON record may hold each fact; the first with a value counts."""

    text: tuple[str, ...] = ("text", "content", "body")
    outlet: tuple[str, ...] = ("outlet", "source", "site_name", "publisher")
    url: tuple[str, ...] = ("url", "link")
    title: tuple[str, ...] = ("title", "headline")
    published_at: tuple[str, ...] = ("published_at", "date_published", "published", "date")
    fetched_at: tuple[str, ...] = ("fetched_at", "date_download", "crawled_at")
    author: tuple[str, ...] = ("author", "authors", "byline", "creator")


DEFAULT = Fields()


@dataclass(frozen=True)
class Preset:
    """A source's layout. signature: fields that its records have and others have not."""

    name: str
    signature: tuple[str, ...]
    fields: Fields


def _preset(name: str, *signature: str, **names: tuple[str, ...]) -> Preset:
    nothing: dict[str, tuple[str, ...]] = {field.name: () for field in fields(Fields)}
    return Preset(name, signature, Fields(**{**nothing, **names}))


PRESETS = (
    _preset("news-please", "maintext", text=("maintext",), outlet=("source_domain",),
            title=("title", "title_page"), published_at=("date_publish", "date_modify"),
            author=("authors",)),
    _preset("newsapi", "publishedAt", "source", text=("content", "description"),
            outlet=("source.name", "source.id"), published_at=("publishedAt",)),
    _preset("eventregistry", "dateTimePub", outlet=("source.title", "source.uri"),
            published_at=("dateTimePub", "dateTime")),
    _preset("eventregistry", "dateTime", "source", outlet=("source.title", "source.uri"),
            published_at=("dateTime",)),
    _preset("cc-news", "text", "domain", outlet=("domain",)),
    _preset("json-feed", "content_html", text=("content_html", "content_text")),
    _preset("json-feed", "content_text", text=("content_text",)),
    _preset("schema.org", "articleBody", text=("articleBody",), title=("headline", "name"),
            published_at=("datePublished",)),
    _preset("modu-corpus", "metadata", "paragraph", text=("paragraph",),
            outlet=("metadata.publisher",), published_at=("metadata.date",),
            author=("metadata.author",)),
    # what is left is tried under the names that many sources use
    _preset("any", text=("maintext", "paragraphs", "article"), outlet=("source_domain", "domain"),
            url=("canonical_url", "permalink"), published_at=(
                "publishedAt", "datePublished", "date_publish", "pubDate", "pub_date")),
)  # fmt: skip
NAMES = ("name", "title", "label")  # of a person or an outlet that is an object of its own
PARAGRAPHS = ("form", "text", "content", "value", "body")


def find_text(record: dict[str, object], chosen: Fields) -> tuple[str | None, str | None]:
    """Return a record's text and the name of the field it is in; (None, None) if it has none."""
    for name in _list_names(record, chosen, "text"):
        text = read_text(record, name)
        if text is not None:
            return text, name
    return None, None


def read_text(record: object, name: str) -> str | None:
    """Return the text of a field; paragraphs in a list are joined by blank lines."""
    value = look_up(record, name)
    if isinstance(value, list) and value:
        paragraphs = [_read_paragraph(part) for part in value]
        if all(isinstance(part, str) for part in paragraphs):
            return "\n\n".join(part for part in paragraphs if part is not None)
    return value if isinstance(value, str) else None


def read_record_facts(record: dict[str, object], chosen: Fields) -> Facts:
    """Return what a record says of its page; of each fact the first value that can be parsed."""
    found: dict[str, Any] = {}
    for fact in ("outlet", "url", "title", "published_at", "fetched_at", "author"):
        for name in _list_names(record, chosen, fact):
            value = look_up(record, name)
            value = value if fact.endswith("_at") or fact == "url" else name_of(value)
            single: dict[str, Any] = {fact: value}
            if value and getattr(parse_facts(**single), fact) is not None:
                found[fact] = value
                break
    return parse_facts(**found, title_source="record")


def name_of(value: object) -> str | None:
    """Return the name of a person or outlet, or several: text, an object or a list of these."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next((name for key in NAMES if (name := name_of(value.get(key)))), None)
    if isinstance(value, list):
        return ", ".join(filter(None, map(name_of, value[:20]))) or None
    return None


def look_up(record: object, name: str) -> object:
    """Return the value under a name, or under a path of names: `article.body`."""
    if isinstance(record, dict) and name in record:
        return record[name]
    for part in name.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def _list_names(record: dict[str, object], chosen: Fields, fact: str) -> list[str]:
    """Return the names to try: those a person set, those of the record's source, the usual ones."""
    own, usual = getattr(chosen, fact), getattr(DEFAULT, fact)
    matching = [preset for preset in PRESETS if all(key in record for key in preset.signature)]
    named = [
        name for preset in matching if preset.signature for name in getattr(preset.fields, fact)
    ]
    last = [
        name for preset in matching if not preset.signature for name in getattr(preset.fields, fact)
    ]
    first = [*own, *named] if own != usual else [*named, *own]
    return list(dict.fromkeys([*first, *last]))


def _read_paragraph(part: object) -> str | None:
    if isinstance(part, dict):
        return next((part[key] for key in PARAGRAPHS if isinstance(part.get(key), str)), None)
    return part if isinstance(part, str) else None
