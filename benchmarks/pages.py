"""
Generate pages to measure with: real layouts, invented words, any amount, deterministic by seed.

Five layouts: stories under doubled headlines and captions; one plain story with a reply box; a
disclosure with numbered comments; an aggregator's block with glued appeals; a live blog. Where the
labelled pages stand beside the project, they too can be repeated with their words in other orders.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

LABELLED = Path("../shared/eval/dev2")  # beside the project; its texts are never copied into it
SENTENCES = 2000  # a language; paragraphs are drawn from them, so two are hardly ever the same
WORDS = 3000
SHUFFLED_CHARS = 60  # shorter lines of a labelled page keep their words: they are its phrases
FILLERS = {
    "en": "the of and to in a that for on with as by at from it was has after said who",
    "de": "die der und in den von zu das mit sich des auf für ist im dem nicht nach über",
    "fr": "de la le et les des en un du une que est pour dans a par plus au été après",
}
SYLLABLES = {
    "en": "bar cor den el fen gal hol ing jor ken lan mer nor ow pel quil ran sal tor und",
    "de": "bau dör ein feld gru heim kör lau mün neu ost pfe ruh schö tal ufer wäh zei",
    "fr": "beau cé dou ère fleu gny hau iè lai mont né oise pré quê rou sé tère vaux",
}
LANGUAGES = ("en", "en", "en", "de", "fr")  # three pages in five are English

Layout = Callable[["Writer"], str]


@dataclass(frozen=True)
class Writer:
    """Writes invented text in one language."""

    dice: Random
    words: list[str]
    sentences: list[str]

    def names(self, count: int) -> str:
        """Give a name of some words."""
        return " ".join(word.title() for word in self.dice.choices(self.words, k=count))

    def headline(self) -> str:
        """Give 6 to 12 words in capitals, without an end."""
        return self.names(self.dice.randint(6, 12))

    def paragraph(self, most: int = 4) -> str:
        """Give one to `most` sentences; a name ahead, so that no two paragraphs begin alike."""
        words_drawn = self.dice.choices(self.sentences, k=self.dice.randint(1, most))
        return " ".join([self.names(2), *words_drawn])

    def paragraphs(self, low: int, high: int, join: str = "\n\n") -> str:
        """Give a story's body."""
        return join.join(self.paragraph() for _ in range(self.dice.randint(low, high)))

    def caption(self) -> str:
        """Give a caption as it stands on the page: alt text and caption, with the agency."""
        text = f"{self.paragraph(1)} ({self.dice.choice(('Reuters', 'EPA', 'AFP'))})"
        return f"{text}\n{text}"


def make_pages(total_bytes: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Give pages (name, text) until they hold `total_bytes` of UTF-8."""
    dice = Random(seed)
    writers = {language: _writer(language, dice) for language in sorted(FILLERS)}
    made = number = 0
    while made < total_bytes:
        layout = LAYOUTS[number % len(LAYOUTS)]
        text = layout(writers[dice.choice(LANGUAGES)])
        yield f"{layout.__name__}/{number:07d}.txt", text
        made += len(text.encode())
        number += 1


def repeat_labelled(folder: Path, total_bytes: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """
    Give the labelled pages of a folder again and again, words shuffled within long lines.

    A line that stands twice on a page is shuffled alike, so that repeats stay repeats.
    """
    texts = list(read_labelled(folder))
    made = number = 0
    while texts and made < total_bytes:
        text = _shuffle_lines(texts[number % len(texts)], f"{seed}/{number}")
        yield f"labelled/{number:07d}.txt", text
        made += len(text.encode())
        number += 1


def read_labelled(folder: Path) -> Iterator[str]:
    """Give the texts of the labelled pages of a folder, file by file."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def write_inbox(folder: Path, pages: Iterator[tuple[str, str]]) -> tuple[int, int]:
    """Write pages as files of an inbox, one at a time; give how many, and their bytes."""
    count = size = 0
    for name, text in pages:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_bytes(text.encode())
        count += 1
    return count, size


def doubled(w: Writer) -> str:
    """Write one to five stories, each under a headline that stands twice around its captions."""
    stories = []
    for _ in range(w.dice.randint(1, 5)):
        headline, caption = w.headline(), w.caption()
        widget = w.dice.choice(("TT", "TT\n20"))
        top = f"{headline}\n\n{caption}\n{widget}\n\n{headline}\n\n{caption}"
        stories.append(f"{top}\n\n{w.paragraphs(4, 16)}")
    return ("\n" * w.dice.choice((3, 4))).join(stories)


def plain(w: Writer) -> str:
    """Write one story and the box for replies."""
    return f"{w.headline()}\n\n\n{w.paragraphs(6, 20)}\n\nLeave A Reply"


def disclosed(w: Writer) -> str:
    """Write one story, a disclosure of the outlet, and readers' numbered comments."""
    closing = f"About {w.names(1)} - Policies & Disclosures - Comment Policy\n{w.paragraph(3)}"
    comments = "\n".join(f"  {n}. {w.paragraph(3)}" for n in range(1, w.dice.randint(2, 12)))
    story = f"{w.headline()}\n\n{w.paragraphs(8, 24)}"
    return f"{story}\n\n\n{closing}\n\n\n{comments}\n\nComments are closed."


def aggregator(w: Writer) -> str:
    """Write a lead story, then related ones in one paragraph, the outlet's appeal glued to each."""
    outlet = w.names(2)
    appeal = [w.paragraph(1), w.paragraph(2), f"Become a {outlet} member today", "Become a member"]
    tags = ", ".join(w.names(2) for _ in range(4))
    lead = "\n".join([w.headline(), *appeal, tags, w.paragraphs(5, 14, "\n"), "Hashtags"])
    related = (
        f"{outlet}\n{n} hours ago\n- {outlet}\n{w.headline()}\n"
        + " ".join([*appeal, w.paragraphs(4, 10, " ")])
        for n in range(1, w.dice.randint(3, 6))
    )
    comments = "Comments\nNo comments yet...\nRelated Articles"
    return "\n\n\n".join([f"{lead}\n\n{comments}", *related])


def live(w: Writer) -> str:
    """Write a live blog: an introduction, then entries under the time of day."""
    entries = (
        f"{w.dice.randint(0, 23):02d}:{w.dice.randint(0, 59):02d}\n{w.headline()}\n\n"
        + w.paragraphs(1, 5)
        for _ in range(w.dice.randint(4, 12))
    )
    top = f"{w.headline()}\n\n{w.paragraph()}\n\nBy {w.names(2)}\n\nLast updated at 19:05"
    return f"{top}\n\n{w.paragraph()}\n\n" + "\n\n".join(entries)


LAYOUTS: tuple[Layout, ...] = (doubled, plain, disclosed, aggregator, live)


def _writer(language: str, dice: Random) -> Writer:
    """Give a writer with its own words and sentences."""
    parts, fillers = SYLLABLES[language].split(), FILLERS[language].split()
    words = ["".join(dice.choices(parts, k=dice.randint(2, 4))) for _ in range(WORDS)]
    return Writer(dice, words, [_sentence(dice, words, fillers) for _ in range(SENTENCES)])


def _sentence(dice: Random, words: list[str], fillers: list[str]) -> str:
    """Give 8 to 30 words; one sentence in four is quoted, as in the news."""
    words_drawn = [dice.choice(fillers if dice.random() < 0.5 else words)
            for _ in range(dice.randint(8, 30))]  # fmt: skip
    text = " ".join(words_drawn).capitalize()
    return f"“{text},” said {dice.choice(words).title()}." if dice.random() < 0.25 else f"{text}."


def _shuffle_lines(text: str, seed: str) -> str:
    """Shuffle the words of long lines, but for the first and last: they open and close it."""
    return "\n".join(
        line if len(line) < SHUFFLED_CHARS else _shuffle(line, f"{seed}/{line}")
        for line in text.split("\n")
    )


def _shuffle(line: str, seed: str) -> str:
    words = line.split(" ")
    inner = words[1:-1]
    Random(seed).shuffle(inner)
    return " ".join([*words[:1], *inner, *words[-1:]])
