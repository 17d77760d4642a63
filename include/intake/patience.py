"""Wait for files that lie still only just: a person who has copied them now wants them now."""

import time
from datetime import UTC, datetime

from include.intake.listed import UNSETTLED
from include.intake.listing import list_files
from include.place import Place, Store

LOOKS = 10  # in one settle time
LOOKS_AT_STORE = 1  # each lists the whole store, by requests that may be paid for
PATIENCE = 2  # settle times; a file that still grows then waits for the next run


def wait_until_settled(inbox: Place, settle_s: float) -> None:
    """
    Wait until every file of an inbox has lain still, two settle times at most.

    Raises:
        InboxMissing: the inbox is no folder that can be listed.
    """
    looks = LOOKS_AT_STORE if isinstance(inbox, Store) else LOOKS
    for _ in range(PATIENCE * looks):
        waiting = list_files(inbox, settle_s, datetime.now(UTC)).waiting
        if not any(reason == UNSETTLED for _, reason in waiting):
            return
        time.sleep(settle_s / looks)
