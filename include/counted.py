"""Count things in words: one page, two pages."""

VOWELS = "aeiou"


def count_out(number: int, noun: str) -> str:
    """Give `1 story`, `1,200 stories`: the number and its noun, which is told in the singular."""
    return f"{number:,} {noun if number == 1 else _many(noun)}"


def _many(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}s"
