"""
Measure the words that the text before and after a point share: different stories share few.

Words are compared by a hash of their stem, so that inflected forms agree; short words are skipped.
In Chinese and Japanese, runs of characters stand for words.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from include.splitter.line_arrays import (
    FEW,
    SHARES,
    SPREAD,
    Bools,
    Ground,
    Ints,
    keys_within,
    run_ids,
)

SITE_WORDS = Path(__file__).with_name("site_words.toml")
READ_CHARS = 160  # of a line are used
SMALLEST = 8  # shortest line used
LOT_LINES = 8192  # read together: about 1 MB; all lines of a page of 64 MiB would take 2 GB
LONG, LONG_SIGNS = (
    5,
    2,
)  # fewest letters of a word; fewest characters in scripts where each carries more
STEM = 6  # letters of a word that make its stem
SHORTEST = 4  # bytes of a word: a sign of three, and a letter
SIGN_LEAD = (
    0xE3  # lowest UTF-8 lead byte of scripts whose characters carry as much as several letters
)
ECHO_LINES = 30  # lines above and below in which a line's words may recur
TAKEN = np.array([(1 << (8 * k)) - 1 for k in range(8)] + [(1 << 64) - 1], dtype=np.uint64)

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Words:
    """
    The distinct words of each line of a batch: parallel arrays of hashes and line indices.

    Ordered by page and word (`key` combines both), then by line. site: words that sites use about
    themselves (`site_words.toml`). word: the same word has the same hash on every page.
    """

    key: NDArray[np.uint64]
    line: Ints
    site: Bools
    word: NDArray[np.uint64]


def find_words(looked: pl.DataFrame) -> Words:
    """Find the words of lines; columns page, text, size of `describe_appearance`."""
    at = np.flatnonzero(looked["size"].to_numpy() >= SMALLEST)
    lots = [
        _hash_words(looked["text"], at[i : i + LOT_LINES]) for i in range(0, len(at), LOT_LINES)
    ]
    if not lots:
        none = np.zeros(0, np.uint64)
        return Words(none, np.zeros(0, np.int64), np.zeros(0, bool), none)
    word, line = (np.concatenate(part) for part in zip(*lots, strict=True))
    site = is_one_of(word, read_site_words())
    key = keys_within(word, looked["page"].to_numpy()[line])
    order = np.argsort(key, kind="stable")
    key, line = key[order], line[order]
    fresh = np.r_[True, (key[1:] != key[:-1]) | (line[1:] != line[:-1])][: len(key)]
    order = order[fresh]
    return Words(key[fresh], line[fresh], site[order], word[order])


def _hash_words(texts: pl.Series, at: Ints) -> tuple[NDArray[np.uint64], Ints]:
    """Give the hash and the line of each word of the lines `at`, in order."""
    text = texts.gather(at).str.head(READ_CHARS).str.to_lowercase()
    _, offsets, letters = text.to_arrow(compat_level=pl.CompatLevel.oldest()).buffers()
    ends = np.frombuffer(offsets, np.int64)[: len(at) + 1]
    source = np.zeros(ends[-1] + 24, dtype=np.uint8)  # room to read a stem past the last letter
    source[: ends[-1]] = np.frombuffer(letters, np.uint8)[: ends[-1]]
    begin, size = _find_stems(source, ends)
    line = np.repeat(at, np.diff(np.searchsorted(begin, ends)))
    return _hash_stems(source, begin, size), line


@cache
def read_site_words() -> NDArray[np.uint64]:
    """Give the hashes of the words in `site_words.toml`, ascending."""
    lists = tomllib.loads(SITE_WORDS.read_text(encoding="utf-8"))
    words = sorted({word[:STEM].lower() for own in lists.values() for word in own})
    text = [word.encode() for word in words]
    source = np.frombuffer(b"".join(one.ljust(24, b"\0") for one in text) + bytes(8), np.uint8)
    begin, size = np.arange(len(text)) * 24, np.array([len(one) for one in text])
    return np.sort(_hash_stems(source, begin, size))


def is_one_of(word: NDArray[np.uint64], vocabulary: NDArray[np.uint64]) -> Bools:
    """Return which hashes are in a vocabulary, which is ascending and not empty."""
    at = np.minimum(np.searchsorted(vocabulary, word), len(vocabulary) - 1)
    return vocabulary[at] == word


def _find_stems(source: Bytes, ends: Ints) -> tuple[Ints, Ints]:
    """Give each long enough word's offset, and its stem's length in bytes."""
    letter = _find_letters(source)
    breaks = np.zeros(len(source) + 1, dtype=bool)
    breaks[ends] = True
    closes = ~letter | breaks[:-1]
    begin = np.flatnonzero(letter & (breaks[:-1] | ~np.r_[False, letter[:-1]]))
    until = np.flatnonzero(letter[:-1] & closes[1:]) + 1  # the source ends in no letter
    long = until - begin >= SHORTEST
    begin, until = begin[long], until[long]
    heads = (source & 0xC0) != 0x80  # a letter's first byte
    letters = np.flatnonzero(heads)
    order = np.cumsum(heads, dtype=np.int32) - 1
    first = order[begin]
    least = np.where(source[begin] >= SIGN_LEAD, LONG_SIGNS, LONG)
    enough = order[until] - first >= least
    begin, until, first = begin[enough], until[enough], first[enough]
    stem = letters[np.minimum(first + STEM, len(letters) - 1)]
    return begin, np.minimum(stem, until) - begin


def _find_letters(source: Bytes) -> Bools:
    """Return which bytes belong to letters: a to z, and all beyond ASCII but punctuation."""
    letter = (source >= 0x80) | ((source >= 0x61) & (source <= 0x7A))
    second, third = np.r_[source[1:], 0], np.r_[source[2:], 0, 0]
    kana = (second == 0x81) | ((second == 0x82) & (third < 0xA0))
    marks = (
        ((source == 0xC2), 2),  # «, », no-break space
        ((source == 0xE2), 3),  # quotation marks, dashes, ellipsis
        ((source == 0xE3) & ((second == 0x80) | kana), 3),  # 、。「」 and hiragana, which inflects
        ((source == 0xEF) & ((second == 0xBC) | (second == 0xBD)), 3),  # wide marks and figures
    )
    for mask, size in marks:
        at = np.flatnonzero(mask)
        for step in range(size):
            letter[np.minimum(at + step, len(letter) - 1)] = False
    return letter


def _hash_stems(source: Bytes, begin: Ints, size: Ints) -> NDArray[np.uint64]:
    """Hash up to 24 bytes from each place."""
    eights = np.ndarray((len(source) - 7,), dtype="<u8", buffer=source.data, strides=(1,))
    key = np.zeros(len(begin), dtype=np.uint64)
    for part in range(3):
        left = np.clip(size - 8 * part, 0, 8)
        word = eights[np.minimum(begin + 8 * part, len(eights) - 1)] & TAKEN[left]
        key = (key ^ word) * SPREAD
        key ^= key >> np.uint64(29)
    return key


def measure_cohesion(
    words: Words, counted: Bools, at: Ints, page: Ints, ground: Ground
) -> list[Ints]:  # fmt: skip
    """
    Measure how many words between each of k points and the next occur elsewhere on the page.

    Args:
        counted: n; the lines whose words count. at, page: k; as in `Points`.
    Returns:
        Three arrays of k shares in 32nds: of words that also occur above the point, below the next
        point, and in the stretch directly above; -1 for stretches without words.
    """
    stretch = np.searchsorted(at, words.line, side="right") - 1
    inside = counted[words.line] & (stretch >= 0) & (page[stretch] == ground.page[words.line])
    key, stretch = words.key[inside], stretch[inside]
    if not len(key):
        return [np.full(len(at), -1)] * 3
    fresh = np.r_[True, (key[1:] != key[:-1]) | (stretch[1:] != stretch[:-1])]
    key, stretch = key[fresh], stretch[fresh]
    above = np.r_[False, key[1:] == key[:-1]]
    below = np.r_[above[1:], False]
    beside = above & np.r_[False, stretch[1:] == stretch[:-1] + 1]
    total = np.bincount(stretch, minlength=len(at))
    shares = []
    for shared in (above, below, beside):
        count = np.bincount(stretch[shared], minlength=len(at))
        shares.append(np.where(total > 0, count * SHARES // np.maximum(total, 1), -1))
    return shares


def find_echoes(words: Words, text: Bools) -> dict[str, Ints]:
    """
    Measure how many of each line's words recur in the text around it (a headline's do, a link's do
    not), and how many are site words.

    Args:
        text: n; the lines that count as text.
    Returns:
        Each n: words, site words (up to FEW). Shares in 32nds: of site words; of words that recur
        in text within ECHO_LINES below, above, anywhere else on the page; in the next line, in the
        line above.
    """
    n = len(text)
    key, line = words.key, words.line
    group = run_ids(np.r_[True, key[1:] != key[:-1]][: len(key)])
    begin = np.searchsorted(group, group)
    in_text = text[line]
    at = np.arange(len(line))
    up = np.maximum.accumulate(np.where(in_text, at, -1)) if len(at) else at
    up = np.r_[-1, up][: len(up)]  # the text before, itself left out
    has_up = up >= begin
    down = np.minimum.accumulate(np.where(in_text, at, len(at))[::-1])[::-1] if len(at) else at
    down = np.r_[down, len(at)][1:][: len(down)]
    has_down = (down < len(at)) & (group[np.minimum(down, len(at) - 1)] == group)
    near_up = has_up & (line - line[np.maximum(up, 0)] <= ECHO_LINES)
    near_down = has_down & (line[np.minimum(down, len(at) - 1)] - line <= ECHO_LINES)
    next_too = np.r_[(key[1:] == key[:-1]) & (line[1:] == line[:-1] + 1), False][: len(key)]
    last_too = np.r_[False, next_too[:-1]][: len(key)]
    count = np.bincount(line, minlength=n)
    site = np.bincount(line[words.site], minlength=n)
    table = {"echo_words": np.minimum(count, FEW), "site_words": np.minimum(site, FEW)}
    table["site_share"] = site * SHARES // np.maximum(count, 1)
    for name, mask in (
        ("echo_below", near_down), ("echo_above", near_up), ("echo_page", has_up | has_down),
        ("echo_next", next_too), ("echo_last", last_too),
    ):  # fmt: skip
        table[name] = np.bincount(line[mask], minlength=n) * SHARES // np.maximum(count, 1)
    return table
