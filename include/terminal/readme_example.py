"""Put the output of `make run` on the sample inbox into the README."""

import io
import re
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from include.config.settings import ROOT, Settings
from include.pipeline import steps
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.terminal.report import print_run

README = ROOT / "README.md"
FIRST_LINES = 20  # of the table of stories; more push the rest of the README off the screen
BLOCK = re.compile(r"(?<=it to the code -->\n```\n).*?(?=```)", re.DOTALL)


def write_example(readme: Path = README) -> None:
    """Replace the README's example with what a run on the sample inbox prints today."""
    text = readme.read_text(encoding="utf-8")
    shown = BLOCK.sub(lambda _: render_example(), text, count=1)
    readme.write_text(shown, encoding="utf-8")


def render_example() -> str:
    """Ingest the sample inbox in a temporary folder; return the report with a clone's paths."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = replace(
            Settings(), home=home, inbox=ROOT / "include" / "sample_inbox", settle_s=0.0
        )
        now = datetime.now(UTC)
        receipt = steps.intake(settings, "example", now)
        batches = read_receipt(receipt, IntakeReceipt).batches
        judged = [steps.judge(steps.split(batch)) for batch in batches]
        steps.land(settings, steps.gate(settings, receipt, judged), now)
        steps.publish(settings)
        out = io.StringIO()
        print_run(settings, "example", Console(file=out))
        shown = out.getvalue().replace(f"--home {home} ", "").replace(str(home), "data")
    shown = shown.replace(sys.executable, ".venv/bin/python")
    shown = re.sub(r"(?m)^(try\s+)\S*python\S*", r"\1.venv/bin/python", shown)
    lines = [line.rstrip() for line in shown.strip().splitlines()]
    return "\n".join(_leave_out_rows(lines)) + "\n"


def _leave_out_rows(lines: list[str]) -> list[str]:
    """Keep the first files of the table of stories, which is followed by an empty line."""
    end = lines.index("")
    cut = next(number for number in range(FIRST_LINES, end) if not lines[number].startswith(" "))
    return [*lines[:cut], "…", *lines[end:]]


if __name__ == "__main__":
    write_example()
