"""
Find the subject of a verb of saying: before it, after it, or at the start of its sentence.
"""

from collections.abc import Sequence

from include.analysis.quotes.language import Language
from include.analysis.quotes.speakers import (
    LONGEST,
    Mention,
    has_possessive,
    name_runs,
    read_mention,
)
from include.analysis.quotes.tokens import QUOTE, SIGN, WORD, Token

BREAKS = frozenset(";:—–.!?…()[]")
DASHES = frozenset("—–-")


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


RELATIVE = frozenset(["who", "which", "qui", "que", "quien", "chi", "che", "die", "der", "który"])


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


AND = frozenset(["and", "und", "et", "y", "e", "en", "и", "a"])


def is_noun(tokens: Sequence[Token], index: int, words: Language) -> bool:
    """Whether a form of a verb is a noun here: after an article or a possessive."""
    if index == 0:
        return False
    before = tokens[index - 1]
    return before.kind == WORD and (
        before.low in words.articles - words.pronouns
        or has_possessive(before.text)
        or (before.low in words.prepositions - words.clauses - {"to", "zu"})
    )


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


def subject_after(
    tokens: Sequence[Token], words: Language, has_apposition: bool = True
) -> Mention | None:
    """Find the subject that follows the verb; tokens: the sentence after the verb."""
    tokens = list(tokens[:LONGEST])
    while tokens and tokens[0].low in words.fillers and not tokens[0].is_capital:
        tokens.pop(0)
    if not tokens or tokens[0].kind != WORD:
        return None
    if tokens[0].low in words.impersonal:
        return _place_after(tokens[1:], words)
    if tokens[0].low in words.pronouns and not _goes_on(tokens, words):
        return read_mention(tokens[:1], words)
    end = _core_end(tokens, words)
    if end == 0:
        return None
    if has_apposition and end < len(tokens) and tokens[end].text == ",":
        end = _apposition_end(tokens, end, words)
    return read_mention(tokens[:end], words)


def _place_after(tokens: Sequence[Token], words: Language) -> Mention | None:
    """Read the text that «heißt es in der Erklärung» names."""
    for index, token in enumerate(tokens[:4]):
        if token.low in words.prepositions and index + 1 < len(tokens):
            rest = tokens[index + 1 :]
            end = _core_end(rest, words) or len(rest)
            return read_mention(rest[:end], words)
    return None


def _goes_on(tokens: Sequence[Token], words: Language) -> bool:
    """Whether a word that may be a pronoun is an article here: die Ministerin."""
    return tokens[0].low in words.articles and len(tokens) > 1 and tokens[1].kind == WORD


def _core_end(tokens: Sequence[Token], words: Language) -> int:
    has_name, skip = False, 0
    for index, token in enumerate(tokens):
        if token.kind == QUOTE:
            return index
        if index < skip:
            continue
        if token.text == "(" and any(t.text == ")" for t in tokens[index + 1 : index + 6]):
            skip = next(i for i in range(index, index + 6) if tokens[i].text == ")") + 1
            continue
        if token.kind == SIGN and token.text not in "./&'’":
            return index
        if token.text == "." and not (index + 1 < len(tokens) and tokens[index + 1].is_capital):
            return index
        is_verb = token.low in words.verbs | words.participles and not token.is_capital
        if is_verb and index and not is_noun(tokens, index, words):
            return index
        stops = token.low in words.stops and not token.is_capital
        if stops and (index == 0 or has_name or token.low not in words.prepositions):
            return index
        has_name = has_name or token.is_capital
    return len(tokens)


def _apposition_end(tokens: Sequence[Token], comma: int, words: Language) -> int:
    """Give where the apposition after a comma ends; the comma itself if there is none."""
    if comma + 1 >= len(tokens):
        return comma
    first = tokens[comma + 1]
    if (
        first.kind != WORD
        or first.low.endswith("ing")
        or first.low
        in (words.participles | words.verbs | words.pronouns | (words.stops - RELATIVE))
        - words.articles
    ):
        return comma
    for index in range(comma + 2, len(tokens)):
        token = tokens[index]
        if token.kind == QUOTE or (token.kind == SIGN and token.text in BREAKS - {"."}):
            return index
        if token.text == "." and not (index + 1 < len(tokens) and tokens[index + 1].is_capital):
            return index
        if token.text == "," and index + 1 < len(tokens):
            following = tokens[index + 1]
            if following.low.endswith("ing") or following.low in words.stops | words.participles:
                return index
    return len(tokens)


def main_subject(tokens: Sequence[Token], words: Language) -> Mention | None:
    """Find the subject of a sentence: its first name or pronoun that no preposition governs."""
    tokens = list(tokens[: 2 * LONGEST])
    runs = {run[0].start: run for run in name_runs(tokens, words)}
    opening = bool(tokens) and (
        tokens[0].low in words.prepositions | words.clauses or tokens[0].low.endswith("ing")
    )
    for index, token in enumerate(tokens):
        if opening:
            opening = token.text != ","
            continue
        before = tokens[index - 1].low if index else ""
        if token.low in words.pronouns and not _goes_on(tokens[index:], words):
            return read_mention([token], words)
        run = runs.get(token.start)
        if run and before not in words.prepositions and not has_possessive(run[-1].text):
            first = _with_article(tokens, index, words)
            last = _with_role(tokens, tokens.index(run[-1]), runs, words)
            while first < index and last + 1 < len(tokens) and _is_noun_of(tokens[last + 1], words):
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


def _is_noun_of(token: Token, words: Language) -> bool:
    """Whether a name before this word describes it: the Iranian statement."""
    known = words.prepositions | words.verbs | words.fillers | words.clauses
    return token.kind == WORD and token.text[0].islower() and token.low not in known


def _with_role(
    tokens: Sequence[Token], last: int, runs: dict[int, list[Token]], words: Language
) -> int:
    """Give where a name ends that begins with a country: Azerbaijani presidential aide NAME."""
    for index in range(last + 2, min(last + 5, len(tokens))):
        run = runs.get(tokens[index].start)
        if run and tokens[index - 1].low in words.titles:
            return tokens.index(run[-1])
    return last
