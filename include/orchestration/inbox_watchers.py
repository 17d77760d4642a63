"""
One trigger per inbox, all on the asset `inbox`.

Reads the YAML file of inboxes, if there is one: the only I/O while a DAG file is parsed.
"""

from __future__ import annotations

from pathlib import Path

from airflow.sdk import AssetWatcher

from include.config.inboxes import list_inboxes
from include.config.settings import Settings
from include.orchestration.inbox_trigger import InboxTrigger
from include.storage.locations import address


def locate(settings: Settings) -> str:
    """Return the URI of the asset `inbox`: the single inbox, or the file that lists several."""
    if settings.inboxes:
        return Path(settings.inboxes).as_uri()
    return address(settings.inbox)


def make_watchers(settings: Settings) -> list[AssetWatcher]:
    """Return a watcher for each inbox."""
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
