"""
Render the HTML report of a re-split: changes by outlet, and the largest ones by paragraph.

The page loads and runs nothing, and its policy forbids both. A story's text is untrusted: control
and bidirectional characters are replaced, and everything is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from include.text import pluralize, sanitize

STYLE = Path(__file__).with_suffix(".css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
HEADS = {
    "before": "before", "same": "same", "changed": "changed", "added": "added", "gone": "gone",
    "after": "after", "headline": "headline", "body": "body", "boundaries": "boundaries",
    "facts": "facts", "verdict": "verdict",
}  # fmt: skip
TILES = ("before", "same", "changed", "added", "gone", "after")
OUTLETS_SHOWN = 200
PARTS_SHOWN = 40  # paragraphs of one example
PART_CHARS = 1_500
NOT_NAMED = "(no outlet named)"


def write_page(receipt: Mapping[str, Any]) -> str:
    """Give the HTML page for a receipt of `compare`."""
    totals, examples = receipt["totals"], receipt["examples"]
    found_by = ""
    if before := ", ".join(receipt["splitters_before"]):
        found_by = f"; what changes was found by {_text(before)}"
    pages = pluralize(receipt["pages"], "page")
    started_at = receipt["started_at"][:16].replace("T", " ")
    tiles = "".join(f"<div><dt>{name}</dt><dd>{_number(totals, name)}</dd></div>" for name in TILES)
    shown = "\n".join(_write_example(number, row) for number, row in enumerate(examples, 1))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<title>Re-split: {_text(receipt["run_id"])}</title>
<style>{STYLE.read_text(encoding="utf-8")}</style></head><body>
<h1>What splitting again would change</h1>
<p>{pages}, split by {_text(receipt["splitter_version"])}{found_by}.</p>
<p class="soft">Run {_text(receipt["run_id"])}, {_text(started_at)} UTC.
This page lands nothing.</p>
<dl class="tiles">{tiles}</dl>
<h2>By outlet</h2>
<p class="soft">Stories, landed and set aside. before + added − gone = after; the last five columns
say what is different about those that changed, and may overlap.</p>
{_write_table(receipt["outlets"], totals)}
<h2>The largest changes</h2>
<p class="soft">By characters of paragraphs that only one side has. <b>−</b> stood, <b>+</b> is
found now. All changes are in the table <code>quality.resplit_changes</code> once decided.</p>
{shown or "<p>Every story is found again as it was.</p>"}
</body></html>
"""


def _write_table(outlets: Sequence[Mapping[str, Any]], totals: Mapping[str, int]) -> str:
    heads = "".join(f"<th>{head}</th>" for head in HEADS.values())
    rows = "\n".join(_write_row(_name(row["outlet"]), row) for row in outlets[:OUTLETS_SHOWN])
    left = len(outlets) - OUTLETS_SHOWN
    more = (
        f"<p class='soft'>{pluralize(left, 'outlet')} more, with fewer changes.</p>"
        if left > 0
        else ""
    )
    return (
        f'<div class="wide"><table><thead><tr><th>outlet</th>{heads}</tr></thead>\n'
        f"<tbody>{rows}</tbody><tfoot>{_write_row('all', totals)}</tfoot></table></div>{more}"
    )


def _write_row(name: str, counts: Mapping[str, Any]) -> str:
    cells = "".join(
        f"<td>{_number(counts, head)}</td>" if counts.get(head) else '<td class="none">0</td>'
        for head in HEADS
    )
    return f'<tr><td dir="auto">{_text(name)}</td>{cells}</tr>'


def _write_example(number: int, row: Mapping[str, Any]) -> str:
    tags = "".join(f'<span class="tag">{_text(part)}</span>' for part in row["what"])
    headline = row["headline_after"] if row["story_id_after"] else row["headline_before"]
    sizes = [
        f"{row[f'body_chars_{side}']:,} characters {side}, {row[f'verdict_{side}']}"
        for side in ("before", "after")
        if row[f"story_id_{side}"]
    ]
    facts = [
        _name(row["outlet"]), row["source_name"], *sizes, f"{row['changed_chars']:,} changed",
        row["story_id_after"] or row["story_id_before"],
    ]  # fmt: skip
    parts = list(_write_diff(row["diff"].split("\n"))) if row["diff"] else []
    if len(parts) > PARTS_SHOWN:
        left = f"{pluralize(len(parts) - PARTS_SHOWN, 'line')} more in the table"
        parts = [*parts[:PARTS_SHOWN], _write_part("div", "…", left, "gap")]
    shown = "".join(parts) or '<p class="soft">The same words.</p>'
    return (
        f'<article><span class="tag {row["change"]}">{row["change"]}</span>{tags}'
        f'<h3 dir="auto">{number}. {_text(headline or "(no headline)")}</h3>'
        f'<div class="facts">{" · ".join(map(_text, facts))}</div>'
        f'<div class="diff">{shown}</div></article>'
    )


def _write_diff(lines: Sequence[str]) -> Iterator[str]:
    """Give a diff's paragraphs; what stands between two places that changed is a gap."""
    for number, line in enumerate(lines):
        sign, text = line[:1], line[1:]
        if sign == "@":
            if number:
                yield _write_part("div", "⋯", "", "gap")
        elif sign in ("+", "-"):
            if text.strip():
                tag, shown = ("ins", "+") if sign == "+" else ("del", "−")
                yield _write_part(tag, shown, text, sign)
        else:
            yield _write_part("div", "", line, "gap")


def _write_part(tag: str, sign: str, text: str, name: str) -> str:
    cut = text if len(text) <= PART_CHARS else f"{text[: PART_CHARS - 1]}…"
    label = ' class="gap"' if name == "gap" else ""
    return (
        f'<{tag}{label}><span class="sign">{sign}</span>'
        f'<span class="part" dir="auto">{_text(cut)}</span></{tag}>'
    )


def _number(counts: Mapping[str, Any], name: str) -> str:
    return f"{counts.get(name, 0):,}"


def _name(outlet: str | None) -> str:
    return outlet or NOT_NAMED


def _text(text: object) -> str:
    return escape(sanitize(str(text)))
