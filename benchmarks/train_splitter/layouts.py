"""
Lay harvested stories out as pages with several stories, in the ways that real pages do.

Each layout is a function of a page under way. Texts come from the harvest, the rest is invented.
"""

import re
from dataclasses import dataclass, field
from random import Random

from benchmarks.train_splitter import phrases
from benchmarks.train_splitter.harvest import Harvest, Row, Tale
from include.splitter.model.line_classifier import BODY, CAPTION, CHROME, HEADLINE, SIDE


@dataclass
class Draft:
    """A page under way: its rows, and the blank lines between its paragraphs."""

    chance: Random
    harvest: Harvest
    pool: list[Tale]
    gap: int
    rows: list[Row] = field(default_factory=list)

    def add(self, gap: int, text: str, kind: int, story: int, start: bool = False) -> None:
        """Add a line."""
        self.rows.append(Row(gap, text, kind, story, start))

    def add_chrome(self, lines: list[str], first_gap: int = 1, gap: int = 0) -> None:
        """Add lines of chrome."""
        for number, line in enumerate(lines):
            self.add(gap if number else first_gap, line, CHROME, -1)

    def add_body(self, tale: Tale, story: int, first_gap: int, most: int | None = None) -> None:
        """Add a story's text, or only its first `most` paragraphs, without what is between."""
        flow = list(tale.flow) if most is None else [(p, BODY) for p in tale.body[:most]]
        for number, (text, kind) in enumerate(flow):
            self.add(self.gap if number else first_gap, text, kind, story)

    def pick(self) -> Tale:
        """Pick a story that has a headline."""
        return self.chance.choice([tale for tale in self.pool if tale.headline])

    def pick_run(self, most: int) -> list[str]:
        """Pick some lines of chrome that stand together on a real page."""
        run = self.chance.choice(self.harvest.runs)
        begin = self.chance.randrange(len(run))
        return run[begin : begin + self.chance.randint(1, most)]


def lay_doubled(page: Draft) -> None:
    """Headline, caption twice, buttons, both again, body: as seeds 000 to 003 have it."""
    chance = page.chance
    widget, seam = chance.choice(phrases.WIDGETS), chance.choice((2, 2, 3, 1))
    captioned = [tale for tale in page.harvest.tales if tale.captions]
    times = chance.choice((1, 2, 2))
    for story in range(chance.randint(1, 4)):
        tale = page.pick()
        shown = chance.choice(tale.captions or chance.choice(captioned).captions)
        for again in (False, True):
            page.add(1 if again else seam, str(tale.headline), HEADLINE, story, not again)
            for copy in range(times if chance.random() < 0.9 else 0):
                page.add(0 if copy else 1, shown, CAPTION, story)
            if not again:
                page.add_chrome(list(widget), 0)
        page.add_body(tale, story, chance.choice((page.gap, page.gap, 0)))


def lay_blog(page: Draft) -> None:
    """Whole stories one below the other, each with a byline or date and a foot."""
    chance = page.chance
    meta_at = chance.choice(("none", "after", "after", "before", "end"))
    has_deck = chance.random() < 0.3
    foot = phrases.tell_foot(chance) if chance.random() < 0.6 else []
    seam = chance.choice((page.gap, page.gap, page.gap + 1, 2, 3))
    most = chance.choice((None, None, None, 2, 3, 5))
    for story in range(chance.randint(2, 9)):
        tale = page.pick()
        if meta_at == "before":
            page.add(seam, phrases.tell_date(chance), SIDE, story)
        head_gap = chance.choice((0, page.gap)) if meta_at == "before" else seam
        page.add(head_gap, str(tale.headline), HEADLINE, story, True)
        if has_deck and tale.deck:
            page.add(page.gap, tale.deck[0], SIDE, story)
        if meta_at == "after":
            page.add(page.gap, phrases.tell_meta(chance), SIDE, story)
        if tale.captions and chance.random() < 0.4:
            page.add(page.gap, tale.captions[0], CAPTION, story)
        page.add_body(tale, story, page.gap, most)
        if meta_at == "end":
            page.add(page.gap, phrases.tell_meta(chance), SIDE, story)
        page.add_chrome(foot, page.gap)


def lay_ticker(page: Draft) -> None:
    """A lead story, then entries with a time or a name above each headline: a live blog."""
    chance = page.chance
    author = chance.choice(phrases.NAMES) if chance.random() < 0.4 else None
    is_timed = chance.random() < 0.8 or author is None
    begin = 0
    if chance.random() < 0.7:
        lead, begin = page.pick(), 1
        page.add(page.gap, str(lead.headline), HEADLINE, 0, True)
        page.add_body(lead, 0, page.gap, chance.randint(1, 6))
        page.add_chrome(page.pick_run(2) if chance.random() < 0.5 else [], page.gap)
    seam = chance.choice((page.gap, page.gap, page.gap + 1, 2))
    for story in range(begin, begin + chance.randint(3, 10)):
        tale, gap = page.pick(), seam
        if is_timed:
            page.add(gap, phrases.tell_clock(chance), SIDE, story)
            gap = chance.choice((0, page.gap))
        if author:
            page.add(gap, author, SIDE, story)
            gap = page.gap
        page.add(gap, str(tale.headline), HEADLINE, story, True)
        page.add_body(tale, story, page.gap, chance.choice((1, 1, 2, 2, 3)))


def lay_briefs(page: Draft) -> None:
    """Headlines with a paragraph each: news in brief."""
    chance = page.chance
    seam = chance.choice((page.gap, page.gap + 1, 2))
    is_sourced, is_single = chance.random() < 0.3, chance.random() < 0.6
    for story in range(chance.randint(3, 10)):
        tale = page.pick()
        page.add(seam, str(tale.headline), HEADLINE, story, True)
        body = list(tale.body[: 1 if is_single else chance.randint(1, 3)])
        if is_single and chance.random() < 0.3 and len(body[0]) > 150:
            body = re.split(r"(?<=[.!?])\s", body[0])[:1]
        for number, text in enumerate(body):
            page.add(page.gap if number else chance.choice((0, page.gap)), text, BODY, story)
        if is_sourced:
            source = chance.choice(phrases.SOURCES).format(name=chance.choice(phrases.NAMES))
            page.add(0, source, SIDE, story)


def lay_aggregator(page: Draft) -> None:
    """A story, then others of one paragraph below their outlets' names: seed 004."""
    chance = page.chance
    lead = page.pick()
    page.add(0, str(lead.headline), HEADLINE, 0, True)
    page.add_body(lead, 0, 0)
    page.add_chrome(list(chance.choice(phrases.TAILS)), 0)
    for story in range(1, chance.randint(1, 5)):
        tale, outlet = page.pick(), chance.choice(phrases.OUTLETS)
        page.add(2, outlet, SIDE, story)
        page.add(0, chance.choice(phrases.AGES), SIDE, story)
        if chance.random() < 0.7:
            page.add(0, f"- {outlet}", SIDE, story)
        page.add(0, str(tale.headline), HEADLINE, story, True)
        page.add(0, " ".join(tale.body), BODY, story)


def lay_teasers(page: Draft) -> None:
    """One story, then headlines with a cut first sentence: those are no stories."""
    chance, tale = page.chance, page.pick()
    page.add(0, str(tale.headline), HEADLINE, 0, True)
    page.add_body(tale, 0, chance.choice((page.gap, 2)))
    page.add_chrome([chance.choice(phrases.MORE)])
    for _ in range(chance.randint(1, 5)):
        other = page.pick()
        cut = other.body[0][: chance.randint(60, 160)].rsplit(" ", 1)[0]
        page.add_chrome([str(other.headline), cut + chance.choice(("…", "...", " [...]"))])
        page.add_chrome(["Read more"] if chance.random() < 0.6 else [], 0)


def lay_pages(page: Draft) -> None:
    """Whole single-story pages one after the other."""
    stories = 0
    for _ in range(page.chance.randint(2, 3)):
        rows = page.chance.choice(page.harvest.pages)
        for number, row in enumerate(rows):
            gap = row.gap if number else page.chance.choice((1, 2))
            story = row.story + stories if row.story >= 0 else -1
            page.add(gap, row.text, row.kind, story, row.start)
        stories += 1 + max(row.story for row in rows)


def lay_single(page: Draft) -> None:
    """One real page as it is, flattened, spaced, trimmed, or with sub-headings put in."""
    chance = page.chance
    rows = chance.choice(page.harvest.pages)
    mode = chance.choice(("flat", "ones", "trim", "trimflat", "subs"))
    if mode.startswith("trim"):
        told = [number for number, row in enumerate(rows) if row.kind in (HEADLINE, BODY)]
        rows = rows[max(0, told[0] - chance.randint(0, 3)) : told[-1] + 1 + chance.randint(0, 4)]
    for row in rows:
        if row.kind == CHROME and chance.random() < 0.15:
            continue
        gap = 0 if "flat" in mode else 1 if mode == "ones" else row.gap
        page.add(gap, row.text, row.kind, row.story, row.start)
        if mode == "subs" and row.kind == BODY and chance.random() < 0.25:
            _add_subhead(page, row)


def _add_subhead(page: Draft, row: Row) -> None:
    """Put another story's sub-heading, or rarely its headline, below a paragraph."""
    tale = page.chance.choice(page.pool)
    found = [text for text, kind in tale.flow if kind == SIDE and len(text) < 90]
    if not found and tale.headline and page.chance.random() < 0.15:
        found = [tale.headline]
    if found:
        page.add(page.chance.choice((row.gap, 1)), page.chance.choice(found), SIDE, row.story)
