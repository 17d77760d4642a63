"""
An inbox that never rests: files come, change, go, are renamed, copied and half written.

Every name that was ever used stands in the last inbox with a text that depends on the seed alone,
so that what must stand in the lake then is known whatever was killed on the way.
"""

from __future__ import annotations

import random
from pathlib import Path

PLACES = ("Esker", "Tarnholm", "Quillhaven", "Lower Marl", "Osterby", "Vale End")
NOUNS = ("harbour", "council", "bridge", "orchard", "ferry", "library", "market", "lamp", "mill")
VERBS = ("opened", "repaired", "counted", "painted", "moved", "closed", "measured", "sold")
NAMES = ("Ina Solvik", "Teo Marran", "Ada Quist", "Rolf Benning")
FILES = 8


class Inbox:
    """A folder, and what its files say."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder, self.dice, self.versions = folder, dice, 0
        self.used, self.whole = set[str](), set[bytes]()
        folder.mkdir(parents=True)

    def churn(self) -> None:
        """Do three things that happen to an inbox; one of them always brings something new."""
        self._write(self._any_name(), self.new_page())
        for _ in range(2):
            self.dice.choice(
                (self._rewrite, self._rename, self._copy, self._cut_short, self._remove)
            )()

    def fill(self) -> None:
        """Give every name a whole page that nobody saw before."""
        for number in range(FILES):
            self._write(f"page-{number:02d}.txt", self._whole_page())

    def settle(self) -> None:
        """
        Give every name that was ever used a whole page; one that is there stays.

        A page that is rejected would leave the last good one standing, whichever that was.
        """
        for name in sorted(self.used):
            path = self.folder / name
            if not path.exists() or path.read_bytes() not in self.whole:
                self._write(name, self._whole_page())

    def new_page(self) -> bytes:
        """Give a page that nobody saw before; one in eight is none."""
        if self.dice.random() < 0.125:
            self.versions += 1
            return f"<html><body>{self.versions}</body></html>".encode()
        return self._whole_page()

    def _whole_page(self) -> bytes:
        """Give a page of one to three stories."""
        stories = [self._story() for _ in range(self.dice.randint(1, 3))]
        page = "\n\n\n".join(stories) + "\n\nAdvertisement\n\nRead more: the weather\n"
        raw = page.encode(self.dice.choice(("utf-8", "utf-8", "utf-16", "cp1252")))
        self.whole.add(raw)
        return raw

    def _story(self) -> str:
        self.versions += 1
        place, name = self.dice.choice(PLACES), self.dice.choice(NAMES)
        head = f"{place} {self.dice.choice(VERBS).title()} Its {self.dice.choice(NOUNS).title()}"
        body = [self._paragraph(place) for _ in range(self.dice.randint(0, 4))]
        return "\n\n".join((f"{head} No {self.versions}", f"By {name}", *body))

    def _paragraph(self, place: str) -> str:
        told = (
            f"The {self.dice.choice(NOUNS)} of {place} was {self.dice.choice(VERBS)} on Monday, "
            f"{self.dice.randint(3, 900)} people said, and the {self.dice.choice(NOUNS)} would be "
            f"{self.dice.choice(VERBS)} in the week after it."
            for _ in range(self.dice.randint(1, 3))
        )
        return " ".join(told)

    def _any_name(self) -> str:
        return f"page-{self.dice.randrange(FILES):02d}.txt"

    def _there(self) -> str | None:
        names = sorted(path.name for path in self.folder.iterdir())
        return self.dice.choice(names) if names else None

    def _write(self, name: str, page: bytes) -> None:
        self.used.add(name)
        (self.folder / name).write_bytes(page)

    def _rewrite(self) -> None:
        self._write(self._there() or self._any_name(), self.new_page())

    def _rename(self) -> None:
        if name := self._there():
            other = self._any_name()
            self.used.add(other)
            (self.folder / name).rename(self.folder / other)

    def _copy(self) -> None:
        if name := self._there():
            self._write(self._any_name(), (self.folder / name).read_bytes())

    def _cut_short(self) -> None:
        page = self.new_page()
        self._write(self._any_name(), page[: self.dice.randrange(1, len(page))])

    def _remove(self) -> None:
        if name := self._there():
            (self.folder / name).unlink()
