"""
Recognise a text that quotes erased pages: by runs of words, whatever wrapped, escaped or cut it.

A question to a reviewer, a report of a re-split or a log line may hold part of a story, with other
line breaks, in JSON or in HTML. Five words in a row survive that. A copy of the story on another
page has the same words: a file that quotes only the copy is recognised too, and goes as well.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterator

RUN = 5  # words
LONG_WORD = 16  # characters; a sentence without spaces, as in Chinese, is one word
WINDOW = 12  # characters of a long word that count as a run
ENOUGH = 3  # runs in common: one may be a set phrase
WORD = re.compile(r"\w+")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
BREAKS = re.compile(r"\\[nrt]")
NAME_CHARS = 8  # shorter names, such as a.txt, count only between quotes


class Quotations:
    """The texts and names of some pages."""

    def __init__(self, texts: Collection[str], names: Collection[str]) -> None:
        self._runs = frozenset(run for text in texts for run in _runs_of(text))
        self._names = tuple(sorted(names, key=len, reverse=True))

    def quotes(self, text: str) -> bool:
        """Tell whether a text has words of the pages, enough of them in a row."""
        needed = min(ENOUGH, len(self._runs))
        found: set[str] = set()
        for run in _runs_of(_unescape(text)) if needed else ():
            if run in self._runs:
                found.add(run)
                if len(found) >= needed:
                    return True
        return False

    def names_in(self, text: str) -> tuple[str, ...]:
        """Return the forms in which a text holds names of the pages, longest first."""
        forms = []
        for name in self._names:
            for form in dict.fromkeys((name, json.dumps(name)[1:-1], html.escape(name))):
                quoted = [f'"{form}"', f"'{form}'", f"/{form}"]
                found = [
                    one for one in ([form] if len(form) >= NAME_CHARS else quoted) if one in text
                ]
                forms += found
        return tuple(forms)

    def without_names(self, text: str) -> str:
        """Return a text in which the names of the pages are replaced."""
        for form in self.names_in(text):
            edge = form[0] if form[0] in "\"'/" and len(form) < NAME_CHARS + 2 else ""
            end = edge if edge in ('"', "'") else ""
            text = text.replace(form, f"{edge}[erased]{end}")
        return text


def _unescape(text: str) -> str:
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return html.unescape(BREAKS.sub(" ", text))


def _runs_of(text: str) -> Iterator[str]:
    words = WORD.findall(text.casefold())
    for word in words:
        if len(word) >= LONG_WORD:
            yield from (word[at : at + WINDOW] for at in range(len(word) - WINDOW + 1))
    for start in range(len(words) - RUN + 1):
        yield " ".join(words[start : start + RUN])
