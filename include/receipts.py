"""
Receipts: the small JSON files whose paths travel between steps, and the Arrow frames beside them.

Everything is written aside and renamed, so a step that is killed leaves either the whole file or
none, and a step that runs twice writes the same file again. Frames are written and read a record
batch at a time, so that memory does not follow the batch's size.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.errors import ReceiptMissing
from include.storage import told_plainly

GATE, CLOSED = "gate.json", "closed.json"  # what a gate leaves: one of them
KEY_CHARS = re.compile(r"[^A-Za-z0-9_.-]+")  # run ids of Airflow hold ':' and '+'

# Arrow's own allocator keeps what was freed: 70 MiB of the 550 that a judge took.
pa.set_memory_pool(pa.system_memory_pool())


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
    raise ReceiptMissing("intake of run", run_id, "A later run has looked at the inbox since.")


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
    """Write an Arrow table aside, a record batch a chunk, and rename it into place."""
    with open_frame(path, frame.schema) as write:
        for batch in frame.to_batches():
            write(batch)
    return path


@contextmanager
def open_frame(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """
    Open an Arrow file (IPC) for record batches given one at a time.

    It takes its name when the block has ended well. Not compressed: `zstd` and `lz4` took 5 ms a MB
    of the 80 that a page may take, and the files go once their run has landed.
    """
    with told_plainly("receipts", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        with pa.ipc.new_file(aside, schema) as out:
            yield out.write_batch
        os.replace(aside, path)


def as_batch(frame: pa.Table) -> pa.RecordBatch:
    """Give a table of some megabytes as one record batch, of no rows where it has none."""
    columns = [column.combine_chunks() for column in frame.columns]
    return pa.RecordBatch.from_arrays(columns, schema=frame.schema)


def read_frame(path: str | Path) -> Iterator[pa.RecordBatch]:
    """
    Read an Arrow file that `write_frame` or `open_frame` wrote, one record batch at a time.

    Raises:
        ReceiptMissing: no such file.
    """
    with _open(pa.OSFile, path) as source:
        frames = pa.ipc.open_file(source)
        for number in range(frames.num_record_batches):
            yield frames.get_batch(number)


def map_frame(path: str | Path) -> pa.Table:
    """
    Give an Arrow file as a table that lies in the file: what is not looked at is not read.

    Raises:
        ReceiptMissing: no such file.
    """
    with _open(pa.memory_map, path) as source:
        return pa.ipc.open_file(source).read_all()


def _open(how: Callable[[str], Any], path: str | Path) -> Any:
    try:
        return how(str(path))
    except FileNotFoundError as exc:
        raise ReceiptMissing("frame", str(path), "Clear the run's first task.") from exc


def drop_frames(folder: Path) -> None:
    """Remove the Arrow files of a run that has landed: the lake holds their rows."""
    for path in folder.glob("*.arrow"):
        path.unlink(missing_ok=True)


def _write_aside(path: Path, body: bytes) -> Path:
    with told_plainly("receipts", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.write_bytes(body)
        os.replace(aside, path)
    return path
