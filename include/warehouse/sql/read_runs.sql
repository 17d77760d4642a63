-- read_runs: the runs that landed last, newest first.
-- grain    one row per run
-- reads    meta.runs
-- takes    $runs: how many
-- gives    the kind of run, files and stories by outcome, and its duration
-- why      the second part of `python -m include status`
select
    run.version,
    run.run_id,
    coalesce(run.kind, 'ingest') as kind,
    run.finished_at,
    run.seconds,
    run.files_seen,
    run.files_taken,
    run.files_rejected,
    run.files_redelivered,
    run.files_unpacked,
    run.files_skipped,
    run.files_waiting,
    run.files_ignored,
    run.stories_found,
    run.stories_landed,
    run.stories_quarantined
from meta.runs as run
order by
    run.version desc
limit $runs
