"""The warehouse: one lake version projected into a read-only DuckDB file, and read from it."""
