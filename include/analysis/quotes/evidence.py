"""
The evidence that a quoted stretch is a quotation, and not a title or a scare quote.

Each sign has a name; `weights.toml` has its weight for whole sentences and for fragments.
"""

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from include.analysis.quotes.language import Language
from include.analysis.quotes.speakers import has_possessive
from include.analysis.quotes.tokens import QUOTE, SIGN, WORD, Token

Weights = dict[str, dict[str, float]]
WEIGHTS = Path(__file__).with_name("weights.toml")
NEAR = (1, 2, 4, 8, 16, 32)  # tokens between cue and quote, upper ends of the classes
LENGTHS = (1, 2, 3, 5, 9, 20)  # words, upper ends of the classes


def find_signs(sentence: Sequence[Token], index: int, words: Language) -> frozenset[str]:
    """Give the names of the signs at the quote of this index of its sentence."""
    quote = sentence[index]
    before = sentence[index - 1] if index else None
    after = sentence[index + 1] if index + 1 < len(sentence) else None
    signs = {"always", f"before {_kind(before, words)}", f"after {_kind(after, words)}"}
    signs |= _inner_signs(quote.text, words)
    signs.add(f"cue before {_distance(sentence, index, -1, words)}")
    signs.add(f"cue after {_distance(sentence, index, 1, words)}")
    others = [token for token in sentence if token.kind == WORD]
    if any(token.low in words.reported for token in others):
        signs.add("reported speech")
    if any(token.low in words.nouns for token in sentence[max(0, index - 4) : index]):
        signs.add("noun of saying before")
    if any(token.low in words.works for token in sentence[max(0, index - 3) : index]):
        signs.add("work before")
    if any(token.kind == QUOTE for token in sentence[:index]):
        signs.add("quote before")
    return frozenset(signs)


def _kind(token: Token | None, words: Language) -> str:
    """Name the kind of the word or mark next to a quote."""
    if token is None:
        return "nothing"
    if token.kind == QUOTE:
        return "quote"
    if token.kind == SIGN:
        return token.text if token.text in ",:.;()—–-" else "sign"
    for name in ("verbs", "participles", "works", "nouns", "articles", "prepositions", "clauses"):
        if token.low in getattr(words, name):
            return name
    if has_possessive(token.text):
        return "possessive"
    if token.text[0].isdigit():
        return "number"
    return "name" if token.is_capital else "word"


def _inner_signs(text: str, words: Language) -> set[str]:
    """Name the signs in the quoted words themselves."""
    inner = text.split()
    length = next((f"up to {n}" for n in LENGTHS if len(inner) <= n), "long")
    signs = {f"words {length}"}
    last = text.rstrip()[-1:]
    signs.add("ends with " + (last if last in ",.!?…" else "a word") if last else "empty")
    heads = [word.strip("[(…¿¡'‘’\"").lower() for word in inner[1:20]]
    small = [h for h, word in zip(heads, inner[1:20], strict=True) if word[:1].islower()]
    content = [h for h in small if h not in words.starts]
    signs.add("small words" if content else "function words" if small else "no small words")
    signs.add("capital first" if text.lstrip("[(…¿¡'‘ ")[:1].isupper() else "small first")
    if any(h in words.pronouns or h in words.verbs for h in heads[:12]):
        signs.add("pronoun or verb inside")
    if text.isupper():
        signs.add("all capitals")
    return signs


def _distance(sentence: Sequence[Token], index: int, step: int, words: Language) -> str:
    """Give the class of the distance to the nearest cue on one side of a quote."""
    at, passed = index + step, 0
    commas = 0
    while 0 <= at < len(sentence) and passed <= NEAR[-1]:
        token = sentence[at]
        if token.low in words.verbs or token.low in words.participles:
            return f"{next(n for n in NEAR if max(passed, 1) <= n)}{' comma' if commas else ''}"
        if token.text in {",", ";"} and passed:
            commas += 1
        at, passed = at + step, passed + 1
    return "none"


@cache
def read_weights() -> Weights:
    """Give the weights of the signs, for "sentence" and for "fragment"."""
    return tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))


def weigh(signs: frozenset[str], weights: dict[str, float]) -> float:
    """Give the probability that a stretch with these signs is a quotation, 0 to 1."""
    return 1 / (1 + math.exp(-math.fsum(weights.get(sign, 0.0) for sign in signs)))
