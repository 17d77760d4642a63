"""
Receipts: the small JSON files whose paths travel between steps, and the Arrow frames beside them.

Everything is written aside and renamed, so a step that is killed leaves either the whole file or
none, and a step that runs twice writes the same file again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.errors import ReceiptMissing

KEY_CHARS = re.compile(r"[^A-Za-z0-9_.-]+")  # run ids of Airflow hold ':' and '+'


def run_key(run_id: str) -> str:
    """Give a folder name for a run: readable, safe as a path, and never shared by two run ids."""
    digest = hashlib.sha256(run_id.encode()).hexdigest()[:8]
    return f"{KEY_CHARS.sub('-', run_id).strip('-.')[:80]}-{digest}"


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
        raise ReceiptMissing(f"receipt of {step}", str(path), f"It is of {content.get('step')!r}.")
    return content


def write_frame(path: Path, frame: pa.Table) -> Path:
    """Write an Arrow table (IPC file, zstd) aside and rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with pa.ipc.new_file(
        aside, frame.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
    ) as out:
        out.write_table(frame)
    os.replace(aside, path)
    return path


def read_frame(path: str | Path) -> pa.Table:
    """
    Read an Arrow table that `write_frame` wrote.

    Raises:
        ReceiptMissing: no such file.
    """
    try:
        with pa.OSFile(str(path), "rb") as source:
            return pa.ipc.open_file(source).read_all()
    except FileNotFoundError as exc:
        raise ReceiptMissing("frame", str(path), "Clear the run's first task.") from exc


def _write_aside(path: Path, body: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(body)
    os.replace(aside, path)
    return path
