"""The parts of what `why` says, each a label and a text beside it."""

from typing import Any

from rich.table import Table
from rich.text import Text

from include.review.corrections import describe
from include.text import sanitize
from include.warehouse.why import Rows

COPIES_SHOWN = 5
AIRFLOW = ("manual", "scheduled", "asset_triggered", "backfill")  # begin the ids of Airflow's runs
GOOD, NOTICE, BAD = "green", "yellow", "red"
COLOURS = {"landed": GOOD, "quarantined": BAD, "rejected": BAD, "replaced": NOTICE}
DIFF = {"+": GOOD, "-": BAD, "@": "cyan"}
LABEL = 11  # cells


def describe_delivery(row: dict[str, Any]) -> tuple[str, Text]:
    """Say when a page came under which name, by which run, what became of it, how long it stood."""
    again = row["outcome"] == "resplit"
    text = Text(f"{row['ingested_at']:%Y-%m-%d %H:%M:%S} UTC")
    if not again:
        text.append(f" as {sanitize(row['name'])} in {sanitize(row['inbox'])}")
    text.append("\n").append_text(_outcome(row))
    if row["outcome"] not in ("rejected", "resplit"):
        text.append(f"; page {_versions(row)}")
    run = sanitize(row["run_id"])
    whose = "Airflow's run" if run.split("__")[0] in AIRFLOW else "run"
    made = "" if row["version"] is None else f", which left version {row['version']}"
    text.append(f"\n{whose} {run} ({row['kind']}){made}", style="dim")
    return ("split again" if again else "delivered", text)


def _outcome(row: dict[str, Any]) -> Text:
    """Say what became of a delivery: of one that was split, of its stories."""
    if row["outcome"] not in ("landed", "resplit"):
        good = row["outcome"] == "redelivered"
        said = sanitize(": ".join(filter(None, (row["outcome"], row["reason"]))))
        return Text(said, style=GOOD if good else NOTICE)
    good = row["stories_quarantined"] == 0 and row["stories_landed"] > 0
    return Text(_counts(row), style=GOOD if good else NOTICE)


def _counts(row: dict[str, Any]) -> str:
    return f"{row['stories_landed']} landed, {row['stories_quarantined']} set aside"


def _versions(row: dict[str, Any], stands: str = "stands") -> str:
    """Say in which versions of the lake something stood."""
    first, last = row["version"], row["until"]
    if first is None or (last is not None and last < first):
        return "in no version of the lake"
    if last is None:
        return f"{stands} since version {first}, ingest_day={row['ingest_day']}"
    return f"stood in version {first}" + (f" to {last}" if last > first else "")


def describe_decoding(row: dict[str, Any]) -> Text:
    """Say how a page's bytes were read."""
    size = f"{row['size_bytes']:,} bytes"
    if row["encoding"] is None:
        what = f"{row['media_type']}, " if row["media_type"] else ""
        return Text(sanitize(f"{what}{size}, not decoded"))
    parts = [
        row["media_type"] or "text",
        row["encoding"],
        size,
        f"{row['page_chars']:,} characters",
    ]
    if row["text_from"]:
        parts.insert(1, f"text from {row['text_from']}")
    if row["replaced_chars"]:
        parts.append(f"{row['replaced_chars']:,} replaced by U+FFFD")
    return Text(sanitize(", ".join([*parts, *row["flags"]])))


def describe_split(row: dict[str, Any]) -> Text:
    """Say by what a page was split, and into how much."""
    book = row["book_version"]
    learnt = f"chrome book {book}" if book else "no chrome book"
    return Text(f"by splitter {sanitize(row['splitter_version'])}, {learnt}: {_counts(row)}")


def describe_override(row: dict[str, Any]) -> tuple[str, Text]:
    """Say what a correction says, whose word it is, and whether the page was split since."""
    text = Text(sanitize(describe(row)), style="dim strike" if row["is_withdrawn"] else "")
    if row["is_withdrawn"]:
        text.append(" withdrawn")
    if not row["is_followed"]:
        text.append("; not followed yet: `resplit --all`", style=NOTICE)
    text.append(f"\n{_word(row['made_by'], row['made_at'], row['note'])}", style="dim")
    text.append(f", {row['override_id']}", style="dim")
    return ("corrected" if row["is_followed"] else "noted", text)


def describe_headline(story: dict[str, Any]) -> Text:
    """Give a story's headline and its verdict."""
    line = Text(f"{story['story_no']}  ")
    line.append(sanitize(story["headline"] or "(no headline)"), style="cyan")
    return line.append(f"  {story['verdict']}", style=COLOURS[story["verdict"]])


def describe_story(story: dict[str, Any], reviews: Rows, diff: bool) -> list[tuple[str, Text]]:
    """Say what is known of a story, part by part."""
    aside = story["verdict"] in ("quarantined", "rejected")
    stood = _versions(story, "set aside" if aside else "stands")
    sheet = [("story", Text(story["story_id"])), ("lake", Text(stood))]
    if story["confidence"] is not None:
        sheet.append(("confidence", Text(f"{story['confidence']:.2f}")))
    sheet += [("because", Text(sanitize(reason))) for reason in story["reasons"]]
    met = {found["rule"]: found["value"] for found in story["observed"]}
    for name, rules in (("failed", story["failed_rules"]), ("flagged", story["quality_flags"])):
        for rule in rules:
            said = f"{rule}: {met[rule]}" if met.get(rule) else rule
            sheet.append((name, Text(sanitize(said), style=BAD if name == "failed" else NOTICE)))
    sheet += [describe_review(row) for row in reviews]
    copies = story["copies"] or []
    for copy in copies[:COPIES_SHOWN]:
        counts = ", which counts" if copy["is_first"] else ""
        said = f"{copy['story_id']} in {sanitize(copy['name'])}{counts}"
        sheet.append(("same text", Text(said, style=NOTICE)))
    if len(copies) > COPIES_SHOWN:
        sheet.append(("", Text(f"and {len(copies) - COPIES_SHOWN} more, in marts.duplicates")))
    sheet += [("replaces", Text(f"story {one}")) for one in sorted(story["replaces"] or [])]
    if story["verdict"] == "replaced":
        alike = "" if story["similarity"] is None else f", {story['similarity']:.0%} alike"
        by = f"{_successor(story)}{alike} ({story['left_because']})"
        sheet.append(("replaced", Text(f"{by}\nrun {sanitize(story['left_by_run_id'])}")))
        if diff:
            same = Text("the same words", style="dim")
            sheet.append(("diff", _diff(story["diff"]) if story["diff"] else same))
    return sheet


def _successor(story: dict[str, Any]) -> str:
    if story["new_story_id"] == story["story_id"]:
        return "written anew under the same id"
    return f"by {story['new_story_id'] or 'none clearly'}"


def describe_review(row: dict[str, Any]) -> tuple[str, Text]:
    """Say what a person decided, who and when."""
    said = row["decision"].replace("_", " ")
    if said == "release":
        said += f" from {', '.join(row['failed_rules'])}"
    text = Text(sanitize(said), style=BAD if said == "reject" else GOOD)
    if row["outcome"] == "stale":
        text.append(" stale: the story had changed by then", style=NOTICE)
    text.append(f"\n{_word(row['decided_by'], row['decided_at'], row['note'])}")
    return ("reviewed", text)


def _word(who: str, when: Any, note: str | None) -> str:
    said = f"{sanitize(who)}, {when:%Y-%m-%d %H:%M} UTC"
    return f"{said}: {sanitize(note)}" if note else said


def _diff(diff: str) -> Text:
    text = Text()
    for line in diff.splitlines():
        text.append(sanitize(line) + "\n", style=DIFF.get(line[:1], "dim"))
    text.rstrip()
    return text


def lay_sheet(pairs: list[tuple[str, Text]]) -> Table:
    """Lay labels out beside what they say; a label that goes on is said once."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, min_width=LABEL)
    table.add_column(overflow="fold")
    above = None
    for label, text in pairs:
        table.add_row(label if label != above or label == "delivered" else "", text)
        above = label
    return table
