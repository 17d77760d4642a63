"""
A headless Chromium, driven over its DevTools protocol: opens pages, types, presses buttons.

Needs `chromium` (of Debian) and websockets, which Airflow brings.
"""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 60.0
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--no-proxy-server", "--window-size=1400,2400",
    "--remote-debugging-port=0",
)  # fmt: skip


class Page:
    """One page of the browser; `document` is what selectors search: its own, or a frame's."""

    document = "document"

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)

    def enter(self, frame: str) -> None:
        """Search a frame of the page from now on, which is of the same origin."""
        self.document = f"document.querySelector({json.dumps(frame)})?.contentDocument"

    def leave(self) -> None:
        """Search the page itself again."""
        self.document = "document"

    def find(self, selector: str) -> str:
        """Return the expression of an element."""
        return f"{self.document}?.querySelector({json.dumps(selector)})"

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol; return its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE_S))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression on the page."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def wait(self, script: str, seconds: float = PATIENCE_S) -> Any:
        """Evaluate an expression until it is true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if value := self.evaluate(script):
                return value
            time.sleep(0.2)
        raise AssertionError(f"never true: {script}\n{self.text()[-2000:]}")

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def text(self) -> str:
        """Return the text that the page shows."""
        return str(self.evaluate(f"{self.document}?.body?.innerText"))

    def press(self, selector: str) -> None:
        """Press the mouse on an element, as a person would."""
        find = self.find(selector)
        self.wait(f"!!{find} && !{find}.disabled")
        self.evaluate(f"{find}.scrollIntoView({{block: 'center'}})")
        box = self.centre(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind, x=box[0], y=box[1], button="left", clickCount=1,
            )  # fmt: skip

    def centre(self, selector: str) -> list[float]:
        """Return where the middle of an element is in the window, also if it is in a frame."""
        box: list[float] = self.evaluate(f"""(element => {{
            const box = element.getBoundingClientRect();
            const frame = element.ownerDocument.defaultView.frameElement;
            const at = frame ? frame.getBoundingClientRect() : {{x: 0, y: 0}};
            return [at.x + box.x + box.width / 2, at.y + box.y + box.height / 2];
        }})({self.find(selector)})""")
        return box

    def drag(self, start: str, end: str) -> None:
        """Drag one element onto another."""
        places = (("Pressed", start), ("Moved", end), ("Released", end))
        for kind, (x, y) in ((kind, self.centre(element)) for kind, element in places):
            self.call("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, button="left",
                      buttons=1, clickCount=1)  # fmt: skip

    def type(self, selector: str, text: str) -> None:
        """Replace what a field holds."""
        self.press(selector)
        self.evaluate(f"{self.find(selector)}.select()")
        self.call("Input.insertText", text=text)

    def resize(self, width: int, height: int, theme: str) -> None:
        """Change the window, and what the system says of its theme."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        feature = {"name": "prefers-color-scheme", "value": theme}
        self.call("Emulation.setEmulatedMedia", features=[feature])

    def show(self, path: Path) -> None:
        """Save a screenshot."""
        path.parent.mkdir(parents=True, exist_ok=True)
        image = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(image["data"]))


@contextmanager
def open_browser(profile: Path) -> Iterator[Page]:
    """Start a browser with a profile of its own; end it with the block."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed: apt-get install chromium")
    command = [found, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port = _read_port(profile / "DevToolsActivePort")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/json/list", timeout=PATIENCE_S) as told:
            address = next(t for t in json.load(told) if t["type"] == "page")
        with connect(address["webSocketDebuggerUrl"], max_size=None, proxy=None) as socket:
            page = Page(socket)
            page.call("Page.enable")
            page.call("Emulation.setFocusEmulationEnabled", enabled=True)
            yield page
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def _read_port(file: Path) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if file.exists() and file.read_text().strip():
            return int(file.read_text().split()[0])
        time.sleep(0.1)
    raise AssertionError("The browser opened no port for DevTools.")
