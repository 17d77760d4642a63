"""
Print what `doctor` found: for a person, a line per finding for a pipe, or one JSON object.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from include.standalone.day_report import Day
from include.standalone.findings import Finding, Level
from include.text import pluralize, sanitize

STYLES = {Level.OK: "green", Level.LOOK: "yellow", Level.SICK: "bold red"}


def print_sheet(
    checks: Sequence[Finding], day: Sequence[Finding], now: datetime, console: Console
) -> None:
    """Print the verdict, what is checked now, and what happened in the last 24 hours."""
    console.print(_headline([*checks, *day], now), soft_wrap=True)
    for title, findings in (("Now", checks), ("The last 24 hours", day)):
        console.print()
        console.print(Text(title, style="bold"))
        if console.is_terminal:
            console.print(_draw(findings))
        else:
            _print_lines(findings, console)


def render_json(
    checks: Sequence[Finding], findings: Sequence[Finding], day: Day, now: datetime
) -> str:
    """Return one JSON object: the verdict, all findings, the day's figures."""
    every = [*checks, *findings]
    content: dict[str, Any] = {
        "checked_at": now.isoformat(),
        "is_well": all(finding.is_well for finding in every),
        "now": [asdict(finding) for finding in checks],
        "last_24_hours": [asdict(finding) for finding in findings],
        "figures": _figures(day),
    }
    return json.dumps(content, default=str, ensure_ascii=False)


def _figures(day: Day) -> dict[str, Any]:
    airflow, landed = day.airflow, day.landed
    return {
        "since": day.since.isoformat(),
        "unknown": day.silent,
        "versions": day.versions,
        "restarts": [asdict(one) for one in day.restarts],
        "runs_ended": airflow and airflow.runs,
        "runs_failed": airflow and [
            {name: run.get(name) for name in ("dag_id", "dag_run_id", "end_date", "note")}
            for run in airflow.failed
        ],
        "questions": airflow and [
            {"subject": asked["subject"], "created_at": asked["created_at"],
             "dag_id": asked["task_instance"]["dag_id"],
             "dag_run_id": asked["task_instance"]["dag_run_id"]}
            for asked in airflow.questions
        ],
        "files": landed and landed.files,
        "stories": landed and landed.stories,
        "quarantine": landed and landed.quarantine,
        "silent_outlets": landed and landed.silent,
    }  # fmt: skip


def _headline(findings: Sequence[Finding], now: datetime) -> Text:
    broken = sum(finding.level is Level.SICK for finding in findings)
    open_ = sum(finding.level is Level.LOOK for finding in findings)
    line = Text(f"Copydesk, {now:%Y-%m-%d %H:%M} UTC: ", style="bold")
    if broken:
        verb = "is" if broken == 1 else "are"
        line.append(f"{pluralize(broken, 'thing')} {verb} broken", style=STYLES[Level.SICK])
    else:
        line.append("everything works", style="bold green")
    if open_:
        line.append(f", {pluralize(open_, 'thing')} to look at", style="yellow")
    return line


def _print_lines(findings: Sequence[Finding], console: Console) -> None:
    """Print each finding on one line, however long, and its details below it."""
    for finding in findings:
        way_out = f". {finding.way_out}." if finding.way_out else ""
        lines = [f"{finding.level:4} {finding.thing}: {finding.state}{way_out}"]
        lines += [f"     · {detail}" for detail in finding.details]
        for line in lines:
            console.print(sanitize(line), markup=False, highlight=False, soft_wrap=True)


def _draw(findings: Sequence[Finding]) -> Table:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, min_width=len("dag-processor"))
    table.add_column(ratio=1, overflow="fold")
    for finding in findings:
        style = STYLES[finding.level]
        state = Text(sanitize(finding.state))
        body = [state]
        body += [Text(sanitize(f"· {line}"), style="dim") for line in finding.details]
        if finding.way_out:
            body.append(Text(sanitize(f"→ {finding.way_out}."), style=style))
        table.add_row(
            Text(f"  {finding.level}", style=style), sanitize(finding.thing), Group(*body)
        )
    return table
