"""
Render the HTML report of a re-split: changes by outlet, and the largest ones by paragraph.

The page loads and runs nothing, and its policy forbids both. A story's text is untrusted: control
and bidirectional characters are replaced, and everything is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from include.review.comparison import Change, Comparison, Counts, OutletCounts
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


def write_page(comparison: Comparison) -> str:
    """Give the HTML page of a comparison."""
    totals, examples = comparison.totals, comparison.examples
    found_by = ""
    if before := ", ".join(comparison.splitters_before):
        found_by = f"; what changes was found by {_text(before)}"
    pages = pluralize(comparison.pages, "page")
    started_at = f"{comparison.started_at:%Y-%m-%d %H:%M}"
    tiles = "".join(f"<div><dt>{name}</dt><dd>{_number(totals, name)}</dd></div>" for name in TILES)
    shown = "\n".join(_write_example(number, row) for number, row in enumerate(examples, 1))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<title>Re-split: {_text(comparison.run_id)}</title>
<style>{STYLE.read_text(encoding="utf-8")}</style></head><body>
<h1>What splitting again would change</h1>
<p>{pages}, split by {_text(comparison.splitter_version)}{found_by}.</p>
<p class="soft">Run {_text(comparison.run_id)}, {_text(started_at)} UTC.
This page lands nothing.</p>
<dl class="tiles">{tiles}</dl>
<h2>By outlet</h2>
<p class="soft">Stories, landed and set aside. before + added − gone = after; the last five columns
say what is different about those that changed, and may overlap.</p>
{_write_table(comparison.outlets, totals)}
<h2>The largest changes</h2>
<p class="soft">By characters of paragraphs that only one side has. <b>−</b> stood, <b>+</b> is
found now. All changes are in the table <code>quality.resplit_changes</code> once decided.</p>
{shown or "<p>Every story is found again as it was.</p>"}
</body></html>
"""


def _write_table(outlets: Sequence[OutletCounts], totals: Counts) -> str:
    heads = "".join(f"<th>{head}</th>" for head in HEADS.values())
    rows = "\n".join(_write_row(_name(counts.outlet), counts) for counts in outlets[:OUTLETS_SHOWN])
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


def _write_row(name: str, counts: Counts) -> str:
    cells = "".join(
        f"<td>{_number(counts, head)}</td>" if getattr(counts, head) else '<td class="none">0</td>'
        for head in HEADS
    )
    return f'<tr><td dir="auto">{_text(name)}</td>{cells}</tr>'


def _write_example(number: int, change: Change) -> str:
    tags = "".join(f'<span class="tag">{_text(part)}</span>' for part in change.what)
    newest = list(change.sides.values())[-1]
    sizes = [
        f"{side.body_chars:,} characters {name}, {side.verdict}"
        for name, side in change.sides.items()
    ]
    facts = [
        _name(change.outlet), change.source_name, *sizes, f"{change.changed_chars:,} changed",
        newest.story_id,
    ]  # fmt: skip
    parts = list(_write_diff(change.diff.split("\n"))) if change.diff else []
    if len(parts) > PARTS_SHOWN:
        left = f"{pluralize(len(parts) - PARTS_SHOWN, 'line')} more in the table"
        parts = [*parts[:PARTS_SHOWN], _write_part("div", "…", left, "gap")]
    shown = "".join(parts) or '<p class="soft">The same words.</p>'
    return (
        f'<article><span class="tag {change.change}">{change.change}</span>{tags}'
        f'<h3 dir="auto">{number}. {_text(newest.headline or "(no headline)")}</h3>'
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


def _number(counts: Counts, name: str) -> str:
    return f"{getattr(counts, name):,}"


def _name(outlet: str | None) -> str:
    return outlet or NOT_NAMED


def _text(text: object) -> str:
    return escape(sanitize(str(text)))
