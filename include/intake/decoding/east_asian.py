"""
Score how likely a text is in Chinese, Japanese or Korean, whose encodings are multi-byte.

Characters fall into classes (hiragana, level 1 of a national standard, …); a character's
probability is its class's share of running text, divided by the size of the class.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import log

from include.intake.decoding.alphabets import HANZI, HANZI_TRADITIONAL

ASIAN = ("gb18030", "cp932", "euc-jp", "cp949", "cp950", "big5hkscs")
SIMPLIFIED, TRADITIONAL, KOREAN = ("gb18030",), ("cp950", "big5hkscs"), ("cp949",)

SIGNS = frozenset("、。，．・：；？！「」『』（）《》〈〉【】“”‘’…—ー～　·－％〜〇々")
ASCII_COST = log(1 / 25)
SURPRISE = log(1e-5)
UNKNOWN = SURPRISE - 4  # U+FFFD, private use: no text has these

# Class sizes are those of JIS X 0208, GB 2312, Big5 and KS X 1001; shares are estimates:
# only their order of magnitude matters.
KANJI_1, KANJI_2, HIRAGANA, KATAKANA = 2965, 3390, 83, 86
GB_1, GB_2, GBK_REST = 3755, 3008, 14000
BIG5_1, BIG5_2 = 5401, 7652
HANGUL, HANGUL_REST, HANJA = 2350, 8822, 4888


def score_asian(text: str, encoding: str) -> tuple[float, float]:
    """
    Score a reading.

    Returns:
        Its log-likelihood (nats) and the share of surprises among its characters beyond ASCII.
    """
    likelihood, odd, total = 0.0, 0, 0
    for char, times in Counter(text).items():
        if char.isascii():
            likelihood += ASCII_COST * times
            continue
        cost = _cost_of(char, encoding)
        likelihood += cost * times
        total += times
        odd += times if cost <= SURPRISE - 2 else 0
    return likelihood, odd / max(total, 1)


@lru_cache(maxsize=65536)
def _cost_of(char: str, encoding: str) -> float:
    if char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f":
        return UNKNOWN
    if char in SIGNS:
        return log(0.10 / len(SIGNS))
    if encoding in SIMPLIFIED:
        return _cost_in_simplified(char)
    if encoding in TRADITIONAL:
        return _cost_in_traditional(char)
    if encoding in KOREAN:
        return _cost_in_korean(char)
    return _cost_in_japanese(char)


def _cost_in_simplified(char: str) -> float:
    if char in HANZI:
        return log(0.35 / len(HANZI))
    row = _bytes_of(char, "gb2312")
    if not row:  # GBK includes the traditional characters
        is_traditional = b"\xa4" <= _bytes_of(char, "cp950")[:1] <= b"\xc6"
        return log(0.01 / BIG5_1) if is_traditional else log(0.003 / GBK_REST)
    if row[0] < 0xB0:
        return SURPRISE
    return log(0.52 / GB_1) if row[0] <= 0xD7 else log(0.02 / GB_2)


def _cost_in_traditional(char: str) -> float:
    if char in HANZI_TRADITIONAL:
        return log(0.35 / len(HANZI_TRADITIONAL))
    row = _bytes_of(char, "cp950")
    if not row or row[0] < 0xA4:
        return log(0.001 / BIG5_2)
    return log(0.52 / BIG5_1) if row[0] <= 0xC6 else log(0.02 / BIG5_2)


def _cost_in_korean(char: str) -> float:
    row = _bytes_of(char, "euc-kr")
    if "\uac00" <= char <= "\ud7a3":
        # the codec encodes rarer syllables as eight bytes
        return log(0.88 / HANGUL) if len(row) == 2 else log(0.003 / HANGUL_REST)
    return log(0.005 / HANJA) if len(row) == 2 and row[0] >= 0xCA else SURPRISE


def _cost_in_japanese(char: str) -> float:
    if "\u3041" <= char <= "\u309f":
        return log(0.42 / HIRAGANA)
    if "\u30a0" <= char <= "\u30ff":
        return log(0.10 / KATAKANA)
    row = _bytes_of(char, "euc-jp")
    if len(row) != 2 or row[0] < 0xB0:
        return SURPRISE
    return log(0.35 / KANJI_1) if row[0] <= 0xCF else log(0.006 / KANJI_2)


def _bytes_of(char: str, encoding: str) -> bytes:
    return char.encode(encoding, "ignore")
