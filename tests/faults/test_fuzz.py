"""
Mutated files of every format: each is accounted for, and the rest of its inbox lands.

`benchmarks/fuzz/check.py` lists what must hold; `python -m benchmarks.fuzz` tries more of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from benchmarks.fuzz.check import SOUND, check_lake, ingest_lot, open_all, write_lot
from benchmarks.fuzz.formats import FORMATS
from benchmarks.fuzz.mutations import Input, make_input
from include.__main__ import main
from include.config.settings import Settings
from include.pipeline import split


def make_mixed(count: int, seed: int) -> list[Input]:
    kinds = [*FORMATS]
    return [make_input(kinds[n % len(kinds)], seed, n // len(kinds)) for n in range(count)]


def test_the_same_seed_makes_the_same_inputs() -> None:
    assert make_mixed(64, 3) == make_mixed(64, 3)
    assert make_mixed(64, 3) != make_mixed(64, 4)


def test_mutated_inputs_are_all_accounted_for(tmp_path: Path) -> None:
    lot = ingest_lot(make_mixed(160, seed=1), tmp_path / "lot")
    assert [result for result in lot.results if result.wrong] == []
    outcomes = {result.outcome for result in lot.results}
    assert {"landed", "unpacked", "rejected", "no_story"} <= outcomes, "mutations are too uniform"


def test_a_page_that_only_the_splitter_fails_on_counts_as_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = make_mixed(3, seed=1)
    real = split.split_pages

    def split_pages(pages: pa.Table, *args, **kwargs):
        if inputs[0].name in pages["name"].to_pylist():
            raise ValueError
        return real(pages, *args, **kwargs)

    monkeypatch.setattr(split, "split_pages", split_pages)
    wrong = [bool(result.wrong) for result in ingest_lot(inputs, tmp_path / "lot").results]
    assert wrong == [True, False, False]


@pytest.mark.faults
@pytest.mark.parametrize("kind", FORMATS)
def test_many_mutated_inputs_are_all_accounted_for(kind: str, tmp_path: Path) -> None:
    lot = ingest_lot([make_input(kind, 2, number) for number in range(125)], tmp_path / "lot")
    assert [result for result in lot.results if result.wrong] == []


@pytest.mark.faults
def test_the_command_counts_every_mutated_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = make_mixed(160, seed=5)
    write_lot(inputs, tmp_path / "inbox")
    monkeypatch.setenv("COPYDESK_SETTLE_S", "0")
    words = ["ingest", str(tmp_path / "inbox"), "--home", str(tmp_path / "home"), "--json"]
    opened = [word for rule in open_all().rules for word in ("--open-gate", rule)]

    assert main([*words, *opened]) == 0
    said = capsys.readouterr()
    counted = json.loads(said.out.splitlines()[-1])
    assert "Traceback" not in said.out + said.err
    out = ("taken", "rejected", "redelivered", "unpacked", "skipped", "waiting", "ignored")
    assert counted["files_seen"] == sum(counted[f"files_{name}"] for name in out)
    assert counted["files_seen"] >= len(inputs) + len(SOUND)
    results = check_lake(Settings(home=tmp_path / "home"), inputs)
    assert [result for result in results if result.wrong] == []

    assert main(words) == 0
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert counted["files_skipped"] == counted["files_seen"] == len(inputs) + len(SOUND)
