"""
Read and write receipts: the small JSON files whose paths travel between steps.

A receipt is written atomically, so a killed step leaves either the whole file or none, and a step
that runs twice writes the same file again. `receipt_types` defines what they hold.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from msgspec import ValidationError, convert

from include.errors import ReceiptMissing
from include.pipeline.receipt_types import IntakeReceipt, Receipt
from include.storage.atomic import atomic_write

GATE, CLOSED = "gate.json", "closed.json"  # a gate writes one of them
WRITE_AGAIN = "Clear the run's first task: its steps then write their receipts again."
R = TypeVar("R", bound=Receipt)
KEY_CHARS = re.compile(r"[^A-Za-z0-9_.-]+")  # run ids of Airflow hold ':' and '+'


def run_key(run_id: str) -> str:
    """Give a folder name for a run: readable, safe as a path, and unique to the run id."""
    digest = hashlib.sha256(run_id.encode()).hexdigest()[:8]
    return f"{KEY_CHARS.sub('-', run_id).strip('-.')[:80]}-{digest}"


def idle_folder(receipts: Path, inbox: str) -> Path:
    """Give the folder for an inbox's runs that find nothing new: they share one receipt."""
    return receipts / f"idle-{run_key(inbox)}"


def find_intake(receipts: Path, run_id: str) -> IntakeReceipt:
    """
    Read a run's intake receipt, whether or not the run found anything new.

    Raises:
        ReceiptMissing: no such run, or a later idle run has overwritten its receipt.
    """
    own = receipts / run_key(run_id) / "intake.json"
    if own.exists():
        return read_receipt(own, IntakeReceipt)
    for path in receipts.glob("idle-*/intake.json"):
        with suppress(ReceiptMissing):  # of another inbox, written by another version
            intake = read_receipt(path, IntakeReceipt)
            if intake.run_id == run_id:
                return intake
    raise ReceiptMissing("intake of run", run_id, "A later run has overwritten it.")


def write_receipt(path: Path, receipt: Receipt) -> Path:
    """Write a receipt atomically; give its path."""
    keys = {"step": receipt.step, **_to_json(receipt)}
    body = json.dumps(keys, default=_encode, ensure_ascii=False, indent=1)
    with atomic_write("receipts", path) as temporary:
        temporary.write_bytes(body.encode())
    return path


def read_receipt(path: str | Path, kind: type[R]) -> R:
    """
    Read a receipt of one kind.

    Raises:
        ReceiptMissing: no such file, another step wrote it, or a key is missing or of another
            type (in a receipt of another version); the key is named.
    """
    thing = f"receipt of {kind.step}"
    try:
        content: Any = json.loads(Path(path).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise ReceiptMissing(thing, str(path), f"There is no such file. {WRITE_AGAIN}") from exc
    except ValueError as exc:
        raise ReceiptMissing(thing, str(path), f"It is not JSON: {exc}. {WRITE_AGAIN}") from exc
    writer = content.get("step") if isinstance(content, dict) else None
    if writer != kind.step:
        other = f"The step {writer!r}" if isinstance(writer, str) else "No step"
        raise ReceiptMissing(thing, str(path), f"{other} wrote it.")
    try:
        return convert(content, kind, dec_hook=lambda kind, value: kind(value))
    except ValidationError as exc:
        why = f"This version cannot read it: {exc}. {WRITE_AGAIN}"
        raise ReceiptMissing(thing, str(path), why) from exc


def _to_json(part: object) -> dict[str, object]:
    """Give a dataclass as a JSON object; fields marked as omitted are left out at their default."""
    keys = {}
    for field in fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        if not (field.metadata.get("omitted") and value == field.default):
            keys[field.name] = value
    return keys


def _encode(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _to_json(value)
