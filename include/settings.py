"""
Every setting of Copydesk, in one frozen object.

Only the roof (`dags/`, `plugins/`, `__main__`, `orchestration/`) reads the environment, by
`read_settings`; rooms take plain arguments. A `COPYDESK_` variable that names no setting is an
error: a typo must not be a default in disguise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from include.errors import SettingInvalid, SettingUnknown

PREFIX = "COPYDESK_"
HTML_TEXTS = ("whole", "main")
ROOT = Path(__file__).resolve().parent.parent


def setting(default: Any, meaning: str) -> Any:
    """Give a dataclass field that carries its meaning; .env.example is held against it."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """
    One field a setting; the variable is `COPYDESK_` and the field's name in capitals.

    Sizes are bytes, times seconds. Relative paths count from the project's root.
    """

    home: Path = setting(ROOT / "data", "folder that holds all a run writes")
    inbox: Path = setting(ROOT / "data" / "inbox", "folder that is watched for pages")
    settle_s: float = setting(2.0, "how long a file must lie still before it is taken (s)")
    max_page_bytes: int = setting(64 * 2**20, "a larger file is rejected (bytes)")
    batch_bytes: int = setting(32 * 2**20, "how much one mapped task gets (bytes)")
    max_batches: int = setting(1000, "mapped tasks a run at most; batches grow instead")
    max_members: int = setting(1_000_000, "members of one archive, nested ones counted")
    max_depth: int = setting(4, "archives in one another")
    max_expansion: int = setting(200, "bytes that may come out of one byte of an archive")
    max_unpacked_bytes: int = setting(16 * 2**30, "bytes that may come out of one archive")
    html_text: str = setting("whole", "what is read of HTML pages: whole or main")
    json_text: str = setting("text,content,body", "fields of JSON records that may hold the text")
    json_outlet: str = setting("outlet,source,site_name,publisher", "… the outlet")
    json_url: str = setting("url,link", "… the address")
    json_title: str = setting("title,headline", "… the title")
    json_published_at: str = setting(
        "published_at,date_published,published,date", "… the time of publication"
    )
    json_fetched_at: str = setting("fetched_at,date_download,crawled_at", "… the time of fetching")
    outlet_folder: int = setting(
        0, "which folder of a file's path names the outlet, from 1; 0: none"
    )
    workers: int = setting(1, "processes of `python -m include ingest`")
    poll_s: float = setting(2.0, "how often the trigger lists the inbox (s)")
    nag_s: float = setting(30.0, "how soon the trigger rings again if no run listed the inbox (s)")
    clock: str = setting("*/10 * * * *", "cron of the runs that no event started (UTC)")
    night: str = setting("30 3 * * *", "cron of the lake's tending (UTC)")
    review: str = setting("0 7 * * *", "cron of asking a person about what was set aside (UTC)")
    review_s: int = setting(20 * 3600, "how long a question waits for its answer (s)")
    review_cases: int = setting(20, "questions asked at once; what is left is asked next time")
    notify_url: str = setting("none", "where questions and failures are posted as JSON")
    retention_days: int = setting(14, "files that left the lake are kept as long (days)")
    deadline_s: int = setting(3600, "a run longer than this raises an alert (s)")
    port: int = setting(8080, "where `make up` serves Airflow on this machine")
    keep_receipts_days: float = setting(30.0, "receipts of landed runs are kept so long (days)")
    memory_limit: str = setting("1GB", "DuckDB's memory in one process")

    @property
    def lake(self) -> Path:
        """Give the folder of the Delta tables."""
        return self.home / "lake"

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

    Raises:
        SettingUnknown: a variable with our prefix names no setting.
        SettingInvalid: a value cannot be read as the setting's type, or is not positive.
    """
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            raise SettingUnknown("setting", variable, "See .env.example for the names.")
        values[name] = _read_value(variable, text, known[name].default)
    values.update({name: value for name, value in overrides.items() if value is not None})
    if "inbox" not in values and "home" in values:
        values["inbox"] = Path(str(values["home"])) / "inbox"
    if values.get("html_text", "whole") not in HTML_TEXTS:
        way_out = f"Choose one of {', '.join(HTML_TEXTS)}."
        raise SettingInvalid(f"{PREFIX}HTML_TEXT", values["html_text"], way_out)
    for name in ("home", "inbox"):
        if name in values:
            values[name] = (ROOT / Path(str(values[name])).expanduser()).resolve()
    return Settings(**values)


def _read_value(variable: str, text: str, default: object) -> object:
    """Read one variable as the type of the setting's default."""
    if isinstance(default, (str, Path)):
        if not text.strip():
            raise SettingInvalid(variable, text, "Give it a value or leave it unset.")
        return type(default)(text) if isinstance(default, str) else Path(text)
    try:
        number: float = float(text) if isinstance(default, float) else int(text)
    except ValueError as exc:
        way_out = f"Give a number; the default is {default}."
        raise SettingInvalid(variable, text, way_out) from exc
    if number <= 0 and not (number == 0 and (isinstance(default, float) or default == 0)):
        raise SettingInvalid(variable, text, f"Must be above 0; the default is {default}.")
    return number
