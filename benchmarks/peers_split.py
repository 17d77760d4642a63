"""
Compare the splitter with other extractors on the labelled pages: quality and speed side by side.

    python -m benchmarks.peers_split

jusText, trafilatura and resiliparse are measured where they are installed. They read HTML, so they
get each line of a page as a paragraph. They do not split pages: what they keep of a page counts as
one story, whose headline is the first line kept. Copydesk splits each page with the model of the
fold that left its publisher out. Rates are MB (10^6 bytes of UTF-8) per second of CPU, the best of
ROUNDS on one core, over the same pages in the same process; compare them within one run.
"""

from __future__ import annotations

import html
import importlib
import os
import re
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from benchmarks.alone import ONE_THREAD

os.environ.update(ONE_THREAD)  # read when Polars and numpy are imported

import pyarrow as pa

from benchmarks.split_quality import FIGURES, read_models, score, split_all
from benchmarks.train_splitter.labelled import DEV, Page, read_labelled
from include.splitter.split import split_pages

ROUNDS = 3
LARGE_BYTES = 32_000_000
BLANK_LINES = re.compile(r"\n[^\S\n]*\n[^\S\n]*\n\s*")
LINE = re.compile(r"[^\n]*\S[^\n]*")

Span = tuple[int, int]
Extract = Callable[[str, str], list[str]]


def to_html(text: str) -> str:
    """Give a page's lines as the paragraphs of an HTML document."""
    lines = "\n".join(f"<p>{html.escape(line.strip())}</p>" for line in LINE.findall(text))
    return f"<html><body><article>{lines}</article></body></html>"


def keep_justext(markup: str, language: str) -> list[str]:
    justext: Any = importlib.import_module("justext")
    names = {"en": "English", "de": "German", "fr": "French", "ru": "Russian", "it": "Italian"}
    words = justext.get_stoplist(names.get(language, "English"))
    return [part.text for part in justext.justext(markup, words) if not part.is_boilerplate]


def keep_trafilatura(markup: str, language: str) -> list[str]:
    trafilatura: Any = importlib.import_module("trafilatura")
    return (trafilatura.extract(markup, include_comments=False) or "").split("\n")


def keep_resiliparse(markup: str, language: str) -> list[str]:
    html2text: Any = importlib.import_module("resiliparse.extract.html2text")
    kept: str = html2text.extract_plain_text(markup, main_content=True)
    return kept.split("\n")


EXTRACTORS: dict[str, Extract] = {
    "justext": keep_justext,
    "trafilatura": keep_trafilatura,
    "resiliparse": keep_resiliparse,
}


def find_kept(text: str, kept: list[str]) -> list[Span]:
    """Find the lines of a page that an extractor kept, in page order; each text once."""
    spans: list[Span] = []
    wanted = {" ".join(line.split()) for line in kept}
    for line in LINE.finditer(text):
        if " ".join(line.group().split()) in wanted:
            spans.append(line.span())
    return spans


def make_story(text: str, spans: list[Span]) -> dict[str, Any]:
    """Give lines as a story of the scorer, the first being its headline."""
    headline = text[slice(*spans[0])].strip() if len(spans) > 1 else None
    return {"headline": headline, "body_spans": [list(span) for span in spans[bool(headline) :]]}


def extract_all(pages: list[Page], extract: Extract) -> list[dict[str, Any]]:
    """Give every page as one story of what an extractor kept."""
    answers = []
    for page in pages:
        spans = find_kept(page["text"], extract(to_html(page["text"]), page["lang"]))
        stories = [make_story(page["text"], spans)] if spans else []
        answers.append({"doc_id": page["doc_id"], "stories": stories})
    return answers


def split_at_blank_lines(pages: list[Page]) -> list[dict[str, Any]]:
    """Give each stretch between two or more blank lines as a story."""
    answers = []
    for page in pages:
        text, stories, begin = page["text"], [], 0
        for end in [*(gap.end() for gap in BLANK_LINES.finditer(page["text"])), len(text)]:
            spans = [line.span() for line in LINE.finditer(text, begin, end)]
            stories += [make_story(text, spans)] if spans else []
            begin = end
        answers.append({"doc_id": page["doc_id"], "stories": stories})
    return answers


def measure_rate(run: Callable[[], object], size_bytes: int) -> float:
    """Give the best rate of ROUNDS, in MB per second of CPU."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return size_bytes / 1e6 / min(seconds)


def measure_extractor(pages: list[Page], extract: Extract) -> float:
    """Give an extractor's rate, without the time to make and read its HTML."""
    markups = [(to_html(page["text"]), page["lang"]) for page in pages]

    def run() -> None:
        for markup, language in markups:
            extract(markup, language)

    return measure_rate(run, count_bytes(pages))


def measure_splitter(pages: list[Page]) -> float:
    """Give the splitter's rate over one batch."""
    ids = [f"{number:064}" for number in range(len(pages))]
    texts = [page["text"] for page in pages]
    taken = ["taken"] * len(ids)
    batch = pa.table({"page_id": ids, "name": ids, "outcome": taken, "text": texts})
    split_pages(batch.slice(0, 20))  # models and patterns are loaded once per process
    return measure_rate(lambda: split_pages(batch), count_bytes(pages))


def count_bytes(pages: list[Page]) -> int:
    """Count the bytes of the pages' texts in UTF-8."""
    return sum(len(page["text"].encode()) for page in pages)


def main() -> None:
    """Print the table."""
    pages = read_labelled(DEV)
    many = pages * -(-LARGE_BYTES // count_bytes(pages))
    rows: dict[str, tuple[list[dict[str, Any]], str]] = {}
    rates = f"{measure_splitter(pages):.1f} ({measure_splitter(many):.1f} in 32 MB)"
    rows["Copydesk"] = (split_all(pages, read_models()), rates)
    for name, extract in EXTRACTORS.items():
        if find_spec(name):
            rows[name] = (extract_all(pages, extract), f"{measure_extractor(pages, extract):.1f}")
        else:
            print(f"{name} is not installed, and is left out")
    rate = measure_rate(lambda: split_at_blank_lines(pages), count_bytes(pages))
    rows["blank lines"] = (split_at_blank_lines(pages), f"{rate:.0f}")
    print("| way |", *(f"{name} |" for name in FIGURES.values()), "MB/s |")
    print("|---|" + "---:|" * (len(FIGURES) + 1))
    for name, (answers, rates) in rows.items():
        figures = score(answers, pages)
        print(f"| {name} |", *(f"{figures[key]:.3f} |" for key in FIGURES), f"{rates} |")


if __name__ == "__main__":
    main()
