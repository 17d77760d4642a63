"""How a lake's files are read."""

from pathlib import Path

import pytest
from pyarrow.fs import FileSystem, PyFileSystem, SubTreeFileSystem

from include.lake.delta.tables import open_table
from include.schema.lake import INGEST_TABLES
from tests.lake.builders import land_files, rows_of, run_at


@pytest.mark.parametrize("name", ["lake", "it's a lake, 100 % ü"])
def test_no_thread_holds_a_python_object_when_the_interpreter_ends(tmp_path: Path, name: str):
    root = tmp_path / name
    land_files(root, run_at(0), {"a.txt": "S Ship|The ship left the port."})
    for kind in INGEST_TABLES:
        files: FileSystem = open_table(root, kind).to_pyarrow_dataset().filesystem
        while isinstance(files, SubTreeFileSystem):
            files = files.base_fs
        assert not isinstance(files, PyFileSystem), kind.name
    assert [row["headline"] for row in rows_of(root, "stories")] == ["Ship"]
