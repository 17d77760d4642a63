"""When a figure of a home is an alert."""

from __future__ import annotations

from dataclasses import replace

import pytest

from include.alerts.alert import CHECKED, Alert, Kind
from include.alerts.rules import Health, find_alerts
from include.config.settings import ROOT

WELL = Health(free_bytes=500_000_000_000, is_disk_low=False, behind_s=0.0)
STALE_S = 3600.0
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def kinds(**changes: object) -> list[Kind]:
    return [alert.kind for alert in find_alerts(replace(WELL, **changes), STALE_S)]


def test_a_home_that_is_well_raises_nothing() -> None:
    assert kinds(waiting=500, new_waiting=19, usual_per_day=0.0, behind_s=3600.0) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"is_disk_low": True}, Kind.DISK_LOW),
        ({"behind_s": 3601.0}, Kind.WAREHOUSE_STALE),
        ({"new_waiting": 20, "usual_per_day": 9.9}, Kind.QUARANTINE_GROWING),
        ({"silent": (("Herald", 9),)}, Kind.OUTLET_SILENT),
    ],
)
def test_each_bound_raises_its_kind(changes, kind) -> None:
    assert kinds(**changes) == [kind]


def test_a_quarantine_as_large_as_usual_raises_nothing() -> None:
    assert kinds(new_waiting=200, usual_per_day=100.0) == []


def test_every_kind_that_is_checked_has_a_rule() -> None:
    wrong = replace(
        WELL, is_disk_low=True, behind_s=1e6, new_waiting=99, silent=(("Herald", 9), ("Post", 3))
    )
    found = list(find_alerts(wrong, STALE_S))
    assert {alert.kind for alert in found} == set(CHECKED)
    assert len({(alert.kind, alert.cause) for alert in found}) == len(found) == 5


def anchor(heading: str) -> str:
    return heading.strip().lower().replace(" ", "-")


@pytest.mark.parametrize("kind", Kind)
def test_every_alert_links_to_a_runbook_that_exists(kind) -> None:
    link = Alert(kind, "c", "t", "Do.").link("docs/operations.md")
    anchors = {anchor(line.lstrip("# ")) for line in PAGE.splitlines() if line.startswith("#")}
    assert link.partition("#")[2] in anchors
