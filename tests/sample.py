"""The sample inbox, and what a run on it gives: tests/sample_expected.json."""

import json

from include.config.settings import ROOT

INBOX = ROOT / "include" / "sample_inbox"
EXPECTED = json.loads((ROOT / "tests" / "sample_expected.json").read_text(encoding="utf-8"))
TAKEN = sum(page["outcome"] == "landed" for page in EXPECTED.values())
LANDED = sum(len(page["stories"]) for page in EXPECTED.values())
QUARANTINED = sum(len(page.get("quarantined", ())) for page in EXPECTED.values())
SIDECARS = len(list(INBOX.glob("*.meta.json")))
KNOWN = len(list(INBOX.iterdir())) - SIDECARS  # what a second run skips: files, not their records
