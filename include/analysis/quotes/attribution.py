"""
Find who said a quoted stretch: its cue and its speaker, in the sentence that holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from include.analysis.quotes.language import Language
from include.analysis.quotes.phrases import DASHES, is_noun, subject_after
from include.analysis.quotes.speakers import Mention
from include.analysis.quotes.subjects import main_subject, subject_before
from include.analysis.quotes.tokens import QUOTE, SIGN, WORD, Token

REACH = 45  # tokens between a quote and its cue
CLAUSE_ENDS = ",!?…–—，！？"


@dataclass(frozen=True, slots=True)
class Attribution:
    """The cue of a quote (offsets into the body) and the speaker; None where unknown."""

    cue_start: int
    cue_end: int
    speaker: Mention | None


def attribute(sentence: Sequence[Token], index: int, words: Language) -> Attribution | None:
    """Find the cue and speaker of the quote at this index of its sentence; None: no cue."""
    attribution = _next_to(sentence, index, words)
    if attribution is None and any(token.kind == QUOTE for token in sentence[:index]):
        bare = [token for token in sentence[:index] if token.kind != QUOTE]
        attribution = _before(bare[-REACH:], bare, words)
    return attribution


def attribute_to_next(sentence: Sequence[Token], words: Language) -> Attribution | None:
    """Read «These words of NAME» at the start of the sentence after a quote."""
    for at, token in enumerate(sentence[:4]):
        if token.low in words.nouns and at + 2 < len(sentence):
            if sentence[at + 1].low in words.prepositions:
                return _make([token], subject_after(sentence[at + 2 :], words))
            break
    return None


def _next_to(sentence: Sequence[Token], index: int, words: Language) -> Attribution | None:
    before = _region(sentence, index, -1)
    after = _region(sentence, index, 1)
    follows = _after(after, words)
    precedes = _before(before, sentence[:index], words)
    if _is_title(before, sentence[index], words) and not _is_clause(sentence, index):
        return None
    starts_small = sentence[index].text[:1].islower()
    if follows and _ends_open(sentence, index) and not (starts_small and precedes):
        return follows
    if before and before[-1].text in {":", "："}:
        return precedes or _by_colon(before, words)
    if precedes and before and (before[-1].text == "," or before[-1].low in words.verbs):
        return precedes
    return precedes or follows


def _region(sentence: Sequence[Token], index: int, step: int) -> list[Token]:
    """Give the tokens between a quote and the next quote (step 1) or the one before (-1)."""
    tokens: list[Token] = []
    at = index + step
    while 0 <= at < len(sentence) and sentence[at].kind != QUOTE and len(tokens) < REACH:
        tokens.append(sentence[at])
        at += step
    return tokens if step > 0 else tokens[::-1]


def _ends_open(sentence: Sequence[Token], index: int) -> bool:
    """Whether the sentence goes on after a quote that is a clause of its own: «…,» said."""
    last = sentence[index].text.rstrip()[-1:]
    following = sentence[index + 1].text if index + 1 < len(sentence) else ""
    return (last != "" and last in CLAUSE_ENDS + ".") or following in set(",–—-")


def _is_clause(sentence: Sequence[Token], index: int) -> bool:
    """Whether a quote is a sentence of its own, by its first letter and its last mark."""
    text = sentence[index].text.lstrip(" [(¿¡…")
    return text[:1].isupper() and (_ends_open(sentence, index) or text.rstrip()[-1:] in ".!?…")


def _is_title(before: Sequence[Token], quote: Token, words: Language) -> bool:
    near = [t.low for t in before[-2:] if t.kind == WORD]
    return bool(near) and near[-1] in words.works


def _after(region: list[Token], words: Language) -> Attribution | None:
    """Read «said NAME», «NAME said» and «according to NAME» after a quote."""
    tokens = list(region)
    while tokens and tokens[0].kind == SIGN and tokens[0].text in DASHES | {","}:
        tokens.pop(0)
    for at in range(min(3, len(tokens))):
        token = tokens[at]
        if token.low in words.verbs | words.after:
            return _make(tokens[at : at + 1], subject_after(tokens[at + 1 :], words))
        if token.low not in words.fillers and not token.low.endswith("ly"):
            break
    if by_source := _source(tokens, words):
        return by_source
    for at, token in enumerate(tokens):
        if token.text in ";:" and at:
            break
        if token.low in words.verbs and not is_noun(tokens, at, words):
            left, right = tokens[:at], tokens[at + 1 :]
            turned = words.inverts and at and (left[-1].text == "," or left[-1].low in words.after)
            speaker = subject_after(right, words) if turned else subject_before(left, words)
            return _make(tokens[at : at + 1], speaker or subject_after(right, words))
    return None


def _before(region: list[Token], sentence: Sequence[Token], words: Language) -> Attribution | None:
    """Read «NAME said: », «NAME, saying that» and «According to NAME,» before a quote."""
    for at in range(len(region) - 1, -1, -1):
        token = region[at]
        if token.text == ";" or (token.text in DASHES and at < len(region) - 12):
            break
        if token.low in words.participles:
            whole = list(sentence[: len(sentence) - len(region) + at])
            near = subject_before(region[:at], words) if at and region[at - 1].text != "," else None
            return _make(region[at : at + 1], near or main_subject(whole, words))
        if token.low in words.verbs and not is_noun(region, at, words):
            return _make(region[at : at + 1], _subject(region, at, sentence, words))
    return _source(region, words, has_apposition=False)


def _subject(
    region: list[Token], at: int, sentence: Sequence[Token], words: Language
) -> Mention | None:
    tail = region[at + 1 :]
    subject = None
    if words.inverts and tail and tail[0].kind == WORD and _is_turned(region[:at], tail, words):
        subject = subject_after(tail, words)
    subject = subject or subject_before(region[:at], words)
    opens = all(token.low in words.fillers for token in region[:at])
    if subject is None and tail and tail[0].kind == WORD and (words.inverts or opens):
        subject = subject_after(tail, words)
    whole = list(sentence[: len(sentence) - len(region) + at])
    return subject or main_subject(whole, words)


def _is_turned(left: list[Token], tail: list[Token], words: Language) -> bool:
    """Whether the subject follows the verb: «Später sagte Merkel», «in Rom sagte er»."""
    if tail[0].low in words.pronouns and not (tail[0].low in words.articles and len(tail) > 1):
        return True
    first = next((t for t in left if t.kind == WORD), None)
    starts = tail[0].is_capital or tail[0].low in words.articles
    return starts and (
        first is None
        or first.low in words.prepositions | words.fillers | words.clauses
        or first.low in words.starts - words.articles - words.pronouns
    )


def _by_colon(region: list[Token], words: Language) -> Attribution | None:
    """Read «In her speech: » before a quote: a noun of saying, or just the sentence's subject."""
    speaker = main_subject(region, words)
    for token in reversed(region):
        if token.low in words.nouns:
            return _make([token], speaker)
    return _make(region[-1:], speaker) if speaker else None


def _source(
    tokens: list[Token], words: Language, has_apposition: bool = True
) -> Attribution | None:
    """Read «according to NAME» anywhere in some tokens."""
    lows = [token.low for token in tokens]
    for at in range(len(tokens)):
        for phrase in words.sources:
            end = at + len(phrase)
            if tuple(lows[at:end]) == phrase and end < len(tokens):
                while end + 1 < len(tokens) and lows[end] in {"von", "of", "de"}:
                    end += 1
                if lows[end] in words.verbs and end + 1 < len(tokens):  # según dijo NAME
                    end += 1
                return _make(tokens[at:end], subject_after(tokens[end:], words, has_apposition))
    return None


def _make(cue: Sequence[Token], speaker: Mention | None) -> Attribution:
    return Attribution(cue[0].start, cue[-1].end, speaker)
