"""
Land a judged run in a lake of an object store, as another machine does: a process, a home.

Says on each line what was committed, and stops itself at the point it is told, to be killed there
or woken later. Ends with what landed, or with the error.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from include.errors import CopydeskError
from include.lake.delta import lease
from include.lake.landing.land import land_run
from include.pipeline.receipt_types import GateReceipt
from include.pipeline.receipts import read_receipt
from include.storage.locations import LakeStore

lake_at, gate_receipt, stop_at, lease_s = sys.argv[1:]
lease.LEASE_S = float(lease_s)
lease.BEAT_S, lease.POLL_S = lease.LEASE_S / 6, 0.1


def between(point: str) -> None:
    """Say what was committed; stop if told to."""
    print(point, flush=True)
    if point == stop_at:
        os.kill(os.getpid(), signal.SIGSTOP)


receipt = read_receipt(gate_receipt, GateReceipt)
lake = LakeStore(lake_at, lock=Path(gate_receipt).parent / "lock")
try:
    now = receipt.run.started_at + timedelta(minutes=1)
    landed = land_run(lake, receipt.gated, receipt.run, now, between)
    print("landed", landed.run_row["stories_landed"], flush=True)
except CopydeskError as exc:
    print(type(exc).__name__, exc, flush=True)
