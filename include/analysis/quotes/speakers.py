"""
Find the words that name a speaker next to a cue: a name with title and apposition, or a pronoun.
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
    if not kept or all(token.kind != WORD for token in kept):
        return None
    if len(kept) == 1 and kept[0].low in words.pronouns:
        return Mention(kept[0].start, kept[0].end, "", is_pronoun=True)
    return Mention(kept[0].start, kept[-1].end, find_name(kept, words))


def find_name(tokens: Sequence[Token], words: Language) -> str:
    """Give the fullest personal-looking name among the tokens; empty without one."""
    best: list[Token] = []
    for run in name_runs(tokens, words):
        bare = [t for t in run if t.low.rstrip(".") not in words.titles]
        if (bare and (len(bare) >= 2) > (len(best) >= 2)) or not best:
            best = bare
    return " ".join(strip_possessive(token.text) for token in best)


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
