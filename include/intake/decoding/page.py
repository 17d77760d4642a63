"""
Read a page's text and metadata from its bytes, at intake and again when history is re-split.

`reread_text` returns the text that `read_page` returned, from the bytes in the ledger and three of
its columns.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from resiliparse.parse.encoding import map_encoding_to_html5

from include.intake.decoding.decode import INK, REPLACEMENT, Decoded, decode_text
from include.intake.decoding.flags import find_oddities
from include.intake.decoding.html import WHOLE, extract_again, extract_text, read_facts
from include.intake.decoding.markdown import is_markdown, read_markdown_facts, render
from include.intake.decoding.metadata import NO_FACTS, Facts
from include.intake.decoding.records import Fields, find_text, read_record_facts, read_text
from include.intake.decoding.sniff import find_markup
from include.intake.failures import Stopped, stop_if_broken

TEXT, HTML, JSON, MARKDOWN = "text", "html", "json", "markdown"
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w:-]{2,40})", re.I)
META_BYTES = 4096  # browsers look for the charset in the first 1024
SURROGATES = re.compile("[\ud800-\udfff]")
OF_MARKUP = ("left_over_markup", "control_chars", "mojibake", "inner_bom")


@dataclass(frozen=True)
class TextOptions:
    """How text is extracted: from HTML, whole or main; from JSON, by the names of its fields."""

    html: str = WHOLE
    fields: Fields = Fields()


@dataclass(frozen=True)
class Page:
    """
    A page's text and metadata.

    decoded: the text, or the reason why there is none. media_type: text, html or json; None if
    rejected as something else. text_from: see the column of that name in `schema.split`.
    """

    decoded: Decoded
    media_type: str | None = None
    text_from: str | None = None
    facts: Facts = NO_FACTS


def read_page(
    raw: bytes, options: TextOptions, media_type: str | None = None, charset: str | None = None
) -> Page:
    """
    Read one page; one that a parser cannot read is rejected.

    Args:
        media_type: what the bytes are, if known; otherwise detected.
        charset: the declared encoding (HTTP's, or the one in the ledger).
    """
    try:
        with stop_if_broken("page"):
            return _read(raw, options, media_type, charset)
    except Stopped as exc:
        return reject_page(exc.reason)


def _read(raw: bytes, options: TextOptions, media_type: str | None, charset: str | None) -> Page:
    decoded = decode_text(raw, name_codec(charset) or _find_charset(raw))
    if decoded.text is None:
        return Page(decoded)
    kind = media_type or find_markup(decoded.text)
    kind = kind or (MARKDOWN if is_markdown(decoded.text) else TEXT)
    if kind == HTML:
        return _read_html(decoded, options)
    if kind == JSON:
        return _read_record(decoded, options)
    if kind == MARKDOWN:
        return _read_markdown(decoded, options)
    return Page(decoded, TEXT) if kind == TEXT else Page(_reject(kind))


def reread_text(raw: bytes, encoding: str, media_type: str | None, text_from: str | None) -> str:
    """Return the text that a page was split as, from its row in the ledger."""
    text = raw.decode(encoding, "replace").replace("\0", REPLACEMENT)
    if media_type == HTML:
        return _clean(extract_again(text, text_from or WHOLE))[0]
    if media_type == MARKDOWN:
        return _clean(extract_again(render(text), WHOLE))[0]
    if media_type == JSON:
        field, _, part = (text_from or "").partition("/")
        content, _ = _clean(read_text(json.loads(text, strict=False), field) or "")
        if part == MARKDOWN:
            return _clean(extract_again(render(content), WHOLE))[0]
        return _clean(extract_again(content, part))[0] if part else content
    return text


def name_codec(charset: str | None) -> str | None:
    """Return the codec that web pages mean by an encoding's name; None if there is none."""
    if not charset:
        return None
    try:
        "".encode(charset)
    except (LookupError, UnicodeError, ValueError):
        return None
    found: str | None = map_encoding_to_html5(charset, False) or charset
    return found


def _find_charset(raw: bytes) -> str | None:
    declared = META_CHARSET.search(raw, 0, META_BYTES)
    return name_codec(declared[1].decode("ascii", "replace")) if declared else None


def _read_html(decoded: Decoded, options: TextOptions) -> Page:
    markup = decoded.text or ""
    extracted, part = extract_text(markup, options.html)
    text, lost = _clean(extracted)
    if not INK.search(text):
        return Page(_reject("no_text"))
    facts = read_facts(markup)
    return Page(_with_text(decoded, text, lost), HTML, part, facts)


def _read_record(decoded: Decoded, options: TextOptions) -> Page:
    try:
        record = json.loads(decoded.text or "", strict=False)
    except (ValueError, RecursionError):
        return Page(_reject("broken_json"))
    if not isinstance(record, dict):
        return Page(_reject("no_record"))
    found, field = find_text(record, options.fields)
    if found is None:
        return Page(_reject("no_text_field"))
    text, lost = _clean(found)
    facts = read_record_facts(record, options.fields)
    if find_markup(text) == HTML:
        facts = facts.over(read_facts(text))
        extracted, part = extract_text(text, options.html)
        (text, more), field = _clean(extracted), f"{field}/{part}"
        lost += more
    elif is_markdown(text):
        facts = facts.over(read_markdown_facts(text, options.fields))
        extracted = extract_again(render(text), WHOLE)
        (text, more), field = _clean(extracted), f"{field}/{MARKDOWN}"
        lost += more
    if not INK.search(text):
        return Page(_reject("no_text"))
    return Page(_with_text(decoded, text, lost), JSON, field, facts)


def _read_markdown(decoded: Decoded, options: TextOptions) -> Page:
    source = decoded.text or ""
    extracted = extract_again(render(source), WHOLE)
    text, lost = _clean(extracted)
    if not INK.search(text):
        return Page(_reject("no_text"))
    facts = read_markdown_facts(source, options.fields)
    return Page(_with_text(decoded, text, lost), MARKDOWN, None, facts)


def _with_text(decoded: Decoded, text: str, lost: int) -> Decoded:
    """Replace the decoded markup by the text extracted from it, and flag that text."""
    flags = [flag for flag in decoded.flags if flag not in OF_MARKUP]
    if lost and "replaced_chars" not in flags:
        flags.append("replaced_chars")
    flags += find_oddities(text, may_have_controls=True)
    replaced = decoded.replaced_chars + lost
    return replace(decoded, text=text, flags=tuple(flags), replaced_chars=replaced)


def _clean(value: object) -> tuple[str, int]:
    """Replace NULs and lone surrogates by U+FFFD; return the text and how many there were."""
    text, halves = SURROGATES.subn(REPLACEMENT, str(value))
    nuls = text.count("\0")
    return (text.replace("\0", REPLACEMENT) if nuls else text), halves + nuls


def reject_page(reason: str) -> Page:
    """Return a page that has no text, and why."""
    return Page(_reject(reason))


def _reject(reason: str) -> Decoded:
    return Decoded(None, None, 0, (), reason)
