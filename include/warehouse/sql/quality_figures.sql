-- quality.figures: what each run looked like in numbers.
-- grain    one row a figure of a run; by part, one a part; by outlet, one an outlet
-- reads    lake.run_figures, meta.runs
-- gives    the columns of lake.run_figures
-- why      the gate weighs a run against these; a figure it names can be looked up and drawn
select
    found.figure,
    found.outlet,
    found.part,
    found.value,
    found.counted,
    found.run_id,
    found.ingested_at,
    found.ingest_day
from lake.run_figures as found
semi join meta.runs as run using (run_id)
