"""
*Quality*: rules by trend, outlets, the gate; and the quarantine, where a person decides.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from include.desk.access import Reader, Writer
from include.desk.charts import Chart, chart_days, sparkline
from include.desk.forms import FormFields, read_field
from include.desk.rendering import base_path, render, write_query
from include.desk.state import Shared, ask
from include.errors import NotFound, UsageWrong
from include.pipeline.desk_review import review_chosen
from include.pipeline.run_checks import read_rule_notes
from include.review.cases import Answer
from include.warehouse.shared_reader import Row

RUNS, ROWS, STORIES = 30, 20, 25
RULE_RUNS, DAYS = 2_000, 28  # 70 runs a day
DECISIONS = ("release", "reject", "send_back")
router = APIRouter(include_in_schema=False)


@router.get("/quality")
def show_quality(request: Request, desk: Shared, user: Reader) -> HTMLResponse:
    """Show the page."""
    with desk.reader.read() as reading:
        rules = ask(reading, "quality_rules", suite=None, runs=RUNS)
        values: dict[str, Any] = {
            "causes": ask(reading, "home_quarantine", since=None),
            "outlets": ask(reading, "quality_outlets", outlets=ROWS),
            "gate": ask(reading, "quality_gate", rows=ROWS),
            "pairs": ask(reading, "quality_pairs", rows=ROWS),
            "reviews": ask(reading, "reviews", rows=ROWS),
        }
    for rule in rules:
        rule["points"] = sparkline(rule["rates"])
    return render(
        request, "quality.html", user,
        fired=[rule for rule in rules if rule["failed"]],
        quiet=[rule for rule in rules if not rule["failed"]], runs=RUNS, **values,
    )  # fmt: skip


@router.get("/quality/rules/{rule}")
def show_rule(request: Request, desk: Shared, user: Reader, rule: str) -> HTMLResponse:
    """Show a rule's runs."""
    with desk.reader.read() as reading:
        rows = ask(reading, "quality_rule", rule=rule, rows=RULE_RUNS)
    if not rows:
        raise NotFound("rule", rule, "docs/quality.md lists the rules.")
    charts = _chart_rule(rows, datetime.now(UTC).date())
    return render(request, "rule.html", user, rule=rule, rows=rows[:ROWS], charts=charts)


def _chart_rule(rows: list[Row], today: date) -> list[Chart]:
    """Chart the runs of a rule by day: the share that broke it, and how many did."""
    broke: Counter[date] = Counter()
    looked_at: Counter[date] = Counter()
    for row in rows:
        broke[row["ingested_at"].date()] += row["failed"]
        looked_at[row["ingested_at"].date()] += row["evaluated"]
    shares = {day: broke[day] / count if count else None for day, count in looked_at.items()}
    counts: dict[date, float | None] = {day: broke[day] for day in looked_at}
    return [
        chart_days("Share that broke it", "of a day's rows, 0 to 1", shares, today, DAYS),
        chart_days("Broke it", "rows per day of ingestion", counts, today, DAYS),
    ]


@router.get("/quality/quarantine")
def show_quarantine(
    request: Request,
    desk: Shared,
    user: Reader,
    rule: Annotated[list[str] | None, Query(max_length=50)] = None,
    done: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """Show the stories that wait for one cause, or for any."""
    with desk.reader.read() as reading:
        stories = ask(reading, "waiting", rules=rule or None, rows=STORIES)
        causes = ask(reading, "home_quarantine", since=None)
    return render(
        request, "quarantine.html", user,
        stories=stories, causes=causes, rules=rule or [], done=done, most=STORIES,
        notes=read_rule_notes("stories"),
    )  # fmt: skip


@router.post("/quality/quarantine")
def decide(request: Request, desk: Shared, user: Writer, form: FormFields) -> RedirectResponse:
    """Record a decision on the chosen stories, and carry it out."""
    decision, chosen = read_field(form, "decision"), form.get("story", [])
    if decision not in DECISIONS:
        raise UsageWrong("decision", decision, f"Choose one of {', '.join(DECISIONS)}.")
    if not chosen:
        raise UsageWrong("stories", "", "Choose at least one story.")
    answer = Answer(decision, user.name, datetime.now(UTC), note=read_field(form, "note"))
    review = desk.writes.run(review_chosen, desk.settings, chosen, answer)
    done = f"{review.decided} {review.stale} {review.landed}"
    query = write_query({"rule": form.get("rule", []), "done": done})
    return RedirectResponse(f"{base_path(request)}/quality/quarantine?{query}", 303)
