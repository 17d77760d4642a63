"""
Read the words for a speaker next to a cue: a name with title and apposition, or a pronoun.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from include.analysis.quotes.language import Language
from include.analysis.quotes.tokens import QUOTE, SIGN, WORD, Token

LONGEST = 40  # tokens of a mention with its apposition; longer ones are other clauses
PARTICLES = frozenset((  # inside a name, with a small letter
    "de", "da", "di", "del", "della", "dos", "das", "do", "du", "la", "le", "van", "von", "der",
    "den", "ten", "ter", "zu", "zum", "al", "el", "ul", "bin", "ibn", "abu", "ben", "af", "av", "y",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """The words that name a speaker. name: the name alone; empty where the words hold none."""

    start: int
    end: int
    name: str
    is_pronoun: bool = False


def read_mention(tokens: Sequence[Token], words: Language) -> Mention | None:
    """Make a mention of some tokens, without punctuation at either end."""
    kept = list(tokens[:LONGEST])
    while kept and (kept[-1].kind == SIGN and kept[-1].text not in ")]"):
        kept.pop()
    while kept and kept[0].kind == SIGN:
        kept.pop(0)
    empty = (words.articles | words.prepositions | words.fillers) - words.pronouns
    if all(token.kind != WORD or token.low in empty for token in kept):
        return None
    if len(kept) == 1 and kept[0].low in words.pronouns:
        return Mention(kept[0].start, kept[0].end, "", is_pronoun=True)
    return Mention(kept[0].start, kept[-1].end, find_name(kept, words))


def find_name(tokens: Sequence[Token], words: Language) -> str:
    """
    Find the name in the words for a speaker: of a person if there is one; empty without a name.

    «Iranian Foreign Ministry spokesman Nasser Kanaani» is Nasser Kanaani, «the Trump campaign» is
    no name.
    """
    best: list[Token] = []
    rank, at = 0, 0
    for run in name_runs(tokens, words):
        first = tokens.index(run[0], at)
        after = first + len(run)
        governed = any(t.low in words.prepositions or t.text == "," for t in tokens[at:first])
        at = after
        bare = strip_titles(run, words)
        if not bare or _is_modifier(tokens, first, after, words):
            continue
        own = _rank(bare, words)
        if own > rank or (own == rank == PERSON and not governed):
            best, rank = bare, own
    return " ".join(strip_possessive(token.text) for token in best)


PERSON = 3


def _rank(bare: Sequence[Token], words: Language) -> int:
    """Rank a name: PERSON if it is likely a person's, 2 a single word, 1 a group or a role."""
    if any(token.low in words.groups for token in bare) or bare[-1].low in words.titles:
        return 1
    return PERSON if len(bare) > 1 else 2


def strip_titles(run: Sequence[Token], words: Language) -> list[Token]:
    """Give the part of a name after its last title: Iranian President Masoud Pezeshkian."""
    last = max((i for i, token in enumerate(run[:-1]) if token.low in words.titles), default=-1)
    rest = list(run[last + 1 :])
    return [] if len(rest) == 1 and rest[0].low in words.titles else rest


def _is_modifier(tokens: Sequence[Token], first: int, after: int, words: Language) -> bool:
    """Whether a name belongs to a noun: the Iranian statement, a Clinton spokesman."""
    if tokens[0].low not in words.articles or after >= len(tokens):
        return False
    return may_be_noun(tokens[after], words)


def may_be_noun(token: Token, words: Language) -> bool:
    """Whether a word may be a common noun: in small letters, and in no list of other words."""
    others = words.prepositions | words.verbs | words.fillers | words.clauses
    return token.kind == WORD and token.text[0].islower() and token.low not in others


def name_runs(tokens: Sequence[Token], words: Language) -> list[list[Token]]:
    """Give the runs of capitalised words, with particles inside, without sentence-opening words."""
    runs: list[list[Token]] = []
    run: list[Token] = []
    for index, token in enumerate(tokens):
        if token.kind == QUOTE:
            run = _close(run, runs)
        elif token.is_capital and not (token.low in words.starts and not run):
            if run and token.low in words.pronouns and len(token.text) < 3:
                run = _close(run, runs)
                continue
            run.append(token)
            if has_possessive(token.text):
                run = _close(run, runs)
        elif (
            run
            and token.low in PARTICLES
            and index + 1 < len(tokens)
            and tokens[index + 1].is_capital
        ):
            run.append(token)
        elif run and token.text == "." and (len(run[-1].text) == 1 or run[-1].low in words.titles):
            continue
        else:
            run = _close(run, runs)
    _close(run, runs)
    return runs


def _close(run: list[Token], runs: list[list[Token]]) -> list[Token]:
    if run:
        runs.append(run)
    return []


def has_possessive(text: str) -> bool:
    """Whether a word ends with an English possessive."""
    return text.endswith(("'s", "’s", "s'", "s’"))


def strip_possessive(text: str) -> str:
    """Drop an English possessive ending."""
    return text[:-2] if text.endswith(("'s", "’s")) else text
