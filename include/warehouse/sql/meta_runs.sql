-- meta.runs: every run that finished.
-- grain    one row per run
-- reads    lake.runs
-- gives    its columns, and version: the number of the lake version that the run left
-- why      counts in and out without reading Parquet; `query --version` takes the number, which
--          `lake/delta/time_travel.py` counts in the same way
select
    run.run_id,
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
    run.bytes_taken,
    run.page_chars,
    run.story_chars,
    run.chrome_chars,
    run.stories_found,
    run.stories_landed,
    run.stories_quarantined,
    run.splitter_version,
    run.suite_version,
    run.book_version,
    run.kind,
    run.files_unpacked,
    row_number() over (order by run.finished_at, run.run_id) as version
from lake.runs as run
