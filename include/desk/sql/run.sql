-- run: one run of any DAG, by the end of its name.
-- grain    at most one row
-- reads    meta.runs
-- takes    $run: its id in the lake, or the beginning of the ids of its parts
-- gives    counts of files and of stories
select
    run.run_id,
    coalesce(run.kind, 'ingest') as kind,
    run.version,
    run.ingested_at,
    run.finished_at,
    run.seconds,
    run.inbox,
    run.files_seen,
    run.files_taken,
    run.files_rejected,
    run.files_redelivered,
    run.files_skipped,
    run.files_waiting,
    run.files_ignored,
    coalesce(run.files_unpacked, 0) as files_unpacked,
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
where run.run_id = $run or starts_with(run.run_id, concat($run, '/'))
order by run.finished_at desc
limit 1
