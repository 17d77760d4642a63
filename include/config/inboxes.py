"""
The inboxes of a run, each with its own settings: those of a YAML file, or the one of `Settings`.

Without Airflow there are no connections: a store's library then reads the usual environment
variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from include.config.settings import CHOICES, ROOT, Settings
from include.config.values import read_value
from include.errors import MALFORMED_YAML, SettingInvalid
from include.storage.locations import BUCKETS, Place, Store, check_text, is_url, parse_url

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MOST = 50  # each has a trigger of its own; batches are shared by all inboxes of a run
ALONE = "inbox"  # name of the inbox if there is only one
TICK_S = 1.0  # S3 has modification times in whole seconds


@dataclass(frozen=True)
class Inbox:
    """
    One inbox.

    name: unique; shown to people, and stored in receipts only. settings: all settings, with those
    that its entry overrides. connection: the id of an Airflow connection, from which only Airflow's
    own processes can read user and password.
    """

    name: str
    place: Place
    settings: Settings
    connection: str | None = None


def list_inboxes(settings: Settings) -> tuple[Inbox, ...]:
    """
    List the inboxes of the settings, at least one, in the file's order.

    Raises:
        SettingInvalid: the file cannot be read, or an entry has something that is no setting of an
            inbox; or the inbox is a bucket and its settle time is below the bucket clock's tick.
    """
    if not settings.inboxes:
        return (_check_settle_time(Inbox(ALONE, settings.inbox, settings)),)
    import yaml

    file = settings.inboxes
    try:
        content = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, *MALFORMED_YAML) as exc:
        way_out = f"Name a YAML file that can be read ({type(exc).__name__})."
        raise SettingInvalid("COPYDESK_INBOXES", file, way_out) from exc
    entries = content.get("inboxes") if isinstance(content, dict) and len(content) == 1 else None
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST:
        way_out = f"The file must hold one key, `inboxes`, with a list of 1 to {MOST} entries."
        raise SettingInvalid("COPYDESK_INBOXES", file, way_out)
    inboxes = tuple(
        _check_settle_time(_Entry(file, number, entry).read(settings))
        for number, entry in enumerate(entries, 1)
    )
    _check_unique(file, [inbox.name for inbox in inboxes], "name")
    _check_unique(file, [str(inbox.place) for inbox in inboxes], "url")
    return inboxes


OWN = {f.name: f for f in fields(Settings) if f.metadata["per_inbox"]}
KEYS = ("name", "url", "connection", *OWN)


@dataclass(frozen=True)
class _Entry:
    """One entry of the file, and its position, which errors name."""

    file: str
    number: int
    content: Any

    def read(self, settings: Settings) -> Inbox:
        """Return the inbox; what the entry leaves out comes from the settings."""
        if not isinstance(self.content, Mapping):
            raise self._refuse("entry", self.content, f"Give it the keys {', '.join(KEYS)}.")
        for key in self.content:
            if key not in KEYS:
                raise self._refuse("key", key, f"The keys are {', '.join(KEYS)}.")
        name, url = self.content.get("name"), self.content.get("url")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise self._refuse("name", name, "Give 1 to 40 of a-z, 0-9, '-' and '_'.")
        if not isinstance(url, str) or not url.strip():
            raise self._refuse("url", url, "Give a folder, or a URL such as s3://bucket/folder.")
        own = {key: self._read_own(key) for key in self.content if key in OWN}
        place = self._read_place(url)
        return Inbox(name, place, replace(settings, **own), self._read_connection(url))

    def _read_place(self, url: str) -> Place:
        where = f"url of inbox {self.number} in {self.file}"
        check_text(where, url)
        if is_url(url):
            return parse_url(where, url)
        return (ROOT / Path(url).expanduser()).resolve()

    def _read_own(self, key: str) -> Any:
        """Read a setting as its variable would be read."""
        value, default = self.content[key], OWN[key].default
        kinds = (str,) if isinstance(default, str) else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise self._refuse(key, value, f"Give a value like the default, {default!r}.")
        if key in CHOICES and value not in CHOICES[key]:
            raise self._refuse(key, value, f"Choose one of {', '.join(CHOICES[key])}.")
        try:
            return read_value(key, str(value), default)
        except SettingInvalid as exc:
            raise self._refuse(key, value, exc.way_out) from exc

    def _read_connection(self, url: str) -> str | None:
        connection = self.content.get("connection")
        if connection is None:
            return None
        if not isinstance(connection, str) or not connection.strip() or not is_url(url):
            way_out = "Give the id of an Airflow connection, and only to an inbox that is a URL."
            raise self._refuse("connection", connection, way_out)
        return connection.strip()

    def _refuse(self, key: str, value: object, way_out: str) -> SettingInvalid:
        return SettingInvalid(f"{key} of inbox {self.number} in {self.file}", value, way_out)


def _check_settle_time(inbox: Inbox) -> Inbox:
    """
    Refuse to read a bucket's objects within the tick of its clock in which they were written.

    A known object is recognised by size and time alone. If it were read, and then rewritten with
    the same size in the same tick, the new content would be skipped for ever.
    """
    is_bucket = isinstance(inbox.place, Store) and inbox.place.protocol in BUCKETS
    settle_s = inbox.settings.settle_s
    if is_bucket and settle_s < TICK_S:
        way_out = f"A bucket's clock counts whole seconds: give at least {TICK_S:g} s."
        raise SettingInvalid(f"settle time of {inbox.name} ({inbox.place})", settle_s, way_out)
    return inbox


def _check_unique(file: str, values: list[str], key: str) -> None:
    repeated = next((value for value in values if values.count(value) > 1), None)
    if repeated is not None:
        way_out = f"Two inboxes have it: give every inbox a {key} of its own."
        raise SettingInvalid(f"{key} of an inbox in {file}", repeated, way_out)
