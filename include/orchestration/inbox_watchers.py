"""
One doorbell an inbox, all on the one asset `inbox`.

Reads the file of the inboxes, if there is one: the only reading done while a DAG file is parsed.
"""

from __future__ import annotations

from pathlib import Path

from airflow.sdk import AssetWatcher

from include.config.inboxes import list_inboxes
from include.config.settings import Settings
from include.orchestration.inbox_trigger import InboxTrigger
from include.storage.locations import address


def locate(settings: Settings) -> str:
    """Give the URI of the asset `inbox`: the only inbox, or the file that names them."""
    if settings.inboxes:
        return Path(settings.inboxes).as_uri()
    return address(settings.inbox)


def hang(settings: Settings) -> list[AssetWatcher]:
    """Give a doorbell for each inbox."""
    inboxes = list_inboxes(settings)
    return [
        AssetWatcher(
            name="inbox_doorbell" if len(inboxes) == 1 else f"inbox_doorbell_{inbox.name}",
            trigger=InboxTrigger(
                inbox=str(inbox.place),
                receipts=str(settings.receipts),
                settle_s=inbox.settings.settle_s,
                poll_s=settings.poll_s,
                nag_s=settings.nag_s,
                connection=inbox.connection,
            ),
        )
        for inbox in inboxes
    ]
