"""
The warehouse: one lake version projected into a read-only DuckDB file, and read from it.

`projection` builds the tables and views from the queries in `sql/`, `publish` swaps the file in
under `lock`; `published` says what a file shows; `read`, `queries` and `why` ask it.
"""
