"""
Score the fields that stories are given: `python -m benchmarks.field_quality [FOLDER]`.

FOLDER holds labelled pages (JSONL); without it, those beside the project. What is counted:

- **Matched stories only.** A story found and a labelled one are the same if their bodies overlap
  (IoU of characters, at least 0.5), so that an error of splitting is no error of a field. Language:
  matched stories; the page's language is the gold.
- **Only where the gold value stands in the text.** The labels come from the data sets' metadata,
  which the page need not show. A story's reach is the page from the body before it to the
  body after it, all bodies left out. A date stands there if year, month and day stand in a row, in
  figures or with a month's name in the page's language or English; a time of day, if it stands
  there as well; an author, if the name stands there, whatever the case.
- **byline** counts names: gold names that stand, names said, names that are both. **date** compares
  the day; **minute** the hour and minute, as given there or in UTC.
- **blind**: stories whose gold value stands nowhere, for which a value was said that differs. It
  may be right all the same (a day in another zone, «updated»), but nothing proves it.

Publishers fall into two halves by a hash of their name: rules are made on the pages of `made`, and
`held` tells how well they do elsewhere. A story that also stands on a page of `made` is not held.
"""

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.pages import LABELLED
from include.months import name_month
from include.splitter.split import split_pages

Story = dict[str, Any]
SAME = 0.5  # IoU of two bodies that are one story
WORD = re.compile(r"\d+|[^\W\d_]+")
PART = re.compile(r"\d+|[^\s\d,،.|/()\[\]:;–—-]+")  # of a date; a word keeps its marks
FILLERS = {"de", "del", "of", "st", "nd", "rd", "th", "年", "月", "日", "tháng", "năm"}
BETWEEN = re.compile(
    r"\s*(?:[,;|/&·•]|\band\b|\bund\b|\bet\b|\by\b|\bog\b|\boch\b|\bve\b)\s*", re.I
)
NORWEGIAN = {"nb": "no", "nn": "no"}  # two ways to write the one that the labels name


@dataclass
class Count:
    """One field's count: gold values that stand, values said, values right, and said blindly."""

    stands: int = 0
    said: int = 0
    right: int = 0
    blind: int = 0
    wrong: list[str] = field(default_factory=list)

    def row(self, half: str, name: str) -> str:
        """Give a line of the table."""
        precision = self.right / self.said if self.said else 0.0
        recall = self.right / self.stands if self.stands else 0.0
        counts = f"{self.stands:7} {self.said:6} {self.right:6}"
        return f"{half:5} {name:9} {counts} {precision:10.2f} {recall:7.2f} {self.blind:6}"


@dataclass(frozen=True)
class When:
    """A gold time: its day, and its minute where the label tells one."""

    at: datetime
    has_minute: bool


def main(words: list[str]) -> int:
    """Score the labelled pages of a folder; print the tables."""
    folder = next((Path(word) for word in words if not word.startswith("-")), LABELLED)
    pages = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open()]
    if not pages:
        print(f"no labelled pages in {folder}: name a folder of JSONL files")
        return 0
    counts: dict[tuple[str, str], Count] = {}
    languages: dict[str, Counter[str]] = {"made": Counter(), "held": Counter()}
    for half, page, gold, story in match_stories(pages):
        for name, count in _score(page, gold, story):
            _add(counts.setdefault((half, name), Count()), count)
        if _language(story["language"]) != page["lang"]:
            languages[half][f"{page['lang']} said to be {story['language']}"] += 1
    print(
        f"{'half':5} {'field':9} {'stands':>7} {'said':>6} {'right':>6} {'precision':>10}", end=""
    )
    print(f" {'recall':>7} {'blind':>6}")
    for half, name in sorted(counts, reverse=True):
        print(counts[half, name].row(half, name))
    for half, wrong in languages.items():
        print(f"{half} languages wrong: {dict(wrong.most_common()) or 'none'}")
    if "--wrong" in words:
        for (half, name), count in counts.items():
            if half == "made":  # looking at the other half would make it this one
                print(*(f"{name}: {line}" for line in count.wrong), sep="\n")
    return 0


def match_stories(pages: list[Story]) -> Iterator[tuple[str, Story, Story, Story]]:
    """Give each labelled story that was found: its half, page, label, and the story found."""
    found = _split(pages)
    made = {_opening(p, s) for p in pages if half_of(p) == "made" for s in p["stories"]}
    for number, page in enumerate(pages):
        half = half_of(page)
        left = list(found.get(str(number), []))
        for gold in page["stories"]:
            best = max(left, key=lambda s: _overlap(gold, s), default=None)
            if best is None or _overlap(gold, best) < SAME:
                continue
            left.remove(best)
            if half == "made" or _opening(page, gold) not in made:
                yield half, page, gold, best


def half_of(page: Story) -> str:
    """Give the half that a page's publisher falls into."""
    return "held" if hashlib.sha256(page["publisher"].encode()).digest()[-1] % 2 else "made"


def _split(pages: list[Story]) -> dict[str, list[Story]]:
    """Split the pages; give the stories by the page's number."""
    table = {
        "page_id": [str(number) for number in range(len(pages))],
        "name": [page["doc_id"] for page in pages],
        "outcome": ["taken"] * len(pages),
        "text": pa.array([page["text"] for page in pages], pa.string()),
    }
    by_page: dict[str, list[Story]] = {}
    for story in split_pages(pa.table(table)).stories.to_pylist():
        by_page.setdefault(story["page_id"], []).append(story)
    return by_page


def _opening(page: Story, gold: Story) -> str:
    start, end = gold["body_spans"][0]
    return str(page["text"][start : min(end, start + 80)])


def _overlap(gold: Story, story: Story) -> float:
    ignored = _places(gold.get("ignore_spans", []))
    labelled = _places(gold["body_spans"]) - ignored
    said = _places([(s["start"], s["end"]) for s in story["body_spans"]]) - ignored
    return len(labelled & said) / len(labelled | said) if labelled | said else 0.0


def _places(spans: list[Any]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _score(page: Story, gold: Story, story: Story) -> Iterator[tuple[str, Count]]:
    """Score one story's fields."""
    reach = _reach(page, gold)
    names = [_plain(name) for name in BETWEEN.split(gold.get("byline") or "") if _plain(name)]
    yield "byline", _score_byline(names, story["byline"], _plain(reach), page)
    when = _read_gold(gold.get("published") or "", page["lang"])
    if when:
        yield from _score_date(when, story, reach, page)
    same = _language(story["language"]) == page["lang"]
    yield "language", Count(1, int(story["language"] != "und"), int(same))


def _score_byline(names: list[str], said: str | None, reach: str, page: Story) -> Count:
    given = [_plain(part) for part in BETWEEN.split(said or "") if _plain(part)]
    stand = [name for name in names if f" {name} " in f" {reach} "]
    if not stand:
        return Count(blind=int(bool(names and given and not set(names) & set(given))))
    right = len(set(stand) & set(given))
    said_of = len([name for name in given if name in stand or name not in names])
    fault = right < max(len(stand), said_of)
    note = [f"{page['doc_id']}: {stand} said {said!r}"] if fault else []
    return Count(len(stand), said_of, right, wrong=note)


def _score_date(when: When, story: Story, reach: str, page: Story) -> Iterator[tuple[str, Count]]:
    at, precision = story["published_at"], story["published_precision"]
    days = {when.at.date(), when.at.astimezone(UTC).date()}
    if not _stands(when.at, reach, page["lang"]):
        yield "date", Count(blind=int(at is not None and at.date() not in days))
        return
    right = at is not None and at.date() in days
    note = [] if right else [f"{page['doc_id']}: {when.at} said {at} of {story['dateline']!r}"]
    yield "date", Count(1, int(at is not None), int(right), wrong=note)
    clocks = {when.at.strftime("%H:%M"), when.at.astimezone(UTC).strftime("%H:%M")}
    if when.has_minute and re.search(rf"\b{when.at:%H}[:.h]{when.at:%M}\b", reach):
        said = at is not None and precision == "minute"
        right = said and at.strftime("%H:%M") in clocks
        yield "minute", Count(1, int(said), int(right))


def _reach(page: Story, gold: Story) -> str:
    """Give the text in which a story's fields may stand: see above."""
    own = gold["body_spans"][0][0]
    others = [
        span for story in page["stories"] if story is not gold for span in story["body_spans"]
    ]
    begin = max((end for start, end in others if start < own), default=0)
    until = min((start for start, _ in others if start > own), default=len(page["text"]))
    text = page["text"]
    for start, end in sorted(gold["body_spans"], reverse=True):
        text = text[:start] + "\n" * (end - start) + text[end:]
    return str(text[begin:until])


def _read_gold(text: str, language: str) -> When | None:
    """Read a label's time: ISO, or as it stands on a page labelled by hand."""
    try:
        at = datetime.fromisoformat(text)
        return When(at if at.tzinfo else at.replace(tzinfo=UTC), len(text) > 10)
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(text)  # of feeds: «Fri, 25 Sep 2015 14:26:40 +0000»
        return When(at if at.tzinfo else at.replace(tzinfo=UTC), True)
    except ValueError:
        pass
    for year, month, day in _dates(text, language):
        clock = re.search(r"\b(\d{1,2}):(\d\d)\b", text)
        hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
        return When(datetime(year, month, day, hour, minute, tzinfo=UTC), clock is not None)
    return None


def _stands(at: datetime, reach: str, language: str) -> bool:
    return (at.year, at.month, at.day) in set(_dates(reach, language))


def _dates(text: str, language: str) -> Iterator[tuple[int, int, int]]:
    """Give every (year, month, day) that three words in a row may mean, in any order."""
    tokens = [t for t in map(str.casefold, PART.findall(text)) if t not in FILLERS]
    for a, b, c in zip(tokens, tokens[1:], tokens[2:], strict=False):
        for year, month, day in ((a, b, c), (c, b, a), (c, a, b)):
            number = int(month) if month.isdecimal() else name_month(month, language)
            if not (year.isdecimal() and day.isdecimal() and len(year) in (2, 4)):
                continue
            full = int(year) + (2000 if len(year) == 2 else 0)
            if 1990 <= full <= 2030 and 1 <= number <= 12 and 1 <= int(day) <= 31:
                yield full, number, int(day)


def _plain(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def _language(code: str) -> str:
    return NORWEGIAN.get(code, code)


def _add(total: Count, one: Count) -> None:
    total.stands += one.stands
    total.said += one.said
    total.right += one.right
    total.blind += one.blind
    total.wrong += one.wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
