"""
Score the analysis on labelled texts: `python -m benchmarks.analysis_quality [quotes entities …]`.

Runs the scorer beside the labelled sets (../shared/analysis) on their `dev` half. What is learnt
from that half is learnt anew without the fold that it is scored on (five folds, by a hash of the
text's id), so no text is scored by weights that have seen it. docs/analysis.md has the figures.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.train_quotes import DEV, FOLDS, fold_of, read_rows, train
from include.analysis.dates.find import find_dates
from include.analysis.dates.periods import days_of
from include.analysis.entities.aliases import ORGANISATION, PERSON, PLACE, Mention
from include.analysis.entities.gazetteer import read_gazetteer
from include.analysis.entities.rows import find_mentions
from include.analysis.entities.tagger import Weights as TaggerWeights
from include.analysis.entities.tagger import pack_weights
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


MAP_FILE = "map"  # option of the scorer that stands for a file with MAP
LABELS = {PERSON: "PER", ORGANISATION: "ORG", PLACE: "LOC"}
MAP = {"Person": "PER", "Organization": "ORG", "Location": "LOC"}  # of the set Worldwide


def score(
    task: str,
    name: str,
    answers: list[dict[str, Any]],
    *options: str,
    gold: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Run the scorer on the answers for one labelled set, or for some rows of it."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.jsonl"
        answer.write_text("".join(json.dumps(row) + "\n" for row in answers), encoding="utf-8")
        labelled = DEV / f"{name}.jsonl"
        if gold is not None:
            labelled = Path(folder) / "gold.jsonl"
            labelled.write_text("".join(json.dumps(row) + "\n" for row in gold), encoding="utf-8")
        files = (str(SCORER), task, str(labelled), str(answer))
        kinds = Path(folder) / "kinds.json"
        kinds.write_text(json.dumps(MAP), encoding="utf-8")
        named = (str(kinds) if option == MAP_FILE else option for option in options)
        command = [sys.executable, *files, *named]
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


def score_entities() -> None:
    """Print CoNLL's exact F1 (span and kind) of people, organisations and places."""
    from benchmarks.train_entities import SETS, all_rows
    from benchmarks.train_entities import train as train_tagger

    others = [all_rows(set(range(FOLDS)) - {fold}) for fold in range(FOLDS)]
    tables = [pack_weights(train_tagger(rows)) for rows in others]
    print(f"{'set':28}{'exact':>7}{'span':>7}{'PER':>7}{'ORG':>7}{'LOC':>7}")
    for name in SETS:
        rows = read_rows(name)
        answers = [
            {"id": row["id"], "entities": _entities(row, tables[fold_of(row)])} for row in rows
        ]
        result = score("entities", name, answers, "--map", MAP_FILE, "--only", "PER,ORG,LOC")
        kinds = result["by_type"]
        figures = [result["exact_typed"], result["exact_untyped"]]
        figures += [kinds[kind] for kind in ("PER", "ORG", "LOC")]
        print(f"{name:28}" + "".join(f"{figure['F1']:7.1f}" for figure in figures))


def _entities(row: dict[str, Any], table: TaggerWeights) -> list[list[Any]]:
    words = read_language(row["lang"])
    assert words is not None
    found = find_mentions(row["text"], words, read_gazetteer(), table)
    return [[m.start, m.end, LABELS[m.kind]] for m in found]


def score_places() -> None:
    """Print how many places are found, and how many of them within 161 km of where they are."""
    print(f"{'set':16}{'found F1':>10}{'overlap':>9}{'161 km, all':>13}{'of resolved':>13}")
    words = read_language("en")
    assert words is not None
    for name in ("geo_lgl", "geo_trnews", "geo_geovirus"):
        answers = []
        for row in read_rows(name):
            found = find_mentions(row["text"], words, read_gazetteer())
            places = [_place(m) for m in found if m.kind == PLACE]
            answers.append({"id": row["id"], "places": places})
        result = score("geo", name, answers)
        exact, overlap = result["recognition_exact"]["F1"], result["recognition_overlap"]["F1"]
        near = result["resolution"]
        print(
            f"{name:16}{exact:10.1f}{overlap:9.1f}"
            f"{near['acc161_all']:13.1f}{near['acc161_resolved']:13.1f}"
        )


def _place(mention: Mention) -> dict[str, Any]:
    where = {"start": mention.start, "end": mention.end}
    place = mention.place
    if place is None:
        return where
    known = {"lat": place.latitude, "lon": place.longitude, "geonameid": place.geonameid}
    return {**where, **known, "cc": place.country}


DATES = ("dates_timebank_aquaint", "dates_krauts_de")
UNSEEN = 4  # the fold that no rule of `include/analysis/dates` was made on


def score_dates() -> None:
    """Print F1 of expressions of time, strict, relaxed, and with the right value."""
    print(f"{'set':26}{'folds':9}{'strict':>8}{'relaxed':>9}{'value':>7}{'of found':>10}")
    for name in DATES:
        rows = read_rows(name)
        for folds, label in ((set(range(FOLDS)), "all"), ({UNSEEN}, "unseen")):
            some = [row for row in rows if fold_of(row) in folds]
            result = score("dates", name, [answer_dates(row) for row in some], gold=some)
            figures = [result[key]["F1"] for key in ("strict", "relaxed", "value")]
            print(
                f"{name:26}{label:9}{figures[0]:8.1f}{figures[1]:9.1f}{figures[2]:7.1f}"
                f"{result['value_acc_on_matched']:10.1f}"
            )


def answer_dates(row: dict[str, Any]) -> dict[str, Any]:
    """Give the expressions of time of a labelled text, as the scorer takes them."""
    found = find_dates(row["text"], row["lang"], date.fromisoformat(row["dct"][:10]))
    named = [[m.start, m.end, m.meaning.kind.upper(), m.meaning.value] for m in found]
    return {"id": row["id"], "timex": named}


def score_when() -> None:
    """Print how often the day of a text's main event is right, beside the day of publication."""
    rows = read_rows("event5w1h_gold")
    days = [(row["id"], row["published_at"], _when(row) or row["published_at"]) for row in rows]
    for label, at in (("day of publication", 1), ("first day named", 2)):
        answers = [{"id": day[0], "when": day[at]} for day in days]
        print(f"{label:20}{score('when_where', 'event5w1h_gold', answers)['when']['acc']:7.1f}")


def _when(row: dict[str, Any]) -> str | None:
    """Give the first day that a text names, of its publication and the day before."""
    if not row["published_at"]:
        return None
    published = date.fromisoformat(row["published_at"])
    for mention in find_dates(row["text"], row["lang"], published):
        first, last = days_of(mention.meaning.value or "") or (date.min, date.max)
        if first == last and timedelta(0) <= published - first <= timedelta(days=1):
            return first.isoformat()
    return None


TASKS: dict[str, Callable[[], None]] = {
    "quotes": score_quotes,
    "entities": score_entities,
    "places": score_places,
    "dates": score_dates,
    "when": score_when,
}

if __name__ == "__main__":
    for task in sys.argv[1:] or TASKS:
        TASKS[task]()
