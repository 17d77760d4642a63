"""
Pair quotation marks: the quoted stretches of a body, outermost only.

One pass over the marks with a stack of at most DEPTH openers, so the time is linear in the body. It
does not decide whether a stretch is a quotation: titles and scare quotes are stretches, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Opener to its closers. The neighbours of a mark that can do both decide.
PAIRS = {
    "“": "”“\"″", "„": "“”\"‟„", "‟": "”“", '"': "\"”“″", "″": "\"”″", "”": "”\"",
    "«": "»", "»": "«»", "''": ("''", '"'), "``": ("''", '"', "``"),
    "「": "」", "『": "』", "〝": "〟〞", "＂": "＂",
}  # fmt: skip
SINGLES = {"'": "'’", "‘": "’'", "’": "’", "‚": "‘’'", "‹": "›", "›": "‹", "`": "'’"}
DIRECTED = frozenset(("“", "„", "‟", "``"))
EAST_ASIAN = set("「『〝」』〟〞")
MARK = re.compile(r"''|``|[“”„‟\"″«»「」『』〝〞〟＂]")
SINGLE = re.compile(r"['‘’‚‹›`]")
LINE = re.compile(r"[^\n]+")
LONGEST_QUOTE = 20_000  # characters; the longest in PolNeAR has 1,289
LONGEST_PARAGRAPH = 20_000  # characters; the longest line of 3,256 news texts has 12,577
MOST_STRETCHES = 300  # per paragraph; more are a list, and each takes up to 0.3 ms
DEPTH = 4  # quotes in quotes in quotes; deeper openers are typing errors


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    One quoted stretch of one paragraph, offsets into the body.

    start and end include the marks. is_open: its closing mark is missing, and the next stretch goes
    on with the same quote, or the paragraph ends.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    is_open: bool = False


def find_paragraphs(body: str) -> Iterator[tuple[int, int]]:
    """Give the start and end of each line that is not empty; a very long line is cut in parts."""
    for match in LINE.finditer(body):
        start, end = match.span()
        while end - start > LONGEST_PARAGRAPH:
            cut = body.rfind(" ", start + 1, start + LONGEST_PARAGRAPH)
            cut = cut if cut > start else start + LONGEST_PARAGRAPH
            yield start, cut
            start = cut
        yield start, end


def find_stretches(body: str, start: int, end: int) -> list[Stretch]:
    """
    Find the outermost quoted stretches of one paragraph, in order.

    Returns:
        k ≥ 0 stretches that do not overlap. The last is_open where its closing mark is missing.
    """
    doubles = _find_doubles(body, start, end)
    singles = _find_singles(body, start, end, doubles)
    stretches: list[Stretch] = []
    for stretch in sorted((*doubles, *singles), key=lambda s: s.start):
        if not stretches or stretch.start >= stretches[-1].end:
            stretches.append(stretch)
    return stretches[:MOST_STRETCHES]


def _find_doubles(body: str, start: int, end: int) -> list[Stretch]:
    stack: list[tuple[str, int, int]] = []
    stretches: list[Stretch] = []
    for match in MARK.finditer(body, start, end):
        mark, at, after = match.group(), match.start(), match.end()
        index = _closes(stack, mark, body, at, after, start, end)
        if index is not None:
            _, opened, inner = stack[index]
            del stack[index:]
            while stretches and stretches[-1].start > opened:
                stretches.pop()
            stretches.append(Stretch(opened, after, inner, at))
        elif _may_open(mark, body, at, after, start, end):
            if len(stack) == DEPTH:
                del stack[0]
            stack.append((mark, at, after))
    if stack:
        stretches = _close_rest(body, stretches, stack, end)
    return [f for f in stretches if 0 < f.inner_end - f.inner_start <= LONGEST_QUOTE]


def _close_rest(
    body: str, stretches: list[Stretch], stack: list[tuple[str, int, int]], end: int
) -> list[Stretch]:
    """
    Let the outermost opener without a closer reach to the end of the paragraph.

    It is dropped if two stretches follow: its closer is then missing by mistake.
    """
    _, opened, inner = stack[0]
    later = sum(f.start > opened for f in stretches)
    if body[inner : inner + 1].isspace() or later > 1 or end - opened > LONGEST_QUOTE:
        return stretches
    kept = [f for f in stretches if f.start < opened]
    return [*kept, Stretch(opened, end, inner, end, is_open=True)]


def _closes(
    stack: list[tuple[str, int, int]],
    mark: str,
    body: str,
    at: int,
    after: int,
    start: int,
    end: int,
) -> int | None:
    """Give the index in the stack of the opener that this mark closes; None: it closes none."""
    if mark in EAST_ASIAN or not stack:
        closers = [i for i, (o, _, _) in enumerate(stack) if mark in PAIRS[o]]
        return closers[-1] if closers else None
    before = body[at - 1] if at > start else " "
    following = body[after] if after < end else " "
    for index in range(len(stack) - 1, -1, -1):
        opener = stack[index][0]
        if mark not in PAIRS.get(opener, ""):
            continue
        opens = _is_outside(before) and not _is_outside(following)
        if mark in {'"', "''", "＂", "″"} and opens:
            continue  # nested: "She said "yes" to it"
        if mark == opener and mark in "“„»" and opens:
            continue
        return index
    return None


def _may_open(mark: str, body: str, at: int, after: int, start: int, end: int) -> bool:
    if mark not in PAIRS or after >= end:
        return False
    if mark in EAST_ASIAN or mark == "«":
        return True
    before = body[at - 1] if at > start else " "
    following = body[after]
    if following in ".,;:!?)":
        return body[after : after + 3] == "..."
    if mark in DIRECTED:
        return not following.isspace()
    # A straight mark glued to the sentence before it opens, too: reporters." Of course
    glued = before in ".!?" and following.isspace()
    return glued or (_is_outside(before) and not following.isspace())


def _is_outside(letter: str) -> bool:
    """Whether a mark after this letter may open a quote."""
    return letter.isspace() or letter in "([{—–-/:,;…|*>'‘\u200b\ufeff" or letter > "\u2e7f"


def _find_singles(body: str, start: int, end: int, doubles: list[Stretch]) -> list[Stretch]:
    """Find stretches in single marks that lie outside double ones; apostrophes are none."""
    stretches: list[Stretch] = []
    opener: tuple[str, int] | None = None
    weak: int | None = None  # a closer that may be an apostrophe: the workers’ rights
    inside = 0
    for match in SINGLE.finditer(body, start, end):
        at = match.start()
        while inside < len(doubles) and doubles[inside].end <= at:
            inside += 1
        if inside < len(doubles) and doubles[inside].start <= at:
            continue
        mark = match.group()
        before = body[at - 1] if at > start else " "
        following = body[at + 1] if at + 1 < end else " "
        if body[max(at - 1, start) : at + 2].count(mark) > 1:
            continue  # '' is a double mark
        if opener is None or mark not in SINGLES[opener[0]] or before.isspace():
            if mark in SINGLES and _opens_single(mark, before, following, body, at):
                if opener and weak is not None:
                    stretches.append(Stretch(opener[1], weak + 1, opener[1] + 1, weak))
                opener, weak = (mark, at), None
        elif not following.isalnum():
            if mark not in "›‹" and before in "sSxz" and following == " " and weak is None:
                weak = at
                continue
            stretches.append(Stretch(opener[1], at + 1, opener[1] + 1, at))
            opener, weak = None, None
    if opener and weak is not None:
        stretches.append(Stretch(opener[1], weak + 1, opener[1] + 1, weak))
    return [f for f in stretches if f.inner_end - f.inner_start > 1]  # rock 'n' roll


def _opens_single(mark: str, before: str, following: str, body: str, at: int) -> bool:
    if not _is_outside(before) or following.isspace():
        return False
    if mark in "‹›‚":
        return True
    if following.isdigit() and body[at + 2 : at + 4].endswith("s"):
        return False  # the '90s
    return following.isalnum() or following in '[(«“„"…¡¿'
