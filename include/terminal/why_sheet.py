"""Describe the parts of a history, each as a label and a text, and lay them out."""

from typing import Any

from rich.table import Table
from rich.text import Text

from include.review.corrections import describe
from include.text import sanitize
from include.warehouse.why import Rows

COPIES_SHOWN = 5
AIRFLOW = ("manual", "scheduled", "asset_triggered", "backfill")  # prefixes of Airflow's run ids
GOOD, NOTICE, BAD = "green", "yellow", "red"
COLOURS = {"landed": GOOD, "quarantined": BAD, "rejected": BAD, "replaced": NOTICE}
DIFF = {"+": GOOD, "-": BAD, "@": "cyan"}
LABEL = 11  # cells
Sheet = list[tuple[str, Text]]


def describe_delivery(row: dict[str, Any]) -> tuple[str, Text]:
    """Describe a delivery: when, under which name, by which run, its outcome and its versions."""
    again = row["outcome"] == "resplit"
    text = Text(f"{row['ingested_at']:%Y-%m-%d %H:%M:%S} UTC")
    if not again:
        text.append(f" as {sanitize(row['name'])} in {sanitize(row['inbox'])}")
    text.append("\n").append_text(_outcome(row))
    if row["outcome"] == "replaced":
        text.append(f" ({sanitize(row['url'])}); page {row['revises_page_id'][:12]} was revised")
    elif row["outcome"] not in ("rejected", "resplit"):
        text.append(f"; page {_versions(row)}")
    run = sanitize(row["run_id"])
    whose = "Airflow's run" if run.split("__")[0] in AIRFLOW else "run"
    made = "" if row["version"] is None else f", which left version {row['version']}"
    text.append(f"\n{whose} {run} ({row['kind']}){made}", style="dim")
    label = {"resplit": "split again", "replaced": "replaced"}.get(row["outcome"], "delivered")
    return label, text


def _outcome(row: dict[str, Any]) -> Text:
    """Describe the outcome of a delivery; if it was split, by the counts of its stories."""
    if row["outcome"] not in ("landed", "resplit"):
        good = row["outcome"] == "redelivered"
        outcome = sanitize(": ".join(filter(None, (row["outcome"], row["reason"]))))
        return Text(outcome, style=GOOD if good else NOTICE)
    good = row["stories_quarantined"] == 0 and row["stories_landed"] > 0
    return Text(_counts(row), style=GOOD if good else NOTICE)


def _counts(row: dict[str, Any]) -> str:
    return f"{row['stories_landed']} landed, {row['stories_quarantined']} set aside"


def _versions(row: dict[str, Any], state: str = "current") -> str:
    """Describe in which versions of the lake a page or story was current."""
    first, last = row["version"], row["until"]
    if first is None or (last is not None and last < first):
        return "in no version of the lake"
    if last is None:
        return f"{state} since version {first}, ingest_day={row['ingest_day']}"
    return f"current in version {first}" + (f" to {last}" if last > first else "")


def describe_decoding(row: dict[str, Any]) -> Text:
    """Describe how a page's bytes were decoded."""
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


def describe_revised(page_id: str, kept: Rows) -> Text:
    """Name the page that a page revises, and the names under which the old one is still current."""
    text = Text(f"page {page_id}")
    for row in kept[:COPIES_SHOWN]:
        name = f"{sanitize(row['name'])} in {sanitize(row['inbox'])}"
        text.append(f"\nwhich is still current as {name}", style=NOTICE)
    return text


def describe_no_diff(deliveries: Rows, kept: Rows) -> Text:
    """Say why there is no diff: a page that another name still shows keeps its stories."""
    if kept:
        reason = "no story was replaced: the page it revises is still current under another name"
    elif any(row["is_current"] for row in deliveries) and any(map(_was_revised, deliveries)):
        reason = "no story was replaced: this page is still current under another name"
    else:
        reason = "nothing was revised"
    return Text(reason, style="dim")


def _was_revised(delivery: dict[str, Any]) -> bool:
    return delivery["until"] is not None


def describe_split(row: dict[str, Any]) -> Text:
    """Describe which splitter and chrome book split a page, and the counts of its stories."""
    version = row["book_version"]
    book = f"chrome book {version}" if version else "no chrome book"
    return Text(f"by splitter {sanitize(row['splitter_version'])}, {book}: {_counts(row)}")


def describe_override(row: dict[str, Any]) -> tuple[str, Text]:
    """Describe a correction, who made it, and whether the page was split again since."""
    text = Text(sanitize(describe(row)), style="dim strike" if row["is_withdrawn"] else "")
    if row["is_withdrawn"]:
        text.append(" withdrawn")
    if not row["is_followed"]:
        text.append("; not applied yet: run `resplit --all`", style=NOTICE)
    text.append(f"\n{_signature(row['made_by'], row['made_at'], row['note'])}", style="dim")
    text.append(f", {row['override_id']}", style="dim")
    return ("corrected" if row["is_followed"] else "noted", text)


def describe_headline(story: dict[str, Any]) -> Text:
    """Return a line with a story's number, headline and verdict."""
    line = Text(f"{story['story_no']}  ")
    line.append(sanitize(story["headline"] or "(no headline)"), style="cyan")
    return line.append(f"  {story['verdict']}", style=COLOURS[story["verdict"]])


def describe_story(story: dict[str, Any], reviews: Rows, diff: bool) -> Sheet:
    """Describe a story: versions, confidence, reasons, rules, reviews, copies, replacements."""
    aside = story["verdict"] in ("quarantined", "rejected")
    versions = _versions(story, "set aside" if aside else "current")
    sheet = [("story", Text(story["story_id"])), ("lake", Text(versions))]
    if story["confidence"] is not None:
        sheet.append(("confidence", Text(f"{story['confidence']:.2f}")))
    sheet += [("because", Text(sanitize(reason))) for reason in story["reasons"]]
    sheet += _describe_rules(story)
    sheet += [describe_review(row) for row in reviews]
    sheet += _describe_copies(story["copies"] or [])
    sheet += [("replaces", Text(f"story {old}")) for old in sorted(story["replaces"] or [])]
    if story["verdict"] == "replaced":
        sheet += _describe_replacement(story, diff)
    return sheet


def _describe_rules(story: dict[str, Any]) -> Sheet:
    values = {observed["rule"]: observed["value"] for observed in story["observed"]}
    rules = [("failed", rule, BAD) for rule in story["failed_rules"]]
    rules += [("flagged", rule, NOTICE) for rule in story["quality_flags"]]
    return [
        (
            label,
            Text(sanitize(f"{rule}: {values[rule]}" if values.get(rule) else rule), style=style),
        )
        for label, rule, style in rules
    ]


def _describe_copies(copies: Rows) -> Sheet:
    sheet = []
    for copy in copies[:COPIES_SHOWN]:
        counts = ", which is the one counted" if copy["is_first"] else ""
        line = f"{copy['story_id']} in {sanitize(copy['name'])}{counts}"
        sheet.append(("same text", Text(line, style=NOTICE)))
    if len(copies) > COPIES_SHOWN:
        sheet.append(("", Text(f"and {len(copies) - COPIES_SHOWN} more, in marts.duplicates")))
    return sheet


def _describe_replacement(story: dict[str, Any], diff: bool) -> Sheet:
    alike = "" if story["similarity"] is None else f", {story['similarity']:.0%} alike"
    by = f"{_successor(story)}{alike} ({story['left_because']})"
    sheet = [("replaced", Text(f"{by}\nrun {sanitize(story['left_by_run_id'])}"))]
    if diff:
        same = Text("the same words", style="dim")
        sheet.append(("diff", _diff(story["diff"]) if story["diff"] else same))
    return sheet


def _successor(story: dict[str, Any]) -> str:
    if story["new_story_id"] == story["story_id"]:
        return "rewritten under the same id"
    return f"by {story['new_story_id'] or 'no clear successor'}"


def describe_review(row: dict[str, Any]) -> tuple[str, Text]:
    """Describe a person's decision: what, who, when, and whether it came too late."""
    decision = row["decision"].replace("_", " ")
    if decision == "release":
        decision += f" from {', '.join(row['failed_rules'])}"
    text = Text(sanitize(decision), style=BAD if decision == "reject" else GOOD)
    if row["outcome"] == "stale":
        text.append(" stale: the story had changed by then", style=NOTICE)
    text.append(f"\n{_signature(row['decided_by'], row['decided_at'], row['note'])}")
    return ("reviewed", text)


def _signature(who: str, when: Any, note: str | None) -> str:
    signature = f"{sanitize(who)}, {when:%Y-%m-%d %H:%M} UTC"
    return f"{signature}: {sanitize(note)}" if note else signature


def _diff(diff: str) -> Text:
    text = Text()
    for line in diff.splitlines():
        text.append(sanitize(line) + "\n", style=DIFF.get(line[:1], "dim"))
    text.rstrip()
    return text


def lay_sheet(pairs: Sheet) -> Table:
    """Lay out labels beside their texts; a label that repeats is printed once."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, min_width=LABEL)
    table.add_column(overflow="fold")
    above = None
    for label, text in pairs:
        table.add_row(label if label != above or label == "delivered" else "", text)
        above = label
    return table
