"""
Schemas: what every table and column is, with type, unit, meaning and nullability.

`column` defines `Column` and `Table`. `split` has what intake and splitter return; `lake` has the
tables of pages, stories and runs; `quality`, `review`, `revisions` and `maintenance` have the other
lake tables. `warehouse` and `quality_views` describe what DuckDB publishes. `dictionary` renders
all of them as docs/data-dictionary.md, as SQL comments and as `meta.data_dictionary`.
"""
