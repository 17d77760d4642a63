"""
*Quality*: rules by trend, outlets, the gate; and the quarantine, where a person decides.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from include.desk.access import Reader, Writer
from include.desk.charts import sparkline
from include.desk.forms import FormFields, read_field
from include.desk.rendering import base_path, render, write_query
from include.desk.state import Shared, ask
from include.errors import NotFound, UsageWrong
from include.pipeline.desk_review import review_chosen
from include.review.cases import Answer

RUNS, ROWS, STORIES = 30, 20, 25
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
        rows = ask(reading, "quality_rule", rule=rule, rows=100)
    if not rows:
        raise NotFound("rule", rule, "docs/quality.md lists the rules.")
    return render(request, "rule.html", user, rule=rule, rows=rows)


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
