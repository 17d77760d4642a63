"""The notebook draws six plots of the sample inbox's warehouse, which it opens read-only."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from include.config.settings import ROOT, Settings
from include.terminal.cookbook import DELIVERED_AT, deliver
from tests import sample

NOTEBOOK = ROOT / "docs" / "analysis.ipynb"


def test_the_notebook_is_shipped_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


@pytest.mark.notebook
@pytest.mark.filterwarnings("default")  # the kernel's libraries warn of one another
def test_the_notebook_draws_six_plots_and_leaves_the_warehouse_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat = pytest.importorskip("nbformat", reason="make notebook installs it")
    nbclient = pytest.importorskip("nbclient", reason="make notebook installs it")
    settings = replace(Settings(), home=tmp_path, inbox=sample.INBOX, settle_s=0.0)
    deliver(settings, DELIVERED_AT)
    before = settings.warehouse.read_bytes()
    monkeypatch.setenv("WAREHOUSE", str(settings.warehouse))
    notebook = nbformat.read(NOTEBOOK, 4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 6
    assert settings.warehouse.read_bytes() == before
