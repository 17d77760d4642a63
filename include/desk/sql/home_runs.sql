-- home_runs: the runs of a time, newest first.
-- grain    one row per run
-- reads    meta.runs
-- takes    $since: a time; $runs: how many
-- gives    counts of files and of stories; why: the page shows that they balance
select
    run.run_id,
    coalesce(run.kind, 'ingest') as kind,
    run.ingested_at,
    run.finished_at,
    run.seconds,
    run.version,
    run.files_seen,
    run.files_taken,
    run.files_rejected,
    run.files_redelivered,
    run.files_skipped,
    run.files_waiting,
    run.files_ignored,
    coalesce(run.files_unpacked, 0) as files_unpacked,
    run.bytes_taken,
    run.page_chars,
    run.story_chars,
    run.chrome_chars,
    run.stories_found,
    run.stories_landed,
    run.stories_quarantined,
    run.splitter_version,
    run.suite_version,
    run.book_version
from meta.runs as run
where run.finished_at >= $since
order by
    run.finished_at desc,
    run.run_id desc
limit $runs
