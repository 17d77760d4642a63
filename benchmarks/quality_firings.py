"""
Count how often rules on stories fire on labelled pages, and how well confidence is calibrated.

    python -m benchmarks.quality_firings [--seen] [--show] [--kind aligned]

The pages are split by models that have not seen their publishers, and judged. `--seen` takes the
product's own model, which was trained on them. `--show` prints each story that broke a rule;
whether the rule is right, a person must say.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.split_quality import is_right, read_models
from benchmarks.train_splitter.folds import fold_pages
from benchmarks.train_splitter.labelled import DEV, KINDS, Page, read_labelled
from include.model import Run
from include.quality.judge import rule_on
from include.quality.suites.suite import load_suite
from include.splitter.model.model_file import Model
from include.splitter.split import split_pages

RUN = Run("firings", datetime(2026, 11, 20, 6, tzinfo=UTC))
FLOORS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
SHOWN_CHARS = 400  # of a body's beginning, and of its end


def main() -> None:
    """Print how often each rule fired, and what floors of confidence would catch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seen", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--kind", choices=KINDS, action="append", help="pages of this kind only")
    arguments = parser.parse_args()
    pages = read_labelled(DEV)
    stories = _split(pages, None) if arguments.seen else _split_unseen(pages)
    kinds = arguments.kind or KINDS
    counted = pa.array([page["doc_id"] for page in pages if page["kind"] in kinds])
    stories = stories.filter(pc.is_in(stories["page_id"], counted))
    ruling = rule_on(stories, load_suite("stories"), "firings", RUN)
    broken = {
        row: [*ruling.failed.get(row, []), *ruling.flags.get(row, [])]
        for row in range(ruling.stories)
    }
    rows = stories.to_pylist()
    if arguments.show:
        for row, rules in broken.items():
            if rules:
                _show(rows[row], rules)
    fired = Counter(rule for rules in broken.values() for rule in rules)
    print(f"{ruling.stories} stories\n\n| rule | fires |\n|---|---:|")
    for rule, count in fired.most_common():
        print(f"| `{rule}` | {count} |")
    _print_floors(rows, pages)


def _split_unseen(pages: list[Page]) -> pa.Table:
    """Split every page by the model of the fold that left it out."""
    own = fold_pages(pages)
    return pa.concat_tables(
        _split([p for p, n in zip(pages, own, strict=True) if n == fold], model)
        for fold, model in enumerate(read_models())
    )


def _split(pages: list[Page], model: Model | None) -> pa.Table:
    names = [page["doc_id"] for page in pages]
    texts = pa.array([page["text"] for page in pages], pa.string())
    taken = ["taken"] * len(pages)
    table = pa.table({"page_id": names, "name": names, "outcome": taken, "text": texts})
    return split_pages(table, model=model).stories


def _show(story: dict[str, Any], rules: list[str]) -> None:
    body = story["body"]
    print(f"===== {', '.join(rules)}: {story['page_id']}, story {story['story_no']}")
    print(f"{story['language']}, confidence {story['confidence']:.2f}, {story['headline']!r}")
    short = len(body) <= 2 * SHOWN_CHARS
    print(body if short else f"{body[:SHOWN_CHARS]}\n   …\n{body[-SHOWN_CHARS:]}", end="\n\n")


def _print_floors(rows: list[dict[str, Any]], pages: list[Page]) -> None:
    """Print what lies below each floor, of the stories that are right and of the others."""
    by_name = {page["doc_id"]: page for page in pages}
    found = []
    for story in rows:
        spans = [[span["start"], span["end"]] for span in story["body_spans"]]
        found.append((story["confidence"], is_right(spans, by_name[story["page_id"]])))
    right = sum(is_so for _, is_so in found)
    wrong = len(found) - right
    print(f"\n{right} right, {wrong} wrong\n")
    print("| below | of the wrong | of the right |\n|---:|---:|---:|")
    for floor in FLOORS:
        caught = sum(sure < floor and not is_so for sure, is_so in found)
        vain = sum(sure < floor and is_so for sure, is_so in found)
        print(f"| {floor} | {caught} ({caught / wrong:.0%}) | {vain} ({vain / right:.1%}) |")


if __name__ == "__main__":
    main()
