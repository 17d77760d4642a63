"""Text for people: safe to print on a terminal, and with nouns in the plural."""

JOINERS = "\u200c\u200d"  # needed to shape letters (Persian, Hindi, emoji); harmless
REPLACED = "\N{REPLACEMENT CHARACTER}"
VOWELS = "aeiou"


def sanitize(text: str) -> str:
    """Replace characters that control the terminal or text direction; the length stays."""
    return "".join(_sanitize_char(letter) for letter in text)


def _sanitize_char(letter: str) -> str:
    if letter.isprintable() or letter in JOINERS:
        return letter
    return " " if letter.isspace() else REPLACED


def shorten(text: str, chars: int) -> str:
    """Give the text with its middle left out, so that it has at most this many characters."""
    if len(text) <= chars:
        return text
    end = (chars - 1) // 2
    return f"{text[: chars - 1 - end]}…{text[len(text) - end :]}"


def pluralize(number: int, noun: str) -> str:
    """Return a number and its noun, given in the singular: `1 story`, `1,200 stories`."""
    return f"{number:,} {noun if number == 1 else _plural(noun)}"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}s"
