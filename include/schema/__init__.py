"""
Schemas: what every table and column is, with type, unit, meaning and nullability.

`column` defines `Column` and `Table`. `lake` holds the tables that a run lands, `quality`,
`review`, `revisions` and `maintenance` the ones beside them; `warehouse` and `quality_views`
describe what DuckDB publishes. `dictionary` renders them all as docs/data-dictionary.md, as SQL
comments and as `meta.data_dictionary`.
"""
