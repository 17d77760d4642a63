"""
Learn `include/analysis/quotes/weights.toml`: `python -m benchmarks.train_quotes`.

A logistic regression (L2 = 1) on the signs of each quoted stretch of the labelled texts beside the
project: 1 if it lies in a direct or mixed quotation, 0 if in none; stretches in indirect speech are
left out, since the sets do not say whether their words are quoted. Two models: for whole sentences
and for fragments. The smaller sets count double (German) and fourfold (Czech, Russian).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from include.analysis.quotes.evidence import WEIGHTS, Weights, find_signs
from include.analysis.quotes.language import read_language
from include.analysis.quotes.marks import find_paragraphs, find_stretches
from include.analysis.quotes.quotes import kind_of, places_of_quotes
from include.analysis.quotes.tokens import cut_sentences, cut_tokens

DEV = Path(__file__).parents[2] / "shared" / "analysis" / "dev"
SETS = {  # name: the types that are direct speech, and what a text counts
    "quotes_polnear": ({"direct", "mixed"}, 1.0),
    "quotes_german_wikinews": ({"Direct"}, 2.0),
    "quotes_adaq_cs_ru": ({"sentence"}, 4.0),
}
FOLDS = 5
RARE = 8  # a sign that fewer stretches have gets no weight
HEAD = """# What each sign of `evidence.py` weighs: log odds that a stretch with it is a quotation.
# Learnt by `python -m benchmarks.train_quotes`; see docs/analysis.md.
"""


@dataclass(frozen=True)
class Example:
    """One quoted stretch. is_quote: it lies in a labelled quotation."""

    kind: str
    signs: frozenset[str]
    is_quote: bool
    counts: float


def fold_of(row: dict[str, Any]) -> int:
    """Give the fold of a text, 0 to 4, by a hash of its id."""
    return int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % FOLDS


def read_rows(name: str) -> list[dict[str, Any]]:
    """Read a labelled set."""
    with (DEV / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_examples(folds: set[int]) -> list[Example]:
    """Read the quoted stretches of the texts in these folds."""
    return [
        example
        for name, (types, counts) in SETS.items()
        for row in read_rows(name)
        if fold_of(row) in folds
        for example in _stretches(row, types, counts)
    ]


def _stretches(row: dict[str, Any], types: set[str], counts: float) -> Iterator[Example]:
    body, words = row["text"], read_language(row["lang"])
    assert words is not None
    direct, indirect = np.zeros(len(body), bool), np.zeros(len(body), bool)
    for quote in row["quotes"]:
        marked = direct if quote["type"] in types else indirect
        for start, end in quote["span"]:
            marked[start:end] = True
    for start, end in find_paragraphs(body):
        tokens = cut_tokens(body, start, end, find_stretches(body, start, end))
        sentences = cut_sentences(tokens, words)
        for at, index in places_of_quotes(sentences):
            token = sentences[at][index]
            inside = slice(token.start + 1, token.end - 1)
            is_quote = bool(direct[inside].mean() >= 0.5)
            if is_quote or (indirect & ~direct)[inside].mean() < 0.5:
                signs = find_signs(sentences[at], index, words)
                yield Example(kind_of(token.text), signs, is_quote, counts)


def train(folds: set[int]) -> Weights:
    """Learn the weights from the texts of these folds."""
    examples = read_examples(folds)
    kinds = ("sentence", "fragment")
    return {kind: _fit([e for e in examples if e.kind == kind]) for kind in kinds}


def _fit(examples: list[Example]) -> dict[str, float]:
    counts = Counter(sign for example in examples for sign in example.signs)
    signs = sorted(sign for sign, count in counts.items() if count >= RARE)
    has = np.array([[sign in example.signs for sign in signs] for example in examples], float)
    labels = np.array([example.is_quote for example in examples], float)
    share = np.array([example.counts for example in examples])

    def loss(weights: Any) -> tuple[float, Any]:
        odds = has @ weights
        cost = (share * (np.logaddexp(0, odds) - labels * odds)).sum() + weights @ weights / 2
        return cost, has.T @ (share * (1 / (1 + np.exp(-odds)) - labels)) + weights

    best = minimize(loss, np.zeros(len(signs)), jac=True, method="L-BFGS-B").x
    return {sign: round(float(weight), 2) for sign, weight in zip(signs, best, strict=True)}


def write_weights(weights: Weights) -> None:
    """Write the table that `include/analysis/quotes/evidence.py` reads."""
    lines = [HEAD]
    for kind, table in weights.items():
        named = {json.dumps(sign, ensure_ascii=False): value for sign, value in table.items()}
        rows = [f"{name} = {value:.2f}" for name, value in named.items()]
        lines.append("\n".join([f"[{kind}]", *rows]) + "\n")
    WEIGHTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write_weights(train(set(range(FOLDS))))
