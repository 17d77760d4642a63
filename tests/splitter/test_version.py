"""The splitter's version changes when, and only when, its results change."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa

from include.intake.decoding.decode import decode_text
from include.splitter.split import SPLITTER_VERSION, split_pages

ROOT = Path(__file__).parents[2]
# Pages 01 to 10, which every version's hash covers. In the hash, a page that was added later would
# change that of a version whose rows are the same; tests/sample_expected.json has its stories.
SAMPLES = sorted((ROOT / "include" / "sample_inbox").glob("*.txt"))[:10]
KNOWN: dict[str, str] = json.loads(Path(__file__).with_name("golden.json").read_text())
ALIKE = "VORRIN, March 3 (Norvan) - The government of the northern province said on Tuesday that "
TAILS = (
    "the miller, who had been asked three times, would rather sell flour than opinions, and would "
    "say no more about the matter until the sluice had been repaired by somebody who knew how.",
    "the harbour master kept a list of every boat that had come in late, and read it aloud at "
    "breakfast to anyone who stayed at the table long enough to hear the whole of it through.",
)
TEMPLATES = "\n\n".join(["Bakers go on strike", *(ALIKE + tail for tail in TAILS)])
NEXT = "Raise SPLITTER_VERSION and add to tests/splitter/golden.json:"


def fingerprint() -> str:
    """Hash every story and chrome row of the sample pages and of TEMPLATES, version left out."""
    texts = [decode_text(path.read_bytes()).text for path in SAMPLES]
    kept = [*(text for text in texts if text is not None), TEMPLATES]
    names = [f"{number:064}" for number in range(len(kept))]
    pages = {"page_id": names, "name": names, "outcome": ["taken"] * len(kept), "text": kept}
    split = split_pages(pa.table(pages))
    whole = hashlib.sha256()
    for table in (split.stories.drop_columns(["splitter_version"]), split.chrome):
        for row in table.to_pylist():
            whole.update(json.dumps(row, sort_keys=True, default=str).encode())
    return whole.hexdigest()


def test_this_version_still_gives_the_same_rows() -> None:
    actual = fingerprint()
    assert KNOWN.get(SPLITTER_VERSION) == actual, f"{NEXT} {actual}"


def test_every_version_gave_different_rows() -> None:
    assert len(set(KNOWN.values())) == len(KNOWN)
    assert max(map(int, KNOWN)) == int(SPLITTER_VERSION)
