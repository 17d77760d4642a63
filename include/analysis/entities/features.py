"""
The features by which the tagger decides whether words are names.

Only words with a capital, and small words between two of them, may belong to a name; no other words
are described.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from include.analysis.entities.gazetteer import LONGEST, Gazetteer
from include.analysis.entities.tokens import Token
from include.analysis.quotes.language import Language

LINKS = frozenset((  # small words inside a name
    "of", "the", "for", "and", "&", "-", "'", "’", "'s", "’s", ".", "de", "del", "della", "dei",
    "degli", "delle", "di", "da", "do", "das", "dos", "du", "la", "le", "les", "van", "von", "der",
    "den", "al", "el", "bin", "ibn", "y", "e", "et", "und", "des", "in", "on", "to",
))  # fmt: skip
RunPositions = Mapping[str, frozenset[str]]


def find_run_positions(sentences: Sequence[Sequence[Token]]) -> RunPositions:
    """Give each word's positions in a body's runs of capitals: first, last, amid, alone."""
    positions: dict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        for first, last in _runs(sentence):
            for index in range(first, last + 1):
                if first < last:
                    position = "first" if index == first else "last" if index == last else "amid"
                    positions[sentence[index].low].add(f"d={position}")
                elif index:
                    positions[sentence[index].low].add("d=alone")
    return {word: frozenset(features) for word, features in positions.items()}


def _runs(sentence: Sequence[Token]) -> Iterator[tuple[int, int]]:
    first = None
    for index, token in enumerate(sentence):
        if token.is_capital and first is None:
            first = index
        elif not token.is_capital and first is not None:
            yield first, index - 1
            first = None
    if first is not None:
        yield first, len(sentence) - 1


def find_candidates(sentence: Sequence[Token]) -> list[bool]:
    """Tell for each token whether it may belong to a name."""
    capital = [
        t.is_capital or (t.text[0].isdigit() and any(map(str.isupper, t.text))) for t in sentence
    ]
    may = list(capital)
    count = len(sentence)
    for index, token in enumerate(sentence):
        if not capital[index] and token.low in LINKS and index and may[index - 1]:
            end = index + 1
            while (
                end < count and end < index + 3 and not capital[end] and sentence[end].low in LINKS
            ):
                end += 1
            may[index] = end < count and capital[end]
    return may


def describe(
    sentence: Sequence[Token],
    index: int,
    marks: Sequence[str],
    small: frozenset[str],
    positions: RunPositions,
    words: Language,
) -> list[str]:
    """
    Give the features of a token.

    marks: of `mark_places`, for each token. small: the body's words in small letters. positions: of
    the body's words in its runs of capitals.
    """
    token = sentence[index]
    features = [
        f"w={token.low}", f"s={token.shape}", f"p={token.low[:3]}", f"e={token.low[-3:]}",
        f"e2={token.low[-2:]}", f"g={marks[index]}", f"l={min(len(token.text), 6)}{index == 0}",
        f"gs={marks[index]}|{token.shape}", *(f"k={kind}" for kind in kinds_of(token, words)),
        *positions.get(token.low, ()),
    ]  # fmt: skip
    if _is_acronym(token):
        features.append(f"W={token.text}")
    elif token.low in small:
        features.append(f"small{index == 0}")
    features += _neighbours(sentence, index, marks, words)
    return features + list(_run(sentence, index, words))


def _neighbours(
    sentence: Sequence[Token], index: int, marks: Sequence[str], words: Language
) -> Iterator[str]:
    token = sentence[index]
    if index:
        before = sentence[index - 1]
        yield from (f"b={before.low}", f"bs={before.shape}", f"bg={marks[index - 1]}")
        yield from (f"b+={before.low}|{token.shape}", f"wb={before.low}|{token.low}")
        yield from (f"bk={kind}" for kind in kinds_of(before, words))
        if index > 1:
            yield f"b2={sentence[index - 2].low}"
    else:
        yield "b=none"
    if index + 1 < len(sentence):
        after = sentence[index + 1]
        yield from (f"a={after.low}", f"as={after.shape}", f"ag={marks[index + 1]}")
        yield from (f"a+={token.shape}|{after.shape}", f"wa={token.low}|{after.low}")
        yield from (f"ak={kind}" for kind in kinds_of(after, words))
        if index + 2 < len(sentence):
            third = sentence[index + 2]
            yield from (f"a2={third.low}", f"as2={after.shape}|{third.shape}")
    else:
        yield "a=none"


def _run(sentence: Sequence[Token], index: int, words: Language) -> Iterator[str]:
    """Describe the run of capitals that a token is in: its length, last word and neighbours."""
    first = index
    while first and index - first < 6 and sentence[first - 1].is_capital:
        first -= 1
    last = index
    while last + 1 < len(sentence) and last - index < 6 and sentence[last + 1].is_capital:
        last += 1
    yield f"r={min(last - first + 1, 5)}|{min(index - first, 3)}"
    yield f"rl={sentence[last].low}"
    yield f"rf={sentence[first].low}"
    if any(token.low in words.groups for token in sentence[first : last + 1]):
        yield "rg"
    if first:
        yield f"rb={sentence[first - 1].low}"
        for kind in kinds_of(sentence[first - 1], words):
            yield f"rbk={kind}"
    if last + 1 < len(sentence):
        yield f"ra={sentence[last + 1].low}"
        for kind in kinds_of(sentence[last + 1], words):
            yield f"rak={kind}"


def _is_acronym(token: Token) -> bool:
    return len(token.text) > 1 and token.text.isupper()


def kinds_of(token: Token, words: Language) -> tuple[str, ...]:
    """Name the word lists that hold a token; for an acronym (WHO, US) only that it is one."""
    return ("acronym",) if _is_acronym(token) else _kinds_of(token.low, words)


@lru_cache(maxsize=2**14)
def _kinds_of(low: str, words: Language) -> tuple[str, ...]:
    kinds = {
        "title": low in words.titles,
        "verb": low in words.verbs or low in words.participles,
        "group": low in words.groups,
        "prep": low in words.prepositions,
        "article": low in words.articles,
        "start": low in words.starts,
    }
    return tuple(kind for kind, is_listed in kinds.items() if is_listed)


def mark_places(
    sentence: Sequence[Token], candidates: Sequence[bool], gazetteer: Gazetteer
) -> list[str]:
    """Mark each token by its place in the gazetteer: country, state, city and size; - for none."""
    marks = ["-"] * len(sentence)
    index = 0
    while index < len(sentence):
        step = 1
        if candidates[index] and sentence[index].is_capital:
            for length in range(min(LONGEST, len(sentence) - index), 0, -1):
                if length > 1 and not all(candidates[index : index + length]):
                    continue
                name = " ".join(t.text for t in sentence[index : index + length])
                places = gazetteer.find(name)
                if places:
                    best = places[0]
                    size = "" if best.kind != "city" else "1" if best.people > 500_000 else "2"
                    for at in range(index, index + length):
                        first = "B" if at == index else "I"
                        marks[at] = f"{best.kind}{size}{first}{length > 1}"
                    step = length
                    break
        index += step
    return marks
