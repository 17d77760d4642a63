"""The index follows the warehouse: new stories, revised ones, updates that were killed."""

from __future__ import annotations

import pytest

from include.errors import WarehouseHeld
from include.warehouse.search import place, update
from include.warehouse.search.ask import count_runs_behind
from include.warehouse.search.index import open_index
from include.warehouse.search.place import LIST, index_folder
from include.warehouse.search.update import update_index
from tests.killing import Killed
from tests.warehouse.search.stories import PAGES, find, land, land_and_index


def test_new_stories_are_added_and_revised_ones_removed(tmp_path):
    first = land_and_index(tmp_path, 0, PAGES)
    assert (first.lake_version, first.added_stories, first.removed_pages) == (1, 6, 0)

    warehouse = land(tmp_path, 1, {**PAGES, "b.txt": "S Harbour|The goose sank the ferry."})
    assert count_runs_behind(warehouse) == 1
    assert find(warehouse, "ferry") == ["Ferry strike"], "a replaced story is not shown"

    second = update_index(warehouse)
    assert (second.lake_version, second.added_stories, second.removed_pages) == (2, 1, 1)
    assert count_runs_behind(warehouse) == 0
    assert find(warehouse, "ferry") == ["Ferry strike", "Harbour"]
    assert find(warehouse, "sank") == ["Harbour"]


def test_an_updated_index_equals_one_that_is_rebuilt(tmp_path):
    land_and_index(tmp_path, 0, PAGES)
    land_and_index(tmp_path, 1, {**PAGES, "a.txt": "S Other|A bus, and no ferry."})
    warehouse = land(tmp_path, 2, PAGES)
    update_index(warehouse)
    queries = ("ferry", "goose", "the -ferry", '"prime minister"', "bus")
    updated = [set(find(warehouse, query)) for query in queries]

    (index_folder(warehouse) / LIST).unlink()
    update_index(warehouse)
    assert [set(find(warehouse, query)) for query in queries] == updated
    assert open_index(index_folder(warehouse)).searcher().num_docs == 6


def test_an_update_with_nothing_new_changes_nothing(tmp_path):
    land_and_index(tmp_path, 0, PAGES)
    warehouse = tmp_path / "warehouse.duckdb"
    before = sorted(path.name for path in index_folder(warehouse).iterdir())

    indexed = update_index(warehouse)
    assert (indexed.added_stories, indexed.removed_pages) == (0, 0)
    assert sorted(path.name for path in index_folder(warehouse).iterdir()) == before


def test_an_update_killed_before_its_list_is_repeated(tmp_path, monkeypatch):
    land_and_index(tmp_path, 0, PAGES)
    warehouse = land(tmp_path, 1, {**PAGES, "b.txt": "S Harbour|The goose sank the ferry."})

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(update.pq, "write_table", die)
        with pytest.raises(Killed):
            update_index(warehouse)
    update_index(warehouse)

    assert find(warehouse, "ferry") == ["Ferry strike", "Harbour"]
    assert open_index(index_folder(warehouse)).searcher().num_docs == 6


def test_two_updates_at_once_are_refused(tmp_path):
    warehouse = land(tmp_path, 0, PAGES)
    folder = index_folder(warehouse)
    folder.mkdir(parents=True)
    writer = open_index(folder).writer(heap_size=20 * 2**20, num_threads=1)

    with pytest.raises(WarehouseHeld, match="is updating it"):
        update_index(warehouse)
    del writer
    assert update_index(warehouse).added_stories == 6


def test_a_damaged_index_is_rebuilt(tmp_path):
    land_and_index(tmp_path, 0, PAGES)
    warehouse = tmp_path / "warehouse.duckdb"
    (index_folder(warehouse) / "meta.json").write_text("{")

    assert update_index(warehouse).added_stories == 6
    assert len(find(warehouse, "ferry")) == 2


def test_an_index_that_lost_its_files_is_rebuilt(tmp_path):
    land_and_index(tmp_path, 0, PAGES)
    warehouse = tmp_path / "warehouse.duckdb"
    (index_folder(warehouse) / "meta.json").unlink()

    assert update_index(warehouse).added_stories == 6


def test_an_index_of_another_version_is_replaced_once_the_new_one_is_complete(
    tmp_path, monkeypatch
):
    land_and_index(tmp_path, 0, PAGES)
    warehouse = tmp_path / "warehouse.duckdb"
    old = index_folder(warehouse)
    monkeypatch.setattr(place, "INDEX_VERSION", "another")

    assert update_index(warehouse).added_stories == 6
    assert [path.name for path in old.parent.iterdir()] == ["another"]
