"""
Measure the Story Desk under readers: time per page, CPU time, memory, the slowest queries.

    python -m benchmarks.desk [--stories 1000000] [--readers 20] [--think 2] [--minutes 10]
                              [--home FOLDER] [--publish 60]

Makes a warehouse of generated stories with its search index (benchmarks/desk_lake.py; kept in
--home for the next time), serves the desk in a process of its own, and lets readers open pages,
each with a pause of 2 s on average, while another process publishes new versions. Times are the
server's, from request to last byte. Memory over an hour: --minutes 60.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psutil
import uvicorn

from benchmarks.desk_lake import publish
from benchmarks.search import make_words
from include.config.settings import Settings, read_settings
from include.desk.standalone import make_standalone
from include.warehouse.search.place import has_index, index_folder
from include.warehouse.search.update import update_index
from include.warehouse.shared_reader import Reading

TOKEN, PORT = "benchmark", 8097
HEADERS = {"authorization": f"Bearer {TOKEN}"}
# what readers open, and how often
PAGES = {"morning": 2, "stories": 3, "search": 4, "facet": 3, "next": 2, "story": 6, "events": 1,
         "quality": 1, "quarantine": 1, "rule": 1, "lake": 1, "run": 1, "api": 2}  # fmt: skip
NAME = re.compile(r"^-- (\w+):", re.M)


def main() -> None:
    """Run one of the parts; without --part, all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--think", type=float, default=2.0, help="mean pause of a reader (s)")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--publish", type=float, default=60.0, help="pause between versions (s)")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "desk-bench")
    parser.add_argument("--part", choices=("serve", "publish"))
    arguments = parser.parse_args()
    settings = read_settings({}, home=arguments.home)
    if arguments.part == "serve":
        serve(settings)
    elif arguments.part == "publish":
        publish_again(settings, arguments.publish)
    else:
        measure(settings, arguments)


def measure(settings: Settings, arguments: argparse.Namespace) -> None:
    """Prepare, start server and publisher, read, report."""
    prepare(settings, arguments.stories)
    command = [sys.executable, "-m", "benchmarks.desk", "--home", str(settings.home), "--part"]
    pause = ["--publish", str(arguments.publish)]
    server = subprocess.Popen([*command, "serve"])
    publisher = subprocess.Popen([*command, "publish", *pause])
    try:
        memory = Memory(psutil.Process(server.pid))
        asyncio.run(read_pages(arguments))
        cpu = sum(psutil.Process(server.pid).cpu_times()[:2])
        memory.stop()
    finally:
        publisher.terminate()
        server.send_signal(signal.SIGINT)
        server.wait(60)
        publisher.wait(60)
    report(settings, cpu, memory)


def prepare(settings: Settings, stories: int) -> None:
    """Make the warehouse and its index unless they are there."""
    from benchmarks.desk_lake import make_warehouse

    if not settings.warehouse.exists():
        began = time.process_time()
        make_warehouse(settings, stories)
        print(f"made {stories:,} stories in {time.process_time() - began:,.0f} CPU s")
    if not has_index(index_folder(settings.warehouse)):
        began = time.process_time()
        update_index(settings.warehouse, "4GB")
        print(f"indexed in {time.process_time() - began:,.0f} CPU s")


class Memory:
    """The memory of a process, by minute (MiB)."""

    def __init__(self, process: psutil.Process) -> None:
        self.sizes: list[float] = []
        self._process, self._ended = process, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(60):
            self.sizes.append(self._process.memory_info().rss / 2**20)

    def stop(self) -> None:
        """Stop watching, after a last look."""
        self._ended.set()
        self._thread.join()
        self.sizes.append(self._process.memory_info().rss / 2**20)


async def read_pages(arguments: argparse.Namespace) -> None:
    """Let readers open pages for some minutes."""
    base = f"http://127.0.0.1:{PORT}"
    limits = httpx.Limits(max_connections=arguments.readers, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=base, headers=HEADERS, timeout=120, limits=limits, trust_env=False
    ) as client:
        await wait_for(client)
        until = time.monotonic() + arguments.minutes * 60
        readers = range(arguments.readers)
        await asyncio.gather(*(read(client, Random(n), arguments.think, until) for n in readers))


async def wait_for(client: httpx.AsyncClient) -> None:
    for _ in range(600):
        try:
            await client.get("/static/icon.svg")
        except httpx.ConnectError:
            await asyncio.sleep(0.2)
        else:
            return


async def read(client: httpx.AsyncClient, dice: Random, think: float, until: float) -> None:
    """Open pages as one reader does, until a time."""
    words, weights = make_words()
    story, after = "", ""
    while time.monotonic() < until:
        await asyncio.sleep(dice.expovariate(1 / think))
        word = dice.choices(words[50:], cum_weights=weights[50:], k=1)[0]
        kind = dice.choices(list(PAGES), weights=list(PAGES.values()), k=1)[0]
        paths = {
            "morning": "/", "stories": "/stories", "search": f"/stories?q={word}",
            "facet": f"/stories?outlet=Outlet+{dice.randrange(20)}&language=en",
            "next": f"/stories?after={after}", "events": "/events", "quality": "/quality",
            "story": f"/stories/{story}" if story else "/stories",
            "quarantine": "/quality/quarantine", "lake": "/lake",
            "rule": f"/quality/rules/rule.{dice.randrange(12):02d}",
            "run": f"/run?run=scheduled__{dice.randrange(365)}",
            "api": f"/api/stories?sort=confidence&most=0.{dice.randrange(1, 9)}",
        }  # fmt: skip
        answer = await client.get(paths[kind], headers={"x-kind": kind})
        if answer.status_code != 200:
            print(kind, paths[kind], answer.status_code)
        if found := re.findall(r"/stories/([0-9a-f]{24})", answer.text):
            story = dice.choice(found)
        if found := re.findall(r"after=([^\"&]+)\"", answer.text):
            after = found[-1]


def serve(settings: Settings) -> None:
    """Serve the desk; write what each request and each query took when it ends."""
    samples: list[tuple[str, float]] = []
    queries: list[tuple[str, float]] = []
    plain = Reading.ask

    def ask(self: Reading, sql: str, **values: object) -> list[dict[str, Any]]:
        began = time.perf_counter()
        try:
            return plain(self, sql, **values)
        finally:
            queries.append((NAME.findall(sql)[-1], time.perf_counter() - began))

    Reading.ask = ask  # type: ignore[method-assign]
    app = make_standalone(settings, TOKEN)

    async def timed(scope: Any, receive: Any, send: Any) -> None:
        began = time.perf_counter()
        await app(scope, receive, send)
        if scope["type"] == "http":
            kind = dict(scope["headers"]).get(b"x-kind", b"").decode()
            samples.append((kind, time.perf_counter() - began))

    with suppress(KeyboardInterrupt):
        uvicorn.run(timed, host="127.0.0.1", port=PORT, log_level="warning")
    out = {"samples": [s for s in samples if s[0]], "queries": queries}
    (settings.home / "samples.json").write_text(json.dumps(out))


def publish_again(settings: Settings, pause: float) -> None:
    """Publish new versions of the same files until terminated."""
    number = 2
    while True:
        time.sleep(pause)
        publish(settings, number)
        number += 1


def report(settings: Settings, cpu: float, memory: Memory) -> None:
    """Print the tables."""
    told = json.loads((settings.home / "samples.json").read_text())
    samples = told["samples"]
    print(f"{len(samples):,} requests, {cpu / len(samples) * 1e3:.0f} ms of CPU time per request")
    print("| page | requests | median ms | p95 ms |\n|---|---:|---:|---:|")
    for line in tabulate(samples, [*PAGES, "all"]):
        print(line)
    print("| query | times | median ms | p95 ms |\n|---|---:|---:|---:|")
    by_sum: dict[str, float] = {}
    for name, seconds in told["queries"]:
        by_sum[name] = by_sum.get(name, 0.0) + seconds
    for line in tabulate(told["queries"], sorted(by_sum, key=lambda n: -by_sum[n])[:8]):
        print(line)
    print("memory by minute (MiB):", " ".join(f"{size:.0f}" for size in memory.sizes))


def tabulate(samples: list[tuple[str, float]], names: list[str]) -> Iterator[str]:
    for name in names:
        times = sorted(seconds for kind, seconds in samples if name in (kind, "all"))
        if times:
            median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
            yield f"| {name} | {len(times):,} | {median * 1e3:.0f} | {p95 * 1e3:.0f} |"


if __name__ == "__main__":
    main()
