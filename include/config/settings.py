"""
Every setting of Copydesk, in one frozen object.

Only the roof (`dags/`, `plugins/`, `__main__`, `orchestration/`) reads the environment, by
`read_settings`; rooms take plain arguments. A `COPYDESK_` variable that names no setting is an
error: a typo must not be a default in disguise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from include.errors import SettingInvalid, SettingUnknown, UsageWrong
from include.storage.locations import (
    LAKES,
    LakeStore,
    Place,
    Root,
    Store,
    check_text,
    is_url,
    parse_url,
)

PREFIX = "COPYDESK_"
HTML_TEXTS = ("whole", "main")
PROTOCOLS = ", ".join(f"{name}://" for name in LAKES)
ROOT = Path(__file__).resolve().parents[2]


def setting(
    default: Any,
    meaning: str,
    variable: str | None = None,
    per_inbox: bool = False,
    most: float = math.inf,
) -> Any:
    """
    Give a dataclass field that carries its meaning; .env.example is held against it.

    per_inbox: an entry of the file of the inboxes may say it for itself. most: of a number.
    """
    told = {"meaning": meaning, "variable": variable, "per_inbox": per_inbox, "most": most}
    return field(default=default, metadata=told)


def variable_of(known: Field[Any]) -> str:
    """Give the variable that a setting is read from."""
    return PREFIX + (known.metadata["variable"] or known.name.upper())


@dataclass(frozen=True)
class Settings:
    """
    One field a setting; the variable is `COPYDESK_` and the field's name in capitals, unless it
    says otherwise. A text that is empty means that the setting was not given.

    Sizes are bytes, times seconds. Relative paths count from the project's root.
    """

    home: Path = setting(ROOT / "data", "folder that holds all a run writes")
    lake_at: str = setting("", "folder or URL of the Delta tables; empty: in the home", "LAKE")
    inbox: Place = setting(ROOT / "data" / "inbox", "folder or URL that is watched for pages")
    inboxes: str = setting("", "YAML file of several inboxes; empty: the one above")
    settle_s: float = setting(
        2.0, "how long a file must lie still before it is taken (s)", per_inbox=True
    )
    max_page_bytes: int = setting(64 * 2**20, "a larger file is rejected (bytes)", per_inbox=True)
    batch_bytes: int = setting(32 * 2**20, "how much one mapped task gets (bytes)")
    max_batches: int = setting(1000, "mapped tasks a run at most; batches grow instead")
    max_members: int = setting(1_000_000, "members of one archive, nested ones counted")
    max_depth: int = setting(4, "archives in one another")
    max_expansion: int = setting(200, "bytes that may come out of one byte of an archive")
    max_unpacked_bytes: int = setting(16 * 2**30, "bytes that may come out of one archive")
    html_text: str = setting("whole", "what is read of HTML pages: whole or main", per_inbox=True)
    json_text: str = setting(
        "text,content,body", "fields of JSON records that may hold the text", per_inbox=True
    )
    json_outlet: str = setting("outlet,source,site_name,publisher", "… the outlet", per_inbox=True)
    json_url: str = setting("url,link", "… the address", per_inbox=True)
    json_title: str = setting("title,headline", "… the title", per_inbox=True)
    json_published_at: str = setting(
        "published_at,date_published,published,date", "… the time of publication", per_inbox=True
    )
    json_fetched_at: str = setting(
        "fetched_at,date_download,crawled_at", "… the time of fetching", per_inbox=True
    )
    outlet: str = setting("", "outlet of pages that name none; empty: none", per_inbox=True)
    outlet_folder: int = setting(
        0, "which folder of a file's path names the outlet, from 1; 0: none", per_inbox=True
    )
    workers: int = setting(1, "processes of `python -m include ingest`")
    poll_s: float = setting(2.0, "how often the trigger lists the inbox (s)")
    nag_s: float = setting(30.0, "how soon the trigger rings again if no run listed the inbox (s)")
    clock: str = setting("*/10 * * * *", "cron of the runs that no event started (UTC)")
    night: str = setting("30 3 * * *", "cron of the lake's tending (UTC)")
    review: str = setting("0 7 * * *", "cron of asking a person about what was set aside (UTC)")
    review_s: int = setting(
        20 * 3600,
        "how long a question waits for its answer; its receipts stay a day more (s)",
    )
    review_cases: int = setting(20, "questions asked at once; what is left is asked next time")
    notify_url: str = setting("none", "where questions and failures are posted as JSON")
    retention_days: int = setting(14, "files that left the lake are kept as long (days)")
    deadline_s: int = setting(3600, "a run longer than this raises an alert (s)")
    port: int = setting(8080, "where `make up` serves Airflow on this machine", most=65_535)
    keep_receipts_days: float = setting(30.0, "receipts of runs are kept so long (days)")
    memory_limit: str = setting("1GB", "DuckDB's memory in one process")

    @property
    def lake(self) -> Root:
        """Give where the Delta tables lie."""
        if is_url(self.lake_at):
            return LakeStore(self.lake_at, lock=self.home / "lake")
        return Path(self.lake_at) if self.lake_at else self.home / "lake"

    @property
    def warehouse(self) -> Path:
        """Give the path of the published DuckDB file."""
        return self.home / "warehouse.duckdb"

    @property
    def data_docs(self) -> Path:
        """Give the folder of the pages on runs at the gate."""
        return self.home / "data_docs"

    @property
    def ledger_index(self) -> Path:
        """Give the file of the ledger's index, a copy that may be removed."""
        return self.home / "index" / "ledger.sqlite"

    @property
    def receipts(self) -> Path:
        """Give the folder of the runs' receipts."""
        return self.home / "receipts"


def read_settings(environ: Mapping[str, str], **overrides: object) -> Settings:
    """
    Read the settings from `COPYDESK_*` variables; `overrides` win, None means not given.

    Args:
        overrides: what a command's options say, by the settings' names.
    Raises:
        SettingUnknown: a variable with our prefix names no setting.
        SettingInvalid: a value is not UTF-8, not of the setting's type, or outside its bounds.
        UsageWrong: an override is outside its bounds.
    """
    values = _read_variables(environ)
    options = {name: value for name, value in overrides.items() if value is not None}
    _check_options(options)
    if "inbox" in options:
        values["inboxes"] = ""  # one named inbox replaces those of the file
    values |= options
    if "inbox" not in values and "home" in values:
        values["inbox"] = Path(str(values["home"])) / "inbox"
    if values.get("html_text", "whole") not in HTML_TEXTS:
        way_out = f"Choose one of {', '.join(HTML_TEXTS)}."
        raise SettingInvalid(f"{PREFIX}HTML_TEXT", values["html_text"], way_out)
    return Settings(**values | _resolve_places(values))


def _read_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read all variables with our prefix; give values by the settings' names."""
    known = {variable_of(f): f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        if variable not in known:
            raise SettingUnknown("setting", variable, "The settings are listed in .env.example.")
        entry = known[variable]
        check_text(variable, text)
        value = read_value(variable, text, entry.default, entry.metadata["most"])
        values[entry.name] = value
    return values


def _check_options(options: Mapping[str, object]) -> None:
    """Raise `UsageWrong` if a number that a command was given is outside its bounds."""
    for option in fields(Settings):
        value, most = options.get(option.name), option.metadata["most"]
        if isinstance(value, (int, float)) and (way_out := _refuse(value, option.default, most)):
            raise UsageWrong(f"--{option.name}", value, way_out)


def _resolve_places(values: Mapping[str, Any]) -> dict[str, Any]:
    """Resolve the folders and URLs among some values."""
    places: dict[str, Any] = {
        name: _read_place(name, check_text(name, str(values[name])))
        for name in ("home", "inbox")
        if name in values
    }
    if values.get("inboxes"):
        places["inboxes"] = str(_read_folder(values["inboxes"]))
    if values.get("lake_at"):
        lake = _read_place("lake", values["lake_at"])
        if isinstance(lake, Store) and lake.protocol not in LAKES:
            raise SettingInvalid("lake", str(lake), f"Give a folder or one of {PROTOCOLS}.")
        places["lake_at"] = str(lake)
    return places


def _read_place(name: str, text: str) -> Place:
    """Read a folder or, except for the home, a URL."""
    if name != "home" and is_url(text):
        return parse_url(PREFIX + name.upper(), text)
    return _read_folder(text)


def _read_folder(text: str) -> Path:
    """Read a folder; a relative one starts at the project's root."""
    return (ROOT / Path(text).expanduser()).resolve()


def read_value(variable: str, text: str, default: object, most: float = math.inf) -> object:
    """Read one variable as the type of the setting's default."""
    if default == "":
        return text.strip()
    if isinstance(default, (str, Path)):
        if not text.strip():
            raise SettingInvalid(variable, text, "Give it a value or leave it unset.")
        return text.strip()
    try:
        number: float = float(text) if isinstance(default, float) else int(text)
    except ValueError as exc:
        kind = "number" if isinstance(default, float) else "whole number"
        raise SettingInvalid(variable, text, f"Give a {kind}; the default is {default}.") from exc
    if way_out := _refuse(number, default, most):
        raise SettingInvalid(variable, text, way_out)
    return number


def _refuse(number: float, default: object, most: float) -> str | None:
    """Return the way out if a number is outside its bounds, else None."""
    may_be_0 = isinstance(default, float) or default == 0
    if not number > 0 and not (number == 0 and may_be_0):
        return f"Give a number above 0; the default is {default}."
    return f"Give at most {most}; the default is {default}." if number > most else None
