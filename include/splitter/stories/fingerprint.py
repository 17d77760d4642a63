"""
Fingerprint texts, ignoring case, white space and punctuation.

`plain_text` is the definition. Most texts contain only characters whose normalised form takes no
more bytes than they do: they are normalised together, byte by byte, in a fifth of the time. The
rest go one by one.
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
SCHEMA = {"text_hash": pl.String, "words": pl.UInt32}
BLANK, END, DROPPED = 0x20, 0xFF, 0xFE  # 0xFE and 0xFF never occur in UTF-8
TOKEN = re.compile(rf"\w[\w{MARKS}]*")
ANY_UNSEEN = re.compile(f"[{UNSEEN}]")
BLOCK = 64  # characters
THREE_BYTES = (0xE2, 0xEF)  # lead bytes of the characters from U+2000 on
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
        counts = [_count_spaced(body) for body in bodies]
        for number, count in zip(recount, count_words(lot["body"].gather(recount)), strict=True):
            counts[number] = count
        words += counts
    return pl.DataFrame({"text_hash": hashes, "words": words}, schema=SCHEMA)


def _count_spaced(plain: bytes) -> int:
    """Count the words of a plain text; an underscore is no part of one."""
    if b"_" in plain:
        return len(plain.replace(b"_", b" ").split())
    return plain.count(b" ") + 1 if plain else 0


def _hash(headline: bytes, body: bytes) -> str:
    return hashlib.sha256(b" ".join(filter(None, (headline, body)))).hexdigest()


def _make_plain(texts: pl.Series) -> tuple[list[bytes], list[int]]:
    """
    Give `plain_text` of each text as UTF-8, and the texts whose words must be counted separately.

    Those are the ones normalised one by one, and those with letters or figures of three bytes:
    their scripts may put no spaces between words.
    """
    ended = (texts + pl.Series(["\0"])).to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, letters = ended.buffers()
    ends = np.frombuffer(offsets, np.int64)[1 : len(texts) + 1] - 1
    source = np.frombuffer(letters, np.uint8)[: ends[-1] + 1]
    plain = np.frombuffer(bytearray(source).translate(_one_byte()), np.uint8)
    strange, long = _fold_long(source, plain)
    plain[ends] = END
    if len(long):
        plain = plain[plain != DROPPED]
    is_blank = plain == BLANK
    again = (
        is_blank & np.r_[True, is_blank[:-1] | (plain[:-1] == END)]
    )  # after another blank, or at the start
    plain_texts = [text.strip() for text in plain[~again].tobytes().split(b"\xff")[:-1]]
    alone = set(np.searchsorted(ends, strange).tolist())
    for number in alone:
        plain_texts[number] = plain_text(texts[number]).encode()
    return plain_texts, sorted(alone | set(np.searchsorted(ends, long).tolist()))


def _fold_long(source: Bytes, letters: Bytes) -> tuple[Ints, Ints]:
    """
    Fold multi-byte characters in place.

    It handles two-byte characters (Latin, Greek, Cyrillic, Hebrew, Arabic) and three-byte ones from
    U+2000 on (punctuation, Chinese, Japanese, Korean), except marks and invisible ones.

    Returns:
        The positions of characters that it cannot fold, and of letters and figures of three bytes.
    """
    at = np.flatnonzero(source >= 0xC0)
    lead, second = source[at], source[at + 1]
    is_long = (lead >= THREE_BYTES[0]) & (lead <= THREE_BYTES[1])
    long, own = at[is_long], lead[is_long]
    code = (own.astype(np.int64) & 0xF) << 12
    code |= (second[is_long].astype(np.int64) & 0x3F) << 6
    code |= source[long + 2] & 0x3F
    threes = np.zeros((len(long), 3), dtype=np.uint8)
    for byte in np.flatnonzero(np.bincount(own, minlength=256)).tolist():
        some = own == byte
        threes[some] = _three_bytes(byte)[code[some] & 0xFFF]
    for place in range(3):
        letters[at[is_long] + place] = threes[:, place]
    folded = _two_bytes()[lead & 0x1F, second & 0x3F]
    is_folded = (lead < 0xE0) & (folded[:, 0] > 0)
    letters[at[is_folded]], letters[at[is_folded] + 1] = folded[is_folded, 0], folded[is_folded, 1]
    is_folded[is_long] = threes[:, 0] > 0
    return at[~is_folded], long[(threes != BLANK).any(axis=1)]


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


@cache
def _three_bytes(lead: int) -> Bytes:
    """
    Map the characters of a lead byte to their folded bytes, dropped ones last: 4096 × 3.

    0 stands for a character that cannot be folded alone: marks combine with the letter before them,
    and parts of Korean syllables with each other.
    """
    table = np.zeros((4096, 3), dtype=np.uint8)
    first = (lead & 0xF) << 12
    for begin in range(0, 4096, BLOCK):
        block = "".join(map(chr, range(first + begin, first + begin + BLOCK)))
        if block.isalnum() and unicodedata.normalize("NFKC", block).casefold() == block:
            folded = np.frombuffer(block.encode(), np.uint8).reshape(BLOCK, 3)
        else:
            folded = np.array([_fold_three(letter) for letter in block], dtype=np.uint8)
        table[begin : begin + BLOCK] = folded
    return table


def _fold_three(letter: str) -> tuple[int, ...]:
    """Fold a character of three bytes; surrogates, which are no characters, become blanks."""
    folded = unicodedata.normalize("NFKC", letter).casefold()
    is_mark = any(unicodedata.category(one).startswith("M") for one in (letter, *folded))
    if is_mark or letter in UNSEEN or "_" in folded:
        return 0, 0, 0
    if re.fullmatch(r"\W+", folded):
        return BLANK, BLANK, BLANK
    if folded == letter or (folded.isascii() and len(folded) <= 3):
        return tuple(re.sub(r"\W", " ", folded).encode().ljust(3, bytes([DROPPED])))
    return 0, 0, 0
