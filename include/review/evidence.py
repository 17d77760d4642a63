"""
Explain to a reviewer why a rule set a story aside: the date, the words or the lines that broke it.

Gives Markdown. Everything that comes from a page is quoted as inline code it cannot break out of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from include.text import sanitize, shorten

QUOTES = 3  # of lines or words that broke a rule; the story's lines stand below
QUOTE_CHARS = 160
URL_CHARS = 900
DAMAGED = re.compile(
    r"�|[ÂÃÎÏÐÑØÙ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|à[¤¥]|[\x00-\x08\x0b-\x1f\x7f]"
)
FORMATS = {"minute": "%-d %B %Y, %H:%M UTC", "hour": "%-d %B %Y, %H:00 UTC", "day": "%-d %B %Y"}
SOURCES = {
    "text": "as the page says",
    "relative": "from an age on the page",
    "file": "as came with the file",
    "review": "as a reviewer said",
}
BUG = "This is a bug of the splitter: report it, with the file."


@dataclass(frozen=True)
class Part:
    """A line of the story: its role and text, and whether a list of chrome phrases knows it."""

    role: str
    text: str
    is_chrome_phrase: bool = False


def quote(text: object, chars: int = URL_CHARS) -> str:
    """Give untrusted text as inline code that it cannot break out of."""
    plain = shorten(sanitize(str(text)), chars).replace("`", "ʼ").strip()
    return f"`{plain or ' '}`"


def list_facts(story: Mapping[str, Any], url: str | None) -> list[str]:
    """Give what is known of a story beside its text: URL, date, byline, dateline."""
    date = _format_date(story)
    return [
        f"URL {quote(url)}" if url else "no URL known",
        f"published {date}" if date else "no date found",
        f"byline {quote(story['byline'], QUOTE_CHARS)}" if story["byline"] else "no byline",
        *([f"dateline {quote(story['dateline'], QUOTE_CHARS)}"] if story["dateline"] else []),
    ]


def explain(rule: str, value: str | None, story: Mapping[str, Any], parts: Sequence[Part]) -> str:
    """
    Give a sentence that says what broke a rule.

    Args:
        value: the figure that broke it. story: its row of `quarantine`. parts: its lines in order.
    """
    write = EXPLANATIONS.get(rule)
    explanation = write(value or "", story, parts) if write else f"the figure is {quote(value)}."
    return f"`{rule}`: {explanation}"


def _write_ahead(value: str, story: Mapping[str, Any], _: Sequence[Part]) -> str:
    days = f"{float(value):,.0f} days" if re.fullmatch(r"[\d.e+]+", value) else quote(value)
    split_at: datetime | None = story.get("ingested_at")
    then = f" ({split_at:%-d %B %Y})" if split_at else ""
    return f"the date {_format_date(story)} lies {days} after the day it was taken{then}."


def _write_too_old(_: str, story: Mapping[str, Any], __: Sequence[Part]) -> str:
    return f"the date {_format_date(story)} is earlier than the first newspaper."


def _write_phrases(value: str, _: Mapping[str, Any], parts: Sequence[Part]) -> str:
    phrases = [part.text for part in parts if part.is_chrome_phrase and _is_body(part)]
    return f"the body still holds {_count(value, 'phrase')} of a web page: {_list(phrases)}."


def _write_headline(_: str, story: Mapping[str, Any], __: Sequence[Part]) -> str:
    headline = str(story["headline"] or "")
    return f"the headline has {len(headline):,} characters: {quote(headline, QUOTE_CHARS)}."


def _write_length(value: str, _: Mapping[str, Any], parts: Sequence[Part]) -> str:
    body = " ".join(part.text for part in parts if _is_body(part))
    return f"the body has {_count(value, 'character')}: {quote(body, QUOTE_CHARS)}."


def _write_repeats(value: str, _: Mapping[str, Any], parts: Sequence[Part]) -> str:
    counts = Counter(part.text for part in parts if _is_body(part))
    repeated = [text for text, count in counts.most_common(QUOTES) if count > 1]
    share = f"{float(value):.0%}" if re.fullmatch(r"[\d.e-]+", value) else quote(value)
    return f"{share} of the body repeats itself: {_list(repeated)}."


def _write_is_headline(_: str, story: Mapping[str, Any], __: Sequence[Part]) -> str:
    return f"the body only repeats the headline {quote(story['headline'], QUOTE_CHARS)}."


def _write_copy(value: str, story: Mapping[str, Any], _: Sequence[Part]) -> str:
    return f"it is copy {quote(value)} of the story `{story['story_id']}` in one batch. {BUG}"


def _write_damage(value: str, _: Mapping[str, Any], parts: Sequence[Part]) -> str:
    words = [word for part in parts for word in part.text.split() if DAMAGED.search(word)]
    return (
        f"of 1,000 characters {quote(value)} are lost or wrongly decoded, as in {_list(words)}. "
        "The page's encoding was read wrongly, or was lost before it came."
    )


def _write_bug(value: str, _: Mapping[str, Any], __: Sequence[Part]) -> str:
    return f"{quote(value)} of its positions in the page do not add up. {BUG}"


def _write_counts(_: str, story: Mapping[str, Any], parts: Sequence[Part]) -> str:
    chars = sum(len(part.text) for part in parts if _is_body(part))
    return (
        f"its counts do not fit its body, which has about {chars:,} characters: {story['words']:,} "
        f"words. {BUG}"
    )


Write = Callable[[str, Mapping[str, Any], Sequence[Part]], str]
EXPLANATIONS: dict[str, Write] = {
    "body.length": _write_length,
    "body.counts": _write_counts,
    "chrome.none": _write_phrases,
    "published.not_ahead": _write_ahead,
    "published.after_press": _write_too_old,
    "headline.length": _write_headline,
    "headline.shape": _write_headline,
    "body.repeats": _write_repeats,
    "body.beyond_headline": _write_is_headline,
    "body.spans": _write_bug,
    "body.traceable": _write_bug,
    "headline.spans": _write_bug,
    "caption.spans": _write_bug,
    "spans.disjoint": _write_bug,
    "story_id.unique": _write_copy,
    "text.garbled": _write_damage,
}


def _is_body(part: Part) -> bool:
    return part.role in ("body", "list")


def _format_date(story: Mapping[str, Any]) -> str | None:
    """Give a story's date as precisely as it is known, and where it was read; None without one."""
    at: datetime | None = story["published_at"]
    if at is None:
        return None
    source = SOURCES.get(story["published_source"] or "", "of unknown source")
    form = FORMATS.get(story["published_precision"], FORMATS["minute"])
    return f"**{at.strftime(form)}** ({source})"


def _count(value: str, noun: str) -> str:
    number = f"{int(value):,}" if value.isdigit() else quote(value)
    return f"{number} {noun}{'' if value == '1' else 's'}"


def _list(texts: Sequence[str]) -> str:
    """Give the first few texts as inline code."""
    if not texts:
        return "see its lines below"
    shown = ", ".join(quote(text, QUOTE_CHARS) for text in list(dict.fromkeys(texts))[:QUOTES])
    return f"{shown}, …" if len(set(texts)) > QUOTES else shown
