"""
Build the rows of quotes of a frame of stories.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from include.analysis.quotes.attribution import attribute
from include.analysis.quotes.language import Language, read_language
from include.analysis.quotes.marks import find_paragraphs, find_stretches
from include.analysis.quotes.speakers import Mention
from include.analysis.quotes.subjects import main_subject
from include.analysis.quotes.tokens import QUOTE, Token, cut_sentences, cut_tokens


@dataclass(frozen=True, slots=True)
class Quote:
    """
    One quote of one body.

    spans: the words between the marks, one span per part; a quote is in parts where the cue stands
    inside. kind: sentence, fragment or continued (no cue of its own).
    """

    spans: tuple[tuple[int, int], ...]
    kind: str
    speaker: Mention | None
    cue: tuple[int, int] | None
    paragraph: int


def find_quotes(body: str, language: str) -> list[Quote]:
    """Find the quotes of one body, in order; none in a language without a table."""
    words = read_language(language)
    if words is None:
        return []
    found: list[Quote] = []
    before: list[Token] = []
    for number, (start, end) in enumerate(find_paragraphs(body)):
        stretches = find_stretches(body, start, end)
        if stretches:
            tokens = cut_tokens(body, start, end, stretches)
            sentences = cut_sentences(tokens, words)
            for quote in _of_paragraph(sentences, number, words, found[-1:], before):
                if found and _joins(found[-1], quote):
                    found[-1] = replace(found[-1], spans=found[-1].spans + quote.spans)
                else:
                    found.append(quote)
    return found


def _joins(last: Quote, quote: Quote) -> bool:
    return quote.kind == "continued" and quote.paragraph == last.paragraph


def _of_paragraph(
    sentences: list[list[Token]],
    number: int,
    words: Language,
    last: list[Quote],
    before: list[Token],
) -> Iterator[Quote]:
    previous: Quote | None = last[0] if last else None
    for at, sentence in enumerate(sentences):
        for index, token in enumerate(sentence):
            if token.kind != QUOTE or token.stretch is None:
                continue
            quote = _decide(sentences, at, index, number, words, previous)
            if quote:
                yield quote
                previous = quote


def _decide(
    sentences: list[list[Token]],
    at: int,
    index: int,
    number: int,
    words: Language,
    previous: Quote | None,
) -> Quote | None:
    sentence = sentences[at]
    token = sentence[index]
    assert token.stretch is not None
    span = (token.stretch.start, token.stretch.end)
    text = token.text.strip()
    whole = _is_sentence(text)
    found = attribute(sentence, index, words)
    if found:
        kind = "sentence" if whole else "fragment"
        quote = Quote((span,), kind, found.speaker, (found.cue_start, found.cue_end), number)
        if (
            previous
            and whole
            and previous.paragraph == number
            and previous.cue == quote.cue
            and previous.kind == "sentence"
        ):
            return replace(quote, kind="continued")
        return quote
    if not whole:
        return None
    if previous and previous.paragraph == number and previous.kind != "fragment":
        return Quote((span,), "continued", previous.speaker, None, number)
    if previous and previous.paragraph == number - 1 and at == 0 and index == 0:
        return Quote((span,), "continued", previous.speaker, None, number)
    if at and index == 0 and len(text.split()) >= 4:
        return Quote((span,), "sentence", main_subject(sentences[at - 1], words), None, number)
    if at == 0 and index == 0 and len(text.split()) >= 8:
        return Quote((span,), "sentence", None, None, number)
    return None


def _is_sentence(text: str) -> bool:
    bare = text.lstrip("[(…¿¡.‘'\"“ ")
    return len(text.split()) >= 2 and (bare[:1].isupper() or text[-1:] in ".!?…,")
