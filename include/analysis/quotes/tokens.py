"""
Cut a paragraph into tokens and sentences; a quoted stretch is one token.
"""

import re
from dataclasses import dataclass

from include.analysis.quotes.language import Language
from include.analysis.quotes.marks import Stretch

TOKEN = re.compile(r"\w+(?:[.'’\-‐‑&]\w+)*|[^\w\s]")
ENDS = frozenset(".!?…。！？")
LONGEST_SENTENCE = 250  # tokens; bounds the work at each quote. The longest of PolNeAR has 198
WORD, SIGN, QUOTE = "word", "sign", "quote"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a punctuation mark or a quoted stretch; offsets into the body."""

    kind: str
    start: int
    end: int
    text: str
    low: str
    stretch: Stretch | None = None

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that starts with a capital letter."""
        return self.kind == WORD and self.text[0].isupper()


def cut_tokens(body: str, start: int, end: int, stretches: list[Stretch]) -> list[Token]:
    """Give the tokens of one paragraph, in order; each stretch is one token."""
    tokens: list[Token] = []
    at = start
    for stretch in stretches:
        tokens += _words(body, at, stretch.start)
        inner = body[stretch.inner_start : stretch.inner_end]
        tokens.append(Token(QUOTE, stretch.start, stretch.end, inner, "", stretch))
        at = stretch.end
    return tokens + _words(body, at, end)


def _words(body: str, start: int, end: int) -> list[Token]:
    tokens = []
    for match in TOKEN.finditer(body, start, end):
        text = match.group()
        kind = WORD if text[0].isalnum() or text[0] == "_" else SIGN
        tokens.append(Token(kind, match.start(), match.end(), text, text.lower()))
    return tokens


def cut_sentences(tokens: list[Token], words: Language) -> list[list[Token]]:
    """Cut the tokens at the ends of sentences. A quote that ends with a full stop ends one, too."""
    sentences: list[list[Token]] = [[]]
    for index, token in enumerate(tokens):
        sentences[-1].append(token)
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        long = len(sentences[-1]) >= LONGEST_SENTENCE
        if following and (
            long or _ends(token, tokens[index - 1] if index else None, following, words)
        ):
            sentences.append([])
    return sentences


def _ends(token: Token, before: Token | None, following: Token, words: Language) -> bool:
    if token.kind == QUOTE:
        last = token.text.rstrip(" \"'”’»“")[-1:]
        if following.kind == QUOTE:
            return last in ENDS
        if last == "." or last == "。":
            return following.is_capital and not following.text.isupper()
        return False
    if token.text not in ENDS:
        return False
    if following.kind == WORD and following.text[0].islower():
        return False
    if token.text != "." or before is None or before.kind != WORD:
        return following.kind != SIGN
    short = before.low in words.abbreviations or (len(before.text) == 1 and before.is_capital)
    return not short and following.kind != SIGN
