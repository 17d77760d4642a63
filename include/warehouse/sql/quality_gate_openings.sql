-- quality.gate_openings: who let which broken rule of the gate pass, and when.
-- grain    one row per rule and run
-- reads    lake.gate_openings, meta.runs
-- gives    the columns of lake.gate_openings
-- why      every exception to the gate is on record
select
    opening.rule_id,
    opening.observed,
    opening.bound,
    opening.opened_by,
    opening.opened_at,
    opening.run_id,
    opening.ingested_at,
    opening.ingest_day
from lake.gate_openings as opening
semi join meta.runs as run using (run_id)
