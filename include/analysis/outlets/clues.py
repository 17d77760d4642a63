"""
Read names of outlets in a page's own text: copyright lines, appeals, notes on where it appeared.

«told Reuters» and «Reuters reported» say nothing about who published a page and are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from include.analysis.outlets.table import fold

COPYRIGHT, SELF, WRITTEN_FOR = "copyright", "self", "written_for"
LINE_CHARS = 300  # searched per line
EDGE_CHARS = 600  # searched for a note on its origin at each end of a body
NAME_CHARS = 60
NAME_WORDS = 6

YEARS = r"(?:(?:19|20)\d\d(?:\s*[-–—/]\s*(?:(?:19|20)?\d\d)?)?)"
MARK = re.compile(r"©|\(c\)\s*(?=\d)|\bcopyright\b", re.I)
LEAD = re.compile(rf"(?:[\s©:,.|–—-]|\(c\)|copyright|by\b|{YEARS})+", re.I)
CUT = re.compile(
    rf"\s*(?:[|•·/\n©]|[–—-]\s|,?\s{YEARS}|,\s|\.\s|\.?$|;|\(|\ball rights|\ball content|"
    r"\bund\b|alle rechte|tous droits|todos los|tutti i|todos os|\bis a\b|\band its\b|"
    r"\band individual\b|condiciones|все права|riproduzione)",
    re.I,
)
COMPANY = re.compile(
    r",?\s+(?:inc|llc|l\.l\.c|ltd|limited|plc|gmbh(?:\s*&\s*co\.?\s*kg)?|ag|s\.?\s?a\.?|s\.?l\.?|"
    r"s\.?p\.?a\.?|srl|co|corp|corporation|company|pty|bv|b\.v|oy|ab|a/s|as|sas|e\.\s?v|kg)\.?$",
    re.I,
)
NO_NAME = re.compile(
    r"photo|image|picture|montage|shutterstock|getty|istock|adobe|foto|bild|imago|rights|reserved|"
    r"policy|privacy|notice|terms|wordpress|blogger|advert|cookie|\bus\b|\bme\b|creative commons",
    re.I,
)
# Words of companies that own outlets, and of notes: on 639 pages of 527 publishers, 37 of 68 wrong
# names in copyright lines had one of them.
OWNER_WORDS = re.compile(
    r"\b(?:media|medien|medios|verlag|verlagsgruppe|publishing|publishers?|publications|group|grupo|"
    r"gruppe|gruppo|groupe|networks?|corp|broadcasting|interactive|enterprises|communications?|"
    r"holdings?|digital|brands|newspapers|editorial|editora|edizioni|éditions|associados|"
    r"publicidade|gazetecilik|microsoft|nbc ?universal|tencent|netease|cc by\S*|ооо|times \w{3,4}t|"
    r"designed|magazine media|consulting|agency|agentur)\b",
    re.I,
)
# Companies that own many outlets: their name does not say which one this is.
OWNERS = frozenset(
    fold(name)
    for name in (
        "Gannett", "Gannett Satellite Information Network", "Hearst Newspapers", "Hearst",
        "Hearst Communications", "Hearst Magazine Media", "Vice Media Group", "Vox Media",
        "Condé Nast", "IDG Communications", "Dotdash Meredith", "Meredith", "Future Publishing",
        "Future US", "News Corp", "Nine Entertainment", "FUNKE Mediengruppe", "Axel Springer",
        "Advance Local Media", "Lee Enterprises", "McClatchy", "MediaNews Group", "Reach",
        "Postmedia", "Postmedia Network", "Ziff Davis", "Penske Media", "Warner Bros. Discovery",
        "Cable News Network", "Thomson Reuters", "Google", "Meta", "Automattic", "Nexstar Media",
        "Nexstar Broadcasting", "Sinclair", "Gray Television", "Tribune Publishing", "G/O Media",
    )
)  # fmt: skip
CAPITAL = r"[^\W\d_a-z][\w.&'’-]{0,30}"
NAME = rf"((?:{CAPITAL}|\d{{2,3}})(?:\s(?:of|the|de|la|and|&|{CAPITAL}|\d{{2}})){{0,5}})"
QUOTED = r"[“\"«„‘']\s?([^“”\"«»„‘]{2,60}?)\s?[”\"»“’']"
SELF_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[Bb]ecome an? {NAME} (?:member|supporter|subscriber|patron)\b",
        rf"(?:^|[|•·\n-]\s*)About {NAME}(?=\s*(?:$|[|•·\n-]))",
        rf"\b(?:[Ss]ubscribe to|[Ss]ign up (?:for|to)|[Gg]et|[Jj]oin) (?:the )?{NAME}(?:'s|’s)?"
        r" (?:newsletter|app|daily|briefing|channel|community)\b",
        rf"\b[Ff]ollow {NAME} on (?:Twitter|X|Facebook|Instagram|Telegram|YouTube|Google News)\b",
        rf"\b[Dd]ownload the {NAME} app\b",
        rf"\b[Mm]ore (?:from|on) {NAME}$",
        rf"^{NAME} (?:has worked|is an? (?:independent|non-?profit|online|daily|news))\b",
        rf"\b(?:[Ff]olgen Sie|[Üü]ber) {NAME}(?: auf (?:Facebook|Twitter|Instagram|X)\b|$)",
        rf"\b(?:[Ss]uivez|À propos de) {NAME}(?: sur (?:Facebook|Twitter|Instagram|X)\b|$)",
        rf"\b[Ss]ígu?enos en {NAME}$",
    )
)
WRITTEN_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:exclusively |specially |written )?for the (?:online |news ?)?"
        rf"(?:magazine|newspaper|journal|site|website|portal|paper) {QUOTED}",
        rf"(?:[Ff]irst|[Oo]riginally) (?:published|appeared) (?:in|on|by|at|with) (?:the )?{NAME}",
        rf"[Rr]epublished (?:from|with permission (?:from|of)) (?:the )?{NAME}",
        rf"^[Ss]pecial(?:ly)? (?:to|for) (?:the )?{NAME}\s*$",
        rf"[Tt]his (?:article|story|piece) (?:is|was) (?:produced|published) by (?:the )?{NAME}",
    )
)


@dataclass(frozen=True)
class Clue:
    """A name of an outlet that a text gives. source: copyright, self or written_for."""

    name: str
    source: str


def read_chrome_clues(lines: list[str]) -> Iterator[Clue]:
    """Read the clues in the lines of a page that belong to no story."""
    for line in lines:
        for text in line[: 20 * LINE_CHARS].split("\n"):
            yield from _copyright(text[:LINE_CHARS])
            for pattern in SELF_PATTERNS:
                for match in pattern.finditer(text[:LINE_CHARS].strip()):
                    yield from _make_clue(match.group(1), SELF)


def read_body_clues(body: str) -> Iterator[Clue]:
    """Read the notes at the start and end of a body that say for whom it was written."""
    edges = {body[:EDGE_CHARS], body[-EDGE_CHARS:]}
    for text in sorted(edges):
        for line in text.split("\n"):
            for pattern in WRITTEN_PATTERNS:
                for match in pattern.finditer(line):
                    yield from _make_clue(match.group(1), WRITTEN_FOR)


def _copyright(line: str) -> Iterator[Clue]:
    match = MARK.search(line)
    dated = match and (re.search(YEARS, line) or "opyright" in line or "ights" in line)
    if not match or not dated:
        return
    rest = line[match.start() :]
    lead = LEAD.match(rest)
    rest = rest[lead.end() if lead else 0 :]
    end = CUT.search(rest)
    name = COMPANY.sub("", rest[: end.start() if end else None].strip())
    if not OWNER_WORDS.search(name):
        yield from _make_clue(name, COPYRIGHT)


def _make_clue(name: str, source: str) -> Iterator[Clue]:
    """Yield a clue if the text may be the name of an outlet."""
    name = name.strip(" .,:;-–—'’\"“”")
    words = name.split()
    fits = 1 < len(name) <= NAME_CHARS and len(words) <= NAME_WORDS
    is_owner = fold(COMPANY.sub("", name)) in OWNERS
    if fits and not is_owner and not NO_NAME.search(name) and any(c.isupper() for c in name):
        yield Clue(name, source)
