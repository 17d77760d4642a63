"""
Score the analysis on labelled texts: `python -m benchmarks.analysis_quality [quotes …]`.

Runs the scorer beside the labelled sets (../shared/analysis) on their `dev` half. What is learnt
from that half is learnt anew without the fold that it is scored on (five folds, by a hash of the
text's id), so no text is scored by weights that have seen it. docs/analysis.md has the figures.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.train_quotes import DEV, FOLDS, fold_of, read_rows, train
from include.analysis.quotes.evidence import Weights
from include.analysis.quotes.language import read_language
from include.analysis.quotes.quotes import Quote, find_quotes

SCORER = DEV.parent / "score_analysis.py"
QUOTES = (  # set, types that are scored, whether each part of a quote is a quote of its own there
    ("quotes_polnear", "direct", False),
    ("quotes_polnear", "direct,mixed", False),
    ("quotes_german_wikinews", "direct", True),
    ("quotes_adaq_cs_ru", "sentence", False),
)


def score(task: str, name: str, answers: list[dict[str, Any]], *options: str) -> dict[str, Any]:
    """Run the scorer on the answers for one labelled set."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.jsonl"
        answer.write_text("".join(json.dumps(row) + "\n" for row in answers), encoding="utf-8")
        files = (str(SCORER), task, str(DEV / f"{name}.jsonl"), str(answer))
        command = [sys.executable, *files, *options]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def score_quotes() -> None:
    """Print exact and overlap F1 of quotes, and how often the speaker is right."""
    weights = [train(set(range(FOLDS)) - {fold}) for fold in range(FOLDS)]
    print(f"{'set':24}{'types':14}{'exact':>7}{'overlap':>9}{'speaker exact':>15}{'overlap':>9}")
    for name, types, by_part in QUOTES:
        rows = read_rows(name)
        answers = [_answer(row, weights[fold_of(row)], by_part) for row in rows]
        result = score("quotes", name, answers, "--types", types)
        speaker = result["speaker"]
        exact, overlap = result["exact"]["F1"], result["overlap"]["F1"]
        print(
            f"{name:24}{types:14}{exact:7.1f}{overlap:9.1f}"
            f"{speaker['exact_acc']:15.1f}{speaker['overlap_acc']:9.1f}"
        )


def _answer(row: dict[str, Any], weights: Weights, by_part: bool) -> dict[str, Any]:
    words = read_language(row["lang"])
    found = find_quotes(row["text"], words, weights) if words else []
    return {"id": row["id"], "quotes": [q for f in found for q in _quotes(f, row["text"], by_part)]}


def _quotes(quote: Quote, body: str, by_part: bool) -> list[dict[str, Any]]:
    speaker = quote.speaker
    named = {
        "speaker": body[speaker.start : speaker.end] if speaker else "",
        "speaker_span": [[speaker.start, speaker.end]] if speaker else [],
    }
    parts = [[span] for span in quote.spans] if by_part else [list(quote.spans)]
    return [{"span": part, **named} for part in parts]


TASKS: dict[str, Callable[[], None]] = {"quotes": score_quotes}

if __name__ == "__main__":
    for task in sys.argv[1:] or TASKS:
        TASKS[task]()
