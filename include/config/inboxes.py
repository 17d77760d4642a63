"""
The inboxes of a run, each with settings of its own: from one YAML file, or the one of the settings.

Whoever runs a step without Airflow gives no connection: then a store's library looks at the
environment's usual variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from include.config.settings import HTML_TEXTS, ROOT, Settings, read_value
from include.errors import MALFORMED_YAML, SettingInvalid
from include.storage.locations import BUCKETS, Place, Store, check_text, is_url, parse_url

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MOST = 50  # one doorbell each; Airflow maps a run's batches, which all inboxes share
ALONE = "inbox"  # the name of the only one
TICK_S = 1.0  # S3 tells time in whole seconds


@dataclass(frozen=True)
class Inbox:
    """
    One inbox.

    name: unique; shown, and stored nowhere but in receipts. settings: all of them, with those that
    its entry says for itself. connection: the id of an Airflow connection, from which only
    Airflow's own processes can take user and password.
    """

    name: str
    place: Place
    settings: Settings
    connection: str | None = None


def list_inboxes(settings: Settings) -> tuple[Inbox, ...]:
    """
    Give the settings' inboxes, at least one, in the file's order.

    Raises:
        SettingInvalid: the file cannot be read, or says something that is no setting of an inbox;
            or an inbox is a bucket whose objects would be taken within a tick of its clock.
    """
    if not settings.inboxes:
        return (_check_settles(Inbox(ALONE, settings.inbox, settings)),)
    import yaml

    file = settings.inboxes
    try:
        told = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, *MALFORMED_YAML) as exc:
        way_out = f"Name a YAML file that can be read ({type(exc).__name__})."
        raise SettingInvalid("COPYDESK_INBOXES", file, way_out) from exc
    entries = told.get("inboxes") if isinstance(told, dict) and len(told) == 1 else None
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST:
        way_out = f"The file must hold one key, `inboxes`, with a list of 1 to {MOST} entries."
        raise SettingInvalid("COPYDESK_INBOXES", file, way_out)
    inboxes = tuple(
        _check_settles(_Entry(file, number, told).read(settings))
        for number, told in enumerate(entries, 1)
    )
    _check_unique(file, [inbox.name for inbox in inboxes], "name")
    _check_unique(file, [str(inbox.place) for inbox in inboxes], "url")
    return inboxes


OWN = {f.name: f for f in fields(Settings) if f.metadata["per_inbox"]}
KEYS = ("name", "url", "connection", *OWN)


@dataclass(frozen=True)
class _Entry:
    """One entry of the file, and where it stands: errors name both."""

    file: str
    number: int
    told: Any

    def read(self, settings: Settings) -> Inbox:
        """Give the inbox; what the entry leaves out is as in the settings."""
        if not isinstance(self.told, Mapping):
            raise self._refuse("entry", self.told, f"Give it the keys {', '.join(KEYS)}.")
        for key in self.told:
            if key not in KEYS:
                raise self._refuse("key", key, f"The keys are {', '.join(KEYS)}.")
        name, url = self.told.get("name"), self.told.get("url")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise self._refuse("name", name, "Give 1 to 40 of a-z, 0-9, '-' and '_'.")
        if not isinstance(url, str) or not url.strip():
            raise self._refuse("url", url, "Give a folder, or a URL such as s3://bucket/folder.")
        own = {key: self._read_own(key) for key in self.told if key in OWN}
        place = self._read_place(url)
        return Inbox(name, place, replace(settings, **own), self._read_connection(url))

    def _read_place(self, url: str) -> Place:
        where = f"url of inbox {self.number} in {self.file}"
        check_text(where, url)
        if is_url(url):
            return parse_url(where, url)
        return (ROOT / Path(url).expanduser()).resolve()

    def _read_own(self, key: str) -> Any:
        """Read a setting as the variable of its name would be read."""
        told, default = self.told[key], OWN[key].default
        kinds = (str,) if isinstance(default, str) else (int, float)
        if isinstance(told, bool) or not isinstance(told, kinds):
            raise self._refuse(key, told, f"Give a value like the default, {default!r}.")
        if key == "html_text" and told not in HTML_TEXTS:
            raise self._refuse(key, told, f"Choose one of {', '.join(HTML_TEXTS)}.")
        try:
            return read_value(key, str(told), default)
        except SettingInvalid as exc:
            raise self._refuse(key, told, exc.way_out) from exc

    def _read_connection(self, url: str) -> str | None:
        told = self.told.get("connection")
        if told is None:
            return None
        if not isinstance(told, str) or not told.strip() or not is_url(url):
            way_out = "Give the id of an Airflow connection, and only to an inbox that is a URL."
            raise self._refuse("connection", told, way_out)
        return told.strip()

    def _refuse(self, key: str, told: object, way_out: str) -> SettingInvalid:
        return SettingInvalid(f"{key} of inbox {self.number} in {self.file}", told, way_out)


def _check_settles(inbox: Inbox) -> Inbox:
    """
    An object of a bucket that was delivered is known by its size and time alone.

    One that is written again at equal size within a tick would be skipped for ever, unless the
    first was taken after the tick.
    """
    is_bucket = isinstance(inbox.place, Store) and inbox.place.protocol in BUCKETS
    settle_s = inbox.settings.settle_s
    if is_bucket and settle_s < TICK_S:
        way_out = f"A bucket's clock counts whole seconds: give at least {TICK_S:g} s."
        raise SettingInvalid(f"settle time of {inbox.name} ({inbox.place})", settle_s, way_out)
    return inbox


def _check_unique(file: str, values: list[str], key: str) -> None:
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        way_out = f"Two inboxes have it: give every inbox a {key} of its own."
        raise SettingInvalid(f"{key} of an inbox in {file}", twice, way_out)
