"""
Find the subject of a verb of saying: before it, after it, or at the start of its sentence.
"""

from collections.abc import Sequence

from include.analysis.quotes.language import Language
from include.analysis.quotes.phrases import BREAKS, RELATIVE, is_article, is_noun
from include.analysis.quotes.speakers import (
    LONGEST,
    Mention,
    has_possessive,
    may_be_noun,
    name_runs,
    read_mention,
)
from include.analysis.quotes.tokens import QUOTE, SIGN, WORD, Token

AND = frozenset(["and", "und", "et", "y", "e", "en", "и", "a"])


def subject_before(tokens: Sequence[Token], words: Language) -> Mention | None:
    """Find the subject that ends where the verb begins; tokens: the sentence up to the verb."""
    left = _without_fillers(list(tokens[-LONGEST:]), words)
    if left and left[-1].text == ",":
        return _before_comma(left[:-1], words)
    if left and left[-1].low in RELATIVE and len(left) > 1:
        left = left[:-1]
        return subject_before(left[:-1] if left[-1].text == "," else left, words)
    start = _noun_phrase_start(left, words)
    return _trimmed(left[start:], words)


def _before_comma(left: list[Token], words: Language) -> Mention | None:
    """Read «Name, apposition, verb» and «Name, speaking in Miami, verb»."""
    comma = max((i for i, t in enumerate(left) if t.text == ","), default=-1)
    inner = left[comma + 1 :]
    if comma < 0 or not inner:
        return _trimmed(inner, words)
    start = _noun_phrase_start(left[:comma], words)
    head = left[start:comma]
    if inner[0].low in words.prepositions or inner[0].low in words.participles:
        return _trimmed(head, words)
    if not head or head[0].low in words.prepositions:
        return _trimmed(inner, words)
    both = read_mention(left[start:], words)
    return both or _trimmed(inner, words)


def _without_fillers(left: list[Token], words: Language) -> list[Token]:
    while (
        left
        and left[-1].kind == WORD
        and (
            left[-1].low in words.fillers
            or (left[-1].low.endswith("ly") and left[-1].text[0].islower())
        )
    ):
        left.pop()
    return left


def _noun_phrase_start(left: Sequence[Token], words: Language) -> int:
    """Give where the last noun phrase begins: after the last comma, clause word or verb."""
    for index in range(len(left) - 1, -1, -1):
        token = left[index]
        if token.kind == QUOTE or (token.kind == SIGN and token.text in BREAKS | {","}):
            return index + 1
        if token.low in words.clauses and not token.is_capital:
            joins = 0 < index < len(left) - 1 and left[index - 1].is_capital
            if not (token.low in AND and joins and left[index + 1].is_capital):
                return index + 1
        if token.low in words.verbs and not is_noun(left, index, words):
            return index + 1
    return 0


def _trimmed(phrase: Sequence[Token], words: Language) -> Mention | None:
    """Read a mention; without a leading prepositional phrase, and without conjunctions."""
    phrase = list(phrase)
    while phrase and (phrase[0].kind == SIGN or phrase[0].low in words.clauses | words.fillers):
        if phrase[0].is_capital and phrase[0].low not in words.starts:
            break
        phrase.pop(0)
    if not phrase:
        return None
    if phrase[0].low not in words.prepositions:
        return read_mention(phrase, words)
    if phrase[-1].low in words.pronouns:
        return read_mention(phrase[-1:], words)
    runs = name_runs(phrase, words)
    if runs and runs[-1][-1] is phrase[-1] and len(phrase) - len(runs[-1]) >= 2:
        first = phrase.index(runs[-1][0])
        if phrase[first - 1].low not in words.prepositions:
            return read_mention(phrase[first:], words)
    for index in range(len(phrase) - 1, 1, -1):
        if phrase[index].low in words.articles and phrase[index - 1].low not in words.prepositions:
            return read_mention(phrase[index:], words)
    return None


def main_subject(tokens: Sequence[Token], words: Language) -> Mention | None:
    """Find the subject of a sentence: its first name or pronoun that no preposition governs."""
    tokens = list(tokens[: 2 * LONGEST])
    runs = {run[0].start: run for run in name_runs(tokens, words)}
    opening = (
        bool(tokens)
        and not words.inverts
        and (tokens[0].low in words.prepositions | words.clauses or tokens[0].low.endswith("ing"))
    )
    for index, token in enumerate(tokens):
        if opening:
            opening = token.text != ","
            continue
        before = tokens[index - 1].low if index else ""
        if index > 1 and words.inverts and before in words.articles:
            before = tokens[index - 2].low
        is_pronoun = token.low in words.pronouns and not is_article(tokens[index:], words)
        if is_pronoun and token.low not in words.impersonal:
            return read_mention([token], words)
        run = runs.get(token.start)
        if run and before not in words.prepositions and not has_possessive(run[-1].text):
            first = _with_article(tokens, index, words)
            last = _with_role(tokens, tokens.index(run[-1]), runs, words)
            while first < index and last + 1 < len(tokens) and may_be_noun(tokens[last + 1], words):
                last += 1
            return read_mention(tokens[first : last + 1], words)
    return None


def _with_article(tokens: Sequence[Token], index: int, words: Language) -> int:
    """Give where the phrase of a name begins: at an article at most three words before."""
    for first in range(index - 1, max(-1, index - 4), -1):
        if tokens[first].low in words.articles:
            return first
        if tokens[first].kind != WORD or tokens[first].low in words.prepositions | words.verbs:
            break
    return index


def _with_role(
    tokens: Sequence[Token], last: int, runs: dict[int, list[Token]], words: Language
) -> int:
    """Give where a name ends that begins with a country: Azerbaijani presidential aide NAME."""
    for index in range(last + 2, min(last + 5, len(tokens))):
        run = runs.get(tokens[index].start)
        if run and tokens[index - 1].low in words.titles:
            return tokens.index(run[-1])
    return last
