-- known_runs: the runs that the warehouse shows.
-- grain    one row per run
-- reads    meta.runs
-- takes    $since: a time
-- gives    ids of the runs that finished since
-- why      a run of the lake that is missing here has landed and cannot be queried
select run.run_id
from meta.runs as run
where run.finished_at >= $since
