-- query_lag: how long the oldest file of the runs that were just published had been there.
-- grain    one row
-- reads    meta.runs, meta.deliveries
-- takes    $since: when the warehouse was published before; $now: a time
-- gives    the seconds, or null if no ingest landed since
-- why      the delay that analysts feel. A file may be older than its delivery (`cp -p`), so it counts
--          from the start of the run before, which did not see it yet
with numbered as (
    select
        run.run_id,
        run.finished_at,
        lag(run.ingested_at) over (
            partition by run.inbox
            order by run.ingested_at
        ) as before_at,
        run.ingested_at
    from meta.runs as run
    where coalesce(run.kind, 'ingest') = 'ingest'
)
select
    max(
        epoch($now::timestamptz)
        - epoch(
            least(
                greatest(page.modified_at, coalesce(numbered.before_at, numbered.ingested_at)),
                numbered.ingested_at
            )
        )
    ) as seconds
from numbered
inner join meta.deliveries as page using (run_id)
where numbered.finished_at > $since
