-- read_runs: the last runs, the one that landed last first.
-- grain    one row a run
-- reads    meta.runs
-- takes    $runs: how many
-- gives    what kind of run it was, files and stories by outcome, and how long it took
-- why      the second thing `python -m include status` says
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
