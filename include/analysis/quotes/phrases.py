"""
Find the subject after a verb of saying; tell nouns from verbs, and articles from pronouns.
"""

from collections.abc import Sequence

from include.analysis.quotes.language import Language
from include.analysis.quotes.speakers import LONGEST, Mention, has_possessive, read_mention
from include.analysis.quotes.tokens import QUOTE, SIGN, WORD, Token

BREAKS = frozenset(";:—–.!?…()[]")
DASHES = frozenset("—–-")
RELATIVE = frozenset(["who", "which", "qui", "que", "quien", "chi", "che", "die", "der", "który"])


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


def is_article(tokens: Sequence[Token], words: Language) -> bool:
    """Whether a word that may be a pronoun is an article here: die Ministerin."""
    return tokens[0].low in words.articles and len(tokens) > 1 and tokens[1].kind == WORD


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
    if tokens[0].low in words.pronouns and not is_article(tokens, words):
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
