-- runs: the runs that finished, newest first.
-- grain    one row per run
-- reads    meta.runs
-- takes    $run: its id in the lake, or the id that its parts' ids begin with, or null for all;
--          $since: a time, or null for all; $runs: how many
-- gives    counts of files and of stories; why: the pages show that they balance
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
where
    ($since::timestamptz is null or run.finished_at >= $since)
    and ($run::varchar is null or run.run_id = $run or starts_with(run.run_id, concat($run, '/')))
order by
    run.finished_at desc,
    run.run_id desc
limit $runs
