-- quality.figures: figures of each run.
-- grain    one row per figure and run, and per part or outlet if the figure has them
-- reads    lake.run_figures, meta.runs
-- gives    the columns of lake.run_figures
-- why      the gate compares each run with the figures of earlier ones
select
    figures.figure,
    figures.outlet,
    figures.part,
    figures.value,
    figures.counted,
    figures.run_id,
    figures.ingested_at,
    figures.ingest_day
from lake.run_figures as figures
semi join meta.runs as run using (run_id)
