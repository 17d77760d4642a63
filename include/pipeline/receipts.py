"""
Receipts: the small JSON files whose paths travel between steps, and the Arrow frames beside them.

Everything is written aside and renamed, so a step that is killed leaves either the whole file or
none, and a step that runs twice writes the same file again. Frames are written and read a record
batch at a time, so that memory does not follow the batch's size.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from include.errors import ReceiptMissing
from include.model import Run
from include.storage.atomic import atomic_write

GATE, CLOSED = "gate.json", "closed.json"  # what a gate leaves: one of them
KEY_CHARS = re.compile(r"[^A-Za-z0-9_.-]+")  # run ids of Airflow hold ':' and '+'


def run_key(run_id: str) -> str:
    """Give a folder name for a run: readable, safe as a path, and never shared by two run ids."""
    digest = hashlib.sha256(run_id.encode()).hexdigest()[:8]
    return f"{KEY_CHARS.sub('-', run_id).strip('-.')[:80]}-{digest}"


def idle_folder(receipts: Path, inbox: str) -> Path:
    """Give the folder of an inbox's runs that found nothing new: one receipt for all of them."""
    return receipts / f"idle-{run_key(inbox)}"


def find_intake(receipts: Path, run_id: str) -> dict[str, Any]:
    """
    Read the intake's receipt of a run, whether it found anything new or not.

    Raises:
        ReceiptMissing: no such run, or a later idle run has written over its receipt.
    """
    own = receipts / run_key(run_id) / "intake.json"
    for path in (own, *receipts.glob("idle-*/intake.json")):
        content = read_receipt(path, "intake") if path.exists() else {}
        if content.get("run_id") == run_id:
            return content
    raise ReceiptMissing("intake of run", run_id, "A later run has overwritten it.")


def write_receipt(path: Path, step: str, content: dict[str, Any]) -> Path:
    """Write a receipt aside and rename it into place; `step` is checked by `read_receipt`."""
    body = json.dumps({"step": step, **content}, ensure_ascii=False, indent=1)
    return _write_aside(path, body.encode())


def read_receipt(path: str | Path, step: str) -> dict[str, Any]:
    """
    Read the receipt that `step` wrote.

    Raises:
        ReceiptMissing: no such file, or another step wrote it.
    """
    try:
        content: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise ReceiptMissing("receipt", str(path), "Clear the run's first task.") from exc
    if content.get("step") != step:
        raise ReceiptMissing(f"receipt of {step}", str(path), f"{content.get('step')!r} wrote it.")
    return content


def _write_aside(path: Path, body: bytes) -> Path:
    with atomic_write("receipts", path) as temporary:
        temporary.write_bytes(body)
    return path


def pass_on(receipt: dict[str, Any]) -> dict[str, Any]:
    """Give what every receipt of a batch repeats."""
    return {
        key: receipt[key] for key in ("run_id", "started_at", "ingest_day", "batch_id", "label")
    }


def run_of(receipt: dict[str, Any]) -> Run:
    """Give the run of a receipt, with the day that a batch of recalled pages stands in."""
    day = receipt.get("ingest_day")
    return Run(
        receipt["run_id"],
        datetime.fromisoformat(receipt["started_at"]),
        date.fromisoformat(day) if day else None,
    )
