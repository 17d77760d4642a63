"""Stories to analyse, and analyses of a small lake: whole, or killed at a point."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from include.config.settings import Settings
from include.lake.marts.land import MartOutput, land_mart
from include.pipeline import analysis, grouping, pairing
from include.pipeline.analysis_receipts import AnalyzeReceipt, ChooseReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from tests.killing import Killed, kill_at

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
WIRE = " ".join(f"wire{number}" for number in range(60))
OTHER = " ".join(f"other{number}" for number in range(45))
TEXTS = (
    f"S One|{WIRE}\nadvert",
    f"S Two|{WIRE.replace('wire7 ', 'seven ')}\nS Three|{OTHER}",
    f"S Three|{OTHER}\nQ Four|No.",
    f"advert\nS Again|{WIRE}",
    f"S Both|{WIRE} {OTHER} {OTHER.upper()} end",
    "only chrome",
    "<html>",
    "S Dated|It sank on Friday, and on 3 May 2026.\nT 2 days ago",
)
POINTS = (
    "left", "signatures", "analyses", "text_pairs", "paired",
    "event_changes", "event_members",
)  # fmt: skip


def make_settings(home: Path) -> Settings:
    """Make the folder, and give settings with it as home."""
    home.mkdir(exist_ok=True)
    return replace(Settings(), home=home)


def prepare(settings: Settings, run_id: str) -> tuple[Path, list[Path]]:
    """Choose and analyse; give the receipts that landing takes."""
    chosen = analysis.choose(settings, run_id, NOW)
    batches = read_receipt(chosen, ChooseReceipt).batches
    return chosen, [analysis.analyze(settings, batch) for batch in batches]


def analyse(settings: Settings, run_id: str) -> MartsReceipt:
    """Run a whole analysis."""
    chosen, analyzed = prepare(settings, run_id)
    landed = analysis.land(settings, chosen, analyzed, NOW)
    paired = pairing.pair(settings, landed, NOW)
    return read_receipt(grouping.group(settings, paired, NOW), MartsReceipt)


def analyse_and_die(settings: Settings, run_id: str, point: str) -> None:
    """Land an analysis up to a point, where it is killed."""
    chosen, analyzed = prepare(settings, run_id)
    parts = [read_receipt(path, AnalyzeReceipt) for path in analyzed]
    for plan in read_receipt(chosen, ChooseReceipt).plans:
        frames = tuple(p.rows[plan.mart] for p in parts if plan.mart in p.rows)
        output = MartOutput(frames, 0, 0)
        try:
            land_mart(settings.lake, plan, output, run_id, NOW, between=kill_at(point))
        except Killed:
            return
    landed = write_receipt(
        chosen.with_name("marts.json"), MartsReceipt(run_id=run_id, started_at=NOW, marts=())
    )
    with suppress(Killed):
        pair_point = "analyses" if point == "paired" else point
        paired = pairing.pair(settings, landed, NOW, kill_at(pair_point))
        grouping.group(settings, paired, NOW, kill_at(point))
