-- dag_runs: the runs of one DAG that landed, newest first.
-- grain    one row per run
-- reads    meta.runs
-- takes    $dag: the DAG's id; $kind: ingest, review or resplit; $runs: how many
-- gives    counts of files and stories
-- why      a run of ingest_pages keeps Airflow's id; those of other DAGs begin with the DAG's
select
    run.run_id,
    run.finished_at,
    run.seconds,
    run.files_seen,
    run.files_rejected,
    run.stories_landed,
    run.stories_quarantined,
    run.version
from meta.runs as run
where
    coalesce(run.kind, 'ingest') = $kind
    and ($kind = 'ingest' or starts_with(run.run_id, concat($dag, '/')))
order by
    run.finished_at desc,
    run.run_id desc
limit $runs
