"""
Learn `include/analysis/entities/weights.tsv`: `python -m benchmarks.train_entities`.

A linear-chain CRF (L2) over the English labelled texts beside the project, trained by CRFsuite. The
Italian set (KIND) may not be used for profit (CC BY-NC), so it is only scored. A feature counts
only if RARE texts have it, so no text can be read off the weights.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.train_quotes import FOLDS, fold_of, read_rows
from include.analysis.entities.gazetteer import read_gazetteer
from include.analysis.entities.tagger import FILE, OUTSIDE, TAGS, TO, WeightTable, describe_runs
from include.analysis.entities.tokens import Token, cut_sentences
from include.analysis.quotes.language import Language, read_language

TRAINED = ("entities_conllpp2020", "entities_worldwide")
SETS = (*TRAINED, "entities_kind_wikinews_it")
KINDS = {
    "PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC", "Person": "PER",
    "Organization": "ORG", "Location": "LOC", "NORP": "MISC", "Misc": "MISC", "Facility": "MISC",
    "Product": "MISC",
}  # fmt: skip
C2 = 0.8  # strength of L2; 0.1 to 1.0 differ by less than one point of F1
RARE = 3  # texts that must have a feature
SMALL = 5  # hundredths; smaller weights are left out


@dataclass
class Text:
    """One labelled text: its sentences with their gold tags."""

    sentences: list[list[Token]]
    tags: list[list[str]]
    words: Language


def read_text(row: dict[str, Any]) -> Text:
    """Read a labelled text; a label that does not end with a token is left out."""
    sentences = cut_sentences(row["text"])
    starts = {start: (end, KINDS[kind]) for start, end, kind in row["entities"] if kind in KINDS}
    tags = [list(_tags(sentence, starts)) for sentence in sentences]
    words = read_language(row["lang"])
    assert words is not None
    return Text(sentences, tags, words)


def _tags(sentence: Sequence[Token], starts: dict[int, tuple[int, str]]) -> Iterator[str]:
    end, kind = 0, ""
    for token in sentence:
        if token.start in starts:
            end, kind = starts[token.start]
            yield f"B-{kind}"
        else:
            yield f"I-{kind}" if token.end <= end else OUTSIDE


def train(rows: list[dict[str, Any]]) -> WeightTable:
    """Learn the weights from labelled texts; weights are in hundredths."""
    import pycrfsuite  # builds with pip install python-crfsuite; needed for training only

    known = read_gazetteer()
    runs: list[tuple[list[list[str]], list[str]]] = []
    texts_with: Counter[str] = Counter()
    for row in rows:
        text = read_text(row)
        found = list(describe_runs(text.sentences, text.words, known))
        texts_with.update({f for _, _, run in found for features in run for f in features})
        runs += [(run, text.tags[s][first : first + len(run)]) for s, first, run in found]
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.0, "c2": C2, "max_iterations": 120})
    for run, tags in runs:
        kept = [[f for f in features if texts_with[f] >= RARE] for features in run]
        trainer.append(kept, tags)
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "model")
        trainer.train(model)
        return _read_model(pycrfsuite, model)


def _read_model(crf: Any, model: str) -> WeightTable:
    """Give the model's weights in hundredths, without small ones."""
    tagger = crf.Tagger()
    tagger.open(model)
    info = tagger.info()
    tables: dict[str, dict[int, int]] = defaultdict(dict)
    for (before, tag), weight in info.transitions.items():
        tables[f"{TO}{TAGS.index(before)}"][TAGS.index(tag)] = round(100 * weight)
    for (feature, tag), weight in info.state_features.items():
        tables[feature][TAGS.index(tag)] = round(100 * weight)
    return {
        feature: kept
        for feature, table in sorted(tables.items())
        if (kept := tuple((t, w) for t, w in sorted(table.items()) if abs(w) >= SMALL))
    }


def write_weights(weights: WeightTable) -> None:
    """Write the table that `include/analysis/entities/tagger.py` reads."""
    lines = ("\t".join([f, *(f"{t}:{w}" for t, w in pairs)]) for f, pairs in weights.items())
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def all_rows(folds: set[int]) -> list[dict[str, Any]]:
    """Read the labelled texts of these folds."""
    return [row for name in TRAINED for row in read_rows(name) if fold_of(row) in folds]


if __name__ == "__main__":
    write_weights(train(all_rows(set(range(FOLDS)))))
