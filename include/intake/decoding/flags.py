"""
Name the oddities of a decoded text: flags that are told, never reasons to reject or repair.
"""

from __future__ import annotations

import re

# The characters that cp1252 and cp1251 read where UTF-8 has a continuation byte (0x80 to 0xbf);
# a byte they do not know stands as the C1 control or as U+FFFD.
TAIL_1252 = re.escape(bytes(range(0x80, 0xC0)).decode("cp1252", "replace"))
TAIL_1251 = re.escape(bytes(range(0x80, 0xC0)).decode("cp1251", "replace"))
TAIL = f"[{TAIL_1252}\x80-\x9f]"
# Quotes, dashes and emoji are certain; "Ã©" could be meant once, and so could "Ñ€" in a word.
MOJIBAKE_SURE = re.compile(f"â€{TAIL}|â[\x80-\x9f]{{2}}|ðŸ{TAIL}{{2}}|ï»¿|Ã¢â‚¬")
MOJIBAKE_WEAK = (
    ("Ã", re.compile(f"Ã{TAIL}")),
    ("Â", re.compile(f"Â{TAIL}")),
    ("Ð", re.compile(f"(?:[ÐÑ]{TAIL}){{3}}")),
    ("Р", re.compile(f"(?:[РС][{TAIL_1251}]){{3}}")),
)
WEAK_HITS = 2

CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # U+0085 is a line end
HIGH_CONTROLS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")  # in UTF-8: found by a rare byte
LEFT_OVER = re.compile(
    r"</?(?:p|br|b|i|a|em|strong|div|span)\b[^<>]{0,300}>|&(?:amp|nbsp|quot|lt|gt|#x?[0-9a-fA-F]{1,6});"
)


def find_oddities(text: str, may_have_controls: bool) -> list[str]:
    """
    Name what is odd about a text, in the order of docs/intake.md.

    Args:
        may_have_controls: false when its bytes held no C0 control but white space and NUL.
    """
    flags: list[str] = []
    ascii_only = text.isascii()
    high = b"" if ascii_only else text.encode("utf-8", "surrogatepass")
    if (may_have_controls and CONTROLS.search(text)) or HIGH_CONTROLS.search(high):
        flags.append("control_chars")
    if "\ufeff" in text:
        flags.append("inner_bom")
    if not ascii_only and is_mojibake(text):
        flags.append("mojibake")
    if ("<" in text or "&" in text) and LEFT_OVER.search(text):
        flags.append("left_over_markup")
    return flags


def is_mojibake(text: str) -> bool:
    """Tell whether UTF-8 was once read as cp1252 or cp1251 on its way to us."""
    if ("â" in text or "ð" in text or "ï»¿" in text or "Ã¢" in text) and MOJIBAKE_SURE.search(text):
        return True
    return any(
        letter in text and _has_hits(pattern, text, 1 if letter in "ÐР" else WEAK_HITS)
        for letter, pattern in MOJIBAKE_WEAK
    )


def _has_hits(pattern: re.Pattern[str], text: str, hits: int) -> bool:
    found = pattern.finditer(text)
    return all(next(found, None) is not None for _ in range(hits))
