"""
Build the table of quotes of a frame of stories.
"""

import hashlib
import re
import unicodedata
from typing import Any

import pyarrow as pa

from include.analysis.quotes.language import Language, read_language
from include.analysis.quotes.names import Names
from include.analysis.quotes.quotes import Quote, find_quotes
from include.schema.quotes import QUOTES

QUOTES_VERSION = "2"  # changes with the rows of any story
WORD = re.compile(r"\w+")
OUTER = " \t\n\"'“”„‟‘’‚«»‹›「」『』〝〞〟＂″`"
SHORT_ID = 24


def quote_stories(stories: pa.Table) -> pa.Table:
    """
    Find the quotes of stories.

    Args:
        stories: `story_id`, `body` and `language`.
    Returns:
        `QUOTES`, in the order of the stories and of each body. Stories in a language without a
        table of words have no rows.
    """
    rows: list[dict[str, Any]] = []
    columns = (stories[name].to_pylist() for name in ("story_id", "body", "language"))
    for story_id, body, language in zip(*columns, strict=True):
        words = read_language(language or "")
        if body and words:
            rows += _story_rows(story_id, body, words)
    return pa.Table.from_pylist(rows, QUOTES.schema())


def _story_rows(story_id: str, body: str, words: Language) -> list[dict[str, Any]]:
    quotes = find_quotes(body, words)
    if not quotes:
        return []
    names = Names(body, words, quotes[-1].paragraph + 1)
    speakers = frozenset(names.expand(q.speaker.name) for q in quotes if q.speaker)
    rows: list[dict[str, Any]] = []
    for number, quote in enumerate(quotes, 1):
        row = {"story_id": story_id, "quote_no": number, **_row(quote, body)}
        last = quotes[number - 2] if number > 1 else None
        goes_on = last is not None and _goes_on(quote, last, row.get("cue") or "", words)
        row |= _speaker(quote, body, names, speakers)
        if row.get("speaker") is None and goes_on:
            row["speaker"] = rows[-1].get("speaker")
        rows.append(row)
    return rows


def _goes_on(quote: Quote, last: Quote, cue: str, words: Language) -> bool:
    """Whether the speaker of the quote before speaks on: she added; dijo, without a subject."""
    unnamed = words.drops and quote.speaker is None and quote.cue is not None
    same = quote.kind == "continued" or cue.lower() in words.again or unnamed
    return same and quote.paragraph - last.paragraph <= 1


def _row(quote: Quote, body: str) -> dict[str, Any]:
    text = " ".join(body[start:end].strip(OUTER) for start, end in quote.spans)
    words = normalize(text)
    row = {
        "kind": quote.kind,
        "text": text,
        "words": len(words),
        "text_hash": hashlib.sha256(" ".join(words).encode()).hexdigest()[:SHORT_ID],
        "start": quote.spans[0][0],
        "end": quote.spans[-1][1],
        "spans": [{"start": start, "end": end} for start, end in quote.spans],
    }
    if quote.cue:
        row |= {"cue": body[slice(*quote.cue)], "cue_start": quote.cue[0], "cue_end": quote.cue[1]}
    return row


def _speaker(quote: Quote, body: str, names: Names, speakers: frozenset[str]) -> dict[str, Any]:
    mention = quote.speaker
    if mention is None:
        return {}
    where = {"speaker_start": mention.start, "speaker_end": mention.end}
    if mention.is_pronoun:
        pronoun = body[mention.start : mention.end]
        person = names.resolve(pronoun, mention.start, quote.paragraph, speakers)
        return {"speaker": person, "speaker_is": "pronoun", **where}
    if mention.name:
        return {"speaker": names.expand(mention.name), "speaker_is": "name", **where}
    return {"speaker": body[mention.start : mention.end], "speaker_is": "words", **where}


def normalize(text: str) -> list[str]:
    """Give the words of a quote as other outlets may write them: no case, marks or ligatures."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())
