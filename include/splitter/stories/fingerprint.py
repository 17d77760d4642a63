"""
Fingerprint texts, ignoring case, white space and punctuation.

`plain_text` is the definition. Most texts contain only characters whose normalised form has the
same length in bytes: they are normalised together, byte by byte, in a fifth of the time. The rest
go one by one.
HASH_VERSION changes with the definition: hashes of different versions are not comparable.
"""

import hashlib
import re
import unicodedata
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from include.splitter.stories.words import MARKS, UNSEEN, count_words

HASH_VERSION = 2  # 1 dropped vowel signs and other marks: two Hindi texts could share a hash
LOT_STORIES = 256  # normalised together: about 1 MB, which stays in the processor's cache
UNDERSCORE = ord("_")
SCHEMA = {"text_hash": pl.String, "words": pl.UInt32}
BLANK, END = 0x20, 0xFF  # 0xFF never occurs in UTF-8
TOKEN = re.compile(rf"\w[\w{MARKS}]*")
ANY_UNSEEN = re.compile(f"[{UNSEEN}]")
DROP_UNSEEN = dict.fromkeys(map(ord, UNSEEN))

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


def plain_text(text: str) -> str:
    """
    Give a text's words, casefolded and in NFKC, separated by single spaces.

    Letters keep their marks (vowel signs, accents); invisible hyphens and joiners are left out.
    """
    visible = text.translate(DROP_UNSEEN) if ANY_UNSEEN.search(text) else text
    return " ".join(TOKEN.findall(unicodedata.normalize("NFKC", visible).casefold()))


def fingerprint_stories(stories: pl.DataFrame) -> pl.DataFrame:
    """
    Fingerprint stories and count their words.

    Args:
        stories: columns headline (may be null) and body.
    Returns:
        text_hash (sha256 of the normalised headline and body, hex) and words of the body, as
        `count_words` counts them, in the same order.
    """
    hashes: list[str] = []
    words: list[int] = []
    for lot in stories.select(pl.col("headline").fill_null(""), "body").iter_slices(LOT_STORIES):
        headlines, _ = _make_plain(lot["headline"])
        bodies, recount = _make_plain(lot["body"])
        hashes += map(_hash, headlines, bodies)
        counts = [body.count(b" ") + 1 if body else 0 for body in bodies]
        for number, count in zip(recount, count_words(lot["body"].gather(recount)), strict=True):
            counts[number] = count
        words += counts
    return pl.DataFrame({"text_hash": hashes, "words": words}, schema=SCHEMA)


def _hash(headline: bytes, body: bytes) -> str:
    return hashlib.sha256(b" ".join(filter(None, (headline, body)))).hexdigest()


def _make_plain(texts: pl.Series) -> tuple[list[bytes], list[int]]:
    """
    Give `plain_text` of each text as UTF-8, and the texts whose words must be counted separately.

    Those are the ones normalised one by one, and those with an underscore, which `\\w` matches.
    """
    ended = (texts + pl.Series(["\0"])).to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, letters = ended.buffers()
    ends = np.frombuffer(offsets, np.int64)[1 : len(texts) + 1] - 1
    source = np.frombuffer(letters, np.uint8)[: ends[-1] + 1]
    plain = np.frombuffer(bytearray(source).translate(_one_byte()), np.uint8)
    strange = _fold_long(source, plain)
    plain[ends] = END
    is_blank = plain == BLANK
    again = (
        is_blank & np.r_[True, is_blank[:-1] | (plain[:-1] == END)]
    )  # after another blank, or at the start
    plain_texts = [text.strip() for text in plain[~again].tobytes().split(b"\xff")[:-1]]
    alone = set(np.searchsorted(ends, strange).tolist())
    for number in alone:
        plain_texts[number] = plain_text(texts[number]).encode()
    scored = np.searchsorted(ends, np.flatnonzero(source == UNDERSCORE)).tolist()
    return plain_texts, sorted(alone | set(scored))


def _fold_long(source: Bytes, letters: Bytes) -> Ints:
    """
    Fold multi-byte characters in place; give the positions of those it cannot fold.

    It handles two-byte characters (Latin, Greek, Cyrillic, Hebrew, Arabic) and the three-byte ones
    that begin with E2 80 (typographic quotes, dashes and spaces), except marks and invisible ones.
    """
    at = np.flatnonzero(source >= 0xC0)
    lead, second = source[at], source[at + 1]
    is_sign = (lead == 0xE2) & (second == 0x80)
    is_sign[is_sign] = ~np.isin(source[at[is_sign] + 2], _unseen_ends())
    for place in range(3):
        letters[at[is_sign] + place] = BLANK
    folded = _two_bytes()[lead & 0x1F, second & 0x3F]
    is_folded = (lead < 0xE0) & (folded[:, 0] > 0)
    letters[at[is_folded]], letters[at[is_folded] + 1] = folded[is_folded, 0], folded[is_folded, 1]
    return at[~is_folded & ~is_sign]


@cache
def _unseen_ends() -> list[int]:
    """Give the last bytes of the unseen characters that begin with E2 80."""
    return [code[2] for code in map(str.encode, UNSEEN) if code[:2] == b"\xe2\x80"]


@cache
def _one_byte() -> bytes:
    """Map each byte to a lower-case letter or digit, a blank, or, from 0x80 on, itself."""
    plain = "".join(plain_text(chr(byte)) or " " for byte in range(0x80))
    return plain.encode() + bytes(range(0x80, 0x100))


@cache
def _two_bytes() -> NDArray[np.uint8]:
    """Map two-byte characters to their folded bytes: 32 × 64 × 2; 0 if they cannot be folded."""
    table = np.zeros((32, 64, 2), dtype=np.uint8)
    for code in range(0x80, 0x800):
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        plain = "  " if re.fullmatch(r"\W+", folded) else folded
        is_whole = plain == "  " or re.fullmatch(r"\w+", folded)
        is_mark = unicodedata.category(chr(code)).startswith(
            "M"
        )  # may combine with the letter before it
        if is_whole and len(plain.encode()) == 2 and not is_mark and chr(code) not in UNSEEN:
            table[code >> 6, code & 0x3F] = tuple(plain.encode())
    return table
