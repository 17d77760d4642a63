"""
*Re-split*: what splitting pages again would change, or changed; approve or refuse it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from include.desk.access import Approver, Reader
from include.desk.approvals import ANSWERS
from include.desk.forms import FormFields, read_field
from include.desk.marked_text import diff_lines
from include.desk.rendering import base_path, render, write_query
from include.desk.state import Shared, ask
from include.desk.waiting import Waiting
from include.errors import NotFound, UsageWrong
from include.pipeline.comparisons import find_comparison
from include.warehouse.shared_reader import Row

CHANGES, OUTLETS = 20, 200
KINDS = ("changed", "added", "gone")
PARTS = ("headline", "body", "boundaries", "facts", "verdict")
DIFF_LINES = 60  # of each change
WAY_OUT = "It changed nothing, its receipt was cleaned up, or there is none of that name."
NOT_HERE = "Answer it in Airflow, under Required Actions of resplit_history."
RunId = Annotated[str, Query(max_length=500)]
router = APIRouter(include_in_schema=False)


@router.get("/lake/resplit")
def show_resplit(
    request: Request,
    desk: Shared,
    user: Reader,
    waiting: Waiting,
    run: RunId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Show what a re-split changes: from the lake once it is decided, before that its receipt."""
    with desk.reader.read() as reading:
        outlets = ask(reading, "resplit_outlets", run=run)
        changes: Sequence[Any] = ask(reading, "resplit_changes", run=run, rows=CHANGES)
    comparison = find_comparison(desk.settings.receipts, run)
    if not outlets and comparison is None:
        raise NotFound("re-split", run, WAY_OUT)
    decision = outlets[0] if outlets else None
    if comparison is not None and not outlets:
        changes = comparison.examples
    everyone: Sequence[Any] = comparison.outlets if comparison is not None else outlets
    counts = [item for item in everyone if any(_read(item, kind) for kind in KINDS)]
    return render(
        request, "resplit.html", user,
        run=run, waits=next((each for each in waiting if each.run_id == run), None), done=done,
        decision=decision, comparison=comparison, totals=_add_up(counts), outlets=counts[:OUTLETS],
        outlets_left=max(len(counts) - OUTLETS, 0), outlets_same=len(everyone) - len(counts),
        changes=changes, kinds=KINDS, parts=PARTS,
        diff_lines=diff_lines, most_lines=DIFF_LINES,
    )  # fmt: skip


@router.post("/lake/resplit")
async def answer_resplit(
    request: Request, desk: Shared, user: Approver, form: FormFields
) -> RedirectResponse:
    """Answer the question of a re-split, as the user who sends the form."""
    run, answer = read_field(form, "run"), read_field(form, "answer")
    if answer not in ANSWERS:
        raise UsageWrong("answer", answer, f"Choose one of {', '.join(ANSWERS)}.")
    if desk.approvals is None:
        raise UsageWrong("re-split", run, NOT_HERE)
    await desk.approvals.answer(request, run, ANSWERS[answer])
    query = write_query({"run": run, "done": answer})
    return RedirectResponse(f"{base_path(request)}/lake/resplit?{query}", 303)


def _add_up(counts: Sequence[Any]) -> dict[str, int]:
    """Add up the counts of outlets: rows of a query, or `OutletCounts`."""
    names = (*KINDS, *PARTS, "changed_chars")
    return {name: sum(_read(item, name) for item in counts) for name in names}


def _read(item: Row | Any, name: str) -> int:
    return int(item[name] if isinstance(item, dict) else getattr(item, name))
