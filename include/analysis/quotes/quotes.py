"""
Decide which quoted stretches of a body are quotations, and join their parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from include.analysis.quotes.attribution import Attribution, attribute, attribute_to_next
from include.analysis.quotes.evidence import Weights, find_signs, read_weights, weigh
from include.analysis.quotes.language import Language
from include.analysis.quotes.marks import find_paragraphs, find_stretches
from include.analysis.quotes.speakers import Mention
from include.analysis.quotes.subjects import main_subject
from include.analysis.quotes.tokens import QUOTE, Token, cut_sentences, cut_tokens

JOINED = "joined"
INTRODUCTION = 600  # characters of a paragraph above that may introduce a quote
SENTENCE = 60  # tokens before a quote without a cue in which its speaker is looked for
MOST_QUOTES = 5000  # per body, the rest of which is not read; no story has as many
LIKELY = 0.5  # probability from which a stretch counts as a quotation


@dataclass(frozen=True, slots=True)
class Quote:
    """
    One quote of one body.

    spans: its parts, with the marks, offsets into the body; a cue inside makes two parts. kind:
    sentence, fragment or continued (a later paragraph of a speech, no cue of its own).
    """

    spans: tuple[tuple[int, int], ...]
    kind: str
    speaker: Mention | None
    cue: tuple[int, int] | None
    paragraph: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's sentences; leading: the sentence above it that introduces it by a colon."""

    sentences: list[list[Token]]
    number: int
    leading: list[Token]


def find_quotes(body: str, words: Language, weights: Weights | None = None) -> list[Quote]:
    """Find the quotes of one body, in order. weights: of the signs, instead of the file's."""
    weights = weights or read_weights()
    quotes: list[Quote] = []
    above: tuple[int, int] | None = None
    for number, (start, end) in enumerate(find_paragraphs(body)):
        stretches = find_stretches(body, start, end)
        if len(quotes) >= MOST_QUOTES:
            break
        if stretches:
            sentences = cut_sentences(cut_tokens(body, start, end, stretches), words)
            leading = _introduction(body, above, words)
            last = quotes[-1] if quotes else None
            paragraph = Paragraph(sentences, number, leading)
            for quote in _of_paragraph(paragraph, words, weights, last):
                if quotes and quote.kind == JOINED:
                    quotes[-1] = replace(quotes[-1], spans=quotes[-1].spans + quote.spans)
                else:
                    quotes.append(quote)
        above = (start, end)
    return quotes


def _introduction(body: str, above: tuple[int, int] | None, words: Language) -> list[Token]:
    """Give the last sentence of the paragraph above if it ends with a colon."""
    if above is None or not body[above[0] : above[1]].rstrip().endswith((":", "：")):
        return []
    start = max(above[0], above[1] - INTRODUCTION)
    sentences = cut_sentences(cut_tokens(body, start, above[1], []), words)
    return sentences[-1]


def _of_paragraph(
    paragraph: Paragraph, words: Language, weights: Weights, previous: Quote | None
) -> Iterator[Quote]:
    sentences, number = paragraph.sentences, paragraph.number
    for at, index in places_of_quotes(sentences):
        led = paragraph.leading if at == index == 0 else []
        sentence, place = [*led, *sentences[at]], len(led) + index
        kind = kind_of(sentence[place].text)
        if weigh(find_signs(sentence, place, words), weights[kind]) < LIKELY:
            continue
        token = sentence[place]
        quote = Quote(((token.start, token.end),), kind, None, None, number)
        quote = _attributed(quote, attribute(sentence, place, words))
        if quote.cue is None and index == len(sentences[at]) - 1 and at + 1 < len(sentences):
            quote = _attributed(quote, attribute_to_next(sentences[at + 1], words))
        above = sentences[at - 1] if at else []
        previous = _settle(quote, previous, above, sentences[at][:index], words)
        yield previous


def places_of_quotes(sentences: list[list[Token]]) -> Iterator[tuple[int, int]]:
    """Give the number of the sentence and the place in it of each quoted stretch."""
    for at, sentence in enumerate(sentences):
        yield from ((at, i) for i, token in enumerate(sentence) if token.kind == QUOTE)


def _attributed(quote: Quote, attribution: Attribution | None) -> Quote:
    if attribution is None:
        return quote
    cue = (attribution.cue_start, attribution.cue_end)
    return replace(quote, speaker=attribution.speaker, cue=cue)


def _settle(
    quote: Quote,
    previous: Quote | None,
    above: list[Token],
    before: list[Token],
    words: Language,
) -> Quote:
    """
    Join a quote with the one before it, or take its speaker from there.

    above: the sentence above. before: the words before the quote in its own sentence.
    """
    if previous is not None and previous.kind != "fragment" and quote.kind == "sentence":
        here = previous.paragraph == quote.paragraph
        if here and quote.cue in {None, previous.cue}:
            return replace(previous, spans=quote.spans, kind=JOINED)
        is_first = not above and not before
        if quote.cue is None and is_first and previous.paragraph == quote.paragraph - 1:
            return replace(quote, kind="continued", speaker=previous.speaker)
    if quote.cue is not None:
        return quote
    speaker = main_subject(before[-SENTENCE:], words) or main_subject(above[-SENTENCE:], words)
    return replace(quote, speaker=speaker)


def kind_of(text: str) -> str:
    """Tell whether quoted words look like a sentence, or like a fragment of one."""
    bare = text.lstrip("[(…¿¡.‘'\"“ ")
    is_whole = bare[:1].isupper() or text.rstrip()[-1:] in ".!?…,"
    return "sentence" if len(text.split()) >= 2 and is_whole else "fragment"
