"""
Copydesk without Airflow.

`pipeline/steps.py` is the table of contents: intake, split, judge, gate, land, publish. Read it
first, then the rooms in the order of a page's way: `intake` → `splitter` → `quality` → `lake` →
`warehouse`; `review` for what people decide. `schema` says what every table and column is,
`storage` where bytes lie, `config` what can be set. Only `orchestration`, which Airflow's own
processes import, and `standalone`, which starts them, know Airflow.
"""
