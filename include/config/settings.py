"""
Every setting of Copydesk, in one frozen object.

Only `dags/`, `plugins/`, `__main__` and `orchestration/` read the environment, with
`read_settings`; other rooms take plain arguments. A `COPYDESK_` variable that names no setting is
an error, so that a typo does not silently mean the default.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from include.config.values import read_value, refuse_number
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
KEEP, REVISE = "keep", "revise"
OFF, OTLP, LOGS = "off", "otlp", ("text", "json")
CHOICES = {"html_text": HTML_TEXTS, "same_url": (KEEP, REVISE),
           "telemetry": (OFF, OTLP), "log_format": LOGS}  # fmt: skip
JOBS = ("resplit", "analyze", "tend")  # that can run on Spark
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
    Define a field of `Settings`; a test compares its meaning and default with .env.example.

    per_inbox: whether an entry of the inboxes' file may set it too. most: the highest number.
    """
    metadata = {"meaning": meaning, "variable": variable, "per_inbox": per_inbox, "most": most}
    return field(default=default, metadata=metadata)


def variable_of(known: Field[Any]) -> str:
    """Return the name of the variable that a setting is read from."""
    return PREFIX + (known.metadata["variable"] or known.name.upper())


@dataclass(frozen=True)
class Settings:
    """
    One setting per field. Its variable is `COPYDESK_` and the field's name in capitals, unless the
    field names another.

    Sizes are in bytes, times in seconds. Relative paths start at the project's root.
    """

    home: Path = setting(ROOT / "data", "folder for everything that runs write")
    lake_at: str = setting("", "folder or URL of the Delta tables; empty: in the home", "LAKE")
    inbox: Place = setting(ROOT / "data" / "inbox", "folder or URL to read pages from")
    inboxes: str = setting("", "YAML file of several inboxes; empty: only the one above")
    settle_s: float = setting(
        2.0, "how long a file must be unchanged before it is read (s)", per_inbox=True
    )
    max_page_bytes: int = setting(
        64 * 2**20, "size above which a file is rejected (bytes)", per_inbox=True
    )
    batch_bytes: int = setting(32 * 2**20, "size of the batch that one mapped task gets (bytes)")
    max_batches: int = setting(1000, "most mapped tasks per run; then batches grow")
    max_members: int = setting(1_000_000, "most members of one archive, including nested ones")
    max_depth: int = setting(4, "most levels of archives inside archives")
    max_expansion: int = setting(200, "most bytes unpacked per byte of an archive")
    max_unpacked_bytes: int = setting(16 * 2**30, "most bytes unpacked from one archive")
    html_text: str = setting(
        "whole", "which text of HTML pages to read: whole or main", per_inbox=True
    )
    json_text: str = setting(
        "text,content,body", "fields of JSON records that may contain the text", per_inbox=True
    )
    json_outlet: str = setting("outlet,source,site_name,publisher", "… the outlet", per_inbox=True)
    json_url: str = setting("url,link", "… the URL", per_inbox=True)
    json_title: str = setting("title,headline", "… the title", per_inbox=True)
    json_published_at: str = setting(
        "published_at,date_published,published,date", "… the time of publication", per_inbox=True
    )
    json_fetched_at: str = setting(
        "fetched_at,date_download,crawled_at", "… the time of fetching", per_inbox=True
    )
    same_url: str = setting(
        KEEP,
        "what becomes of an earlier page with the same URL and another name: keep or revise",
        per_inbox=True,
    )
    outlet: str = setting(
        "", "outlet of pages that nothing else assigns to one; empty: none", per_inbox=True
    )
    outlet_folder: int = setting(
        0, "which folder in a file's path names the outlet, from 1; 0: none", per_inbox=True
    )
    workers: int = setting(1, "number of processes of `python -m include ingest`")
    poll_s: float = setting(2.0, "how often the trigger lists the inbox (s)")
    nag_s: float = setting(30.0, "when the trigger fires again if no run started (s)")
    clock: str = setting("*/10 * * * *", "cron schedule of ingest runs that no event starts (UTC)")
    night: str = setting("30 3 * * *", "cron schedule of the lake's maintenance (UTC)")
    review: str = setting("0 7 * * *", "cron schedule of questions about quarantined stories (UTC)")
    review_s: int = setting(
        20 * 3600, "how long a question waits; its receipts stay one day longer (s)"
    )
    review_cases: int = setting(20, "most questions asked at a time; the rest wait")
    notify_url: str = setting("none", "URL to which questions and alerts are posted (JSON)")
    notify_mail: str = setting("", "addresses that alerts are mailed to, with commas; empty: none")
    runbooks: str = setting("docs/operations.md", "page with the runbooks that alerts link to")
    watch: str = setting("*/15 * * * *", "cron schedule of the checks that raise alerts (UTC)")
    telemetry: str = setting(OFF, "metrics and traces by OpenTelemetry: off or otlp")
    log_format: str = setting("text", "log lines of commands on standard error: text or json")
    retention_days: int = setting(14, "days to keep files removed from the lake")
    deadline_s: int = setting(3600, "duration above which a run raises an alert (s)")
    port: int = setting(8080, "port on which `make up` serves Airflow", most=65_535)
    keep_receipts_days: float = setting(30.0, "days to keep receipts of runs")
    memory_limit: str = setting("1GB", "memory limit of DuckDB in one process")
    spark_jobs: str = setting(
        "", "jobs that run on Spark: resplit, analyze, tend, comma-separated; empty: none"
    )
    spark_url: str = setting("", "URL of the Spark cluster's master; empty: that of spark-submit")

    @property
    def lake(self) -> Root:
        """The folder or store of the Delta tables."""
        if is_url(self.lake_at):
            return LakeStore(self.lake_at, lock=self.home / "lake")
        return Path(self.lake_at) if self.lake_at else self.home / "lake"

    @property
    def spark_job_names(self) -> tuple[str, ...]:
        """The jobs that run on Spark."""
        return tuple(name.strip() for name in self.spark_jobs.split(",") if name.strip())

    @property
    def warehouse(self) -> Path:
        """The path of the published DuckDB file."""
        return self.home / "warehouse.duckdb"

    @property
    def ledger_index(self) -> Path:
        """The file of the ledger's index, which can be rebuilt if removed."""
        return self.home / "index" / "ledger.sqlite"

    @property
    def receipts(self) -> Path:
        """The folder of the runs' receipts."""
        return self.home / "receipts"


def read_settings(environ: Mapping[str, str], **overrides: object) -> Settings:
    """
    Read the settings from `COPYDESK_*` variables and a command's options, which take precedence.

    Args:
        overrides: options by the names of their settings; None: not given.
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
    for name, choices in CHOICES.items():
        if values.get(name, choices[0]) not in choices:
            way_out = f"Choose one of {', '.join(choices)}."
            raise SettingInvalid(PREFIX + name.upper(), values[name], way_out)
    settings = Settings(**values | _resolve_places(values))
    if unknown := sorted(set(settings.spark_job_names) - set(JOBS)):
        raise SettingInvalid(f"{PREFIX}SPARK_JOBS", unknown[0], f"Choose among {', '.join(JOBS)}.")
    return settings


def _read_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read all variables with our prefix; return values by names of settings."""
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
        if isinstance(value, (int, float)) and (
            way_out := refuse_number(value, option.default, most)
        ):
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
