"""
Send alerts: to the URL and the addresses of the settings, once per cause until it is over.

The URL gets JSON whose `text` Slack, Mattermost and Teams show. Mail goes through the SMTP provider
and Airflow's connection `smtp_default`. An alert that cannot be sent never fails a task, and is
sent at its next report.
"""

from __future__ import annotations

import asyncio
import html
import logging
import os
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import BaseNotifier

from include.alerts.alert import Alert, Kind
from include.alerts.journal import Journal, Open
from include.alerts.rules import find_alerts
from include.config.settings import Settings, read_settings
from include.errors import CopydeskError, DiskFull, GateClosed, StorageRefused
from include.orchestration.posting import NOWHERE, post_notice
from include.pipeline.health import read_health, report_health

log = logging.getLogger("copydesk.alerts")

EACH_TASK = (Kind.TASK_FAILED, Kind.GATE_CLOSED)


class AlertNotifier(BaseNotifier):
    """Sends one alert by every way that the settings name; `sent` says whether one succeeded."""

    template_fields = ()

    def __init__(self, alert: Alert, settings: Settings) -> None:
        super().__init__()
        self.alert, self.settings, self.sent = alert, settings, False

    def notify(self, context: Any) -> None:
        """Post it and mail it."""
        self.sent = self._post()
        if self.settings.notify_mail:
            try:
                self._mail().notify(context)
                self.sent = True
            except Exception as exc:  # of whatever class: no server, no connection, no rights
                self._log_unsent(exc)

    async def async_notify(self, context: Any) -> None:
        """Post it and mail it from the triggerer, whose loop must not be blocked."""
        self.sent = await asyncio.to_thread(self._post)
        if self.settings.notify_mail:
            try:
                await self._mail().async_notify(context)
                self.sent = True
            except Exception as exc:  # as above
                self._log_unsent(exc)

    def _post(self) -> bool:
        alert, runbooks = self.alert, self.settings.runbooks
        content = {
            "text": alert.message(runbooks),
            "alert": alert.kind.value,
            "link": alert.link(runbooks),
        }
        return post_notice(self.settings.notify_url, content)

    def _mail(self) -> Any:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier

        alert, runbooks = self.alert, self.settings.runbooks
        lines = (alert.text + ".", alert.do, alert.link(runbooks))
        return SmtpNotifier(
            to=[word.strip() for word in self.settings.notify_mail.split(",") if word.strip()],
            subject=f"Copydesk: {alert.kind.value.replace('-', ' ')}",
            html_content="".join(f"<p>{html.escape(line)}</p>" for line in lines),
            mime_subtype="alternative",
        )

    def _log_unsent(self, exc: Exception) -> None:
        log.error("no mail was sent: %s. Check the connection smtp_default.", type(exc).__name__)


def open_journal(settings: Settings) -> Journal:
    """Return the journal of open alerts of a home."""
    return Journal(settings.home / "alerts")


def report_alert(alert: Alert, settings: Settings, context: Any, source: str) -> bool:
    """
    Send an alert unless one of its cause is open; return whether it was sent.

    Where the journal cannot be written (in the triggerer of docker-compose, or on a full disk), it
    is sent all the same.
    """

    def send(new: Alert) -> bool:
        notifier = AlertNotifier(new, settings)
        notifier.notify(context)
        return notifier.sent

    if not is_anybody_told(settings):
        return False
    try:
        return open_journal(settings).report(alert, datetime.now(UTC), send, source)
    except (DiskFull, StorageRefused):
        return send(alert)


def is_anybody_told(settings: Settings) -> bool:
    """Return whether the settings name a way to send alerts."""
    return settings.notify_url != NOWHERE or bool(settings.notify_mail)


def make_task_alert(dag_id: str, run_id: str, task_id: str, error: object) -> Alert:
    """Return the alert on a task that failed; its cause is the task and the class of the error."""
    where = f"{dag_id}.{task_id}"
    if isinstance(error, GateClosed):
        text = f"{error.thing} is closed in {dag_id}, run {run_id}"
        do = "Nothing of this run has landed; explain the figure."
        return Alert(Kind.GATE_CLOSED, f"{where}: {error.thing}", text, do)
    name = type(error).__name__ if isinstance(error, BaseException) else "unknown"
    thing = f" {error.thing}" if isinstance(error, CopydeskError) else ""
    text = f"{dag_id} failed at {task_id}, run {run_id} ({name})"
    return Alert(Kind.TASK_FAILED, f"{where}: {name}{thing}", text, "Its note says what to do.")


def close_alerts(dag_id: str, task_id: str, run_id: str) -> tuple[Open, ...]:
    """Close what earlier runs reported of a task that has succeeded now."""
    settings = read_settings(os.environ)
    if not is_anybody_told(settings):
        return ()
    over = open_journal(settings).end(EACH_TASK, f"{dag_id}.{task_id}: ", run_id)
    for entry in over:
        log.info("alert over: %s, open since %s", entry.kind, entry.since)
    return over


def check_home(settings: Settings, context: Any) -> str:
    """Check the home, send its figures as metrics and what is wrong as alerts; return a summary."""
    now = datetime.now(UTC)
    health = read_health(settings, now)
    found = list(find_alerts(health, settings.deadline_s))

    def send(alert: Alert) -> bool:
        log.error("ALERT %s: %s. %s", alert.kind, alert.text, alert.do)
        if not is_anybody_told(settings):
            return True
        notifier = AlertNotifier(alert, settings)
        notifier.notify(context)
        return notifier.sent

    try:
        over = open_journal(settings).settle(found, now, send)
    except (DiskFull, StorageRefused) as exc:
        log.error("the journal of alerts cannot be written, so each check sends: %s", exc)
        over = ()
        for alert in found:
            send(alert)
    report_health(settings, health)
    for entry in over:
        log.info("alert over: %s, open since %s", entry.kind, entry.since)
    return ", ".join(f"{alert.kind}: {alert.cause}" for alert in found) or "all well"
