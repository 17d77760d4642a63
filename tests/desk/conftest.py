"""A home with landed stories, and the desk that shows it to a named user."""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from include.config.settings import ROOT, read_settings
from include.desk.access import User
from include.desk.app import make_app
from include.pipeline import steps
from include.terminal.analyze import run_analyze
from tests.pipeline.pages import GOOD, ingest

EDITOR = User("vera", may_read=True, may_write=True)
VIEWER = User("otto", may_read=True, may_write=False)
STRANGER = User("nina", may_read=False, may_write=False)
SAMPLES = (
    "01_three_stories_joined.txt", "02_same_story_again.txt", "05_aggregator.txt",
    "07_german_cp1252.txt", "08_greek.txt", "09_hostile.txt", "10_picture_named_txt.txt",
)  # fmt: skip
SECRET = b"a secret of the tests"


class Desk:
    """The app as one user meets it."""

    def __init__(self, settings, user):
        self.settings = settings
        self.app = make_app(settings, lambda: user, SECRET)

    def request(self, method, path, **more):
        async def send():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, **fields):
        return self.request("POST", path, data=fields)


@pytest.fixture(scope="session")
def landed(tmp_path_factory):
    """Settings of a home with the sample inbox and a story set aside; tests only read it."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "inbox").mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "include" / "sample_inbox" / name, folder / "inbox")
    dated = f"12 March 2095\n{GOOD}".replace("boat", "raft").replace("Boat", "Raft")
    (folder / "inbox" / "11_dated_ahead.txt").write_text(dated, encoding="utf-8")
    settings = replace(read_settings({}, home=folder), inbox=folder / "inbox", settle_s=0.0)
    ingest(settings, "first", datetime.now(UTC))
    steps.publish(settings)
    run_analyze(settings, as_json=True)
    return settings


@pytest.fixture(scope="session")
def desk(landed):
    return Desk(landed, EDITOR)
