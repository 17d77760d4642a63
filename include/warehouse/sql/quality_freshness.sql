-- quality.freshness: when each outlet was last seen, and whether it fell silent.
-- grain    one row per outlet, named in a text or resolved by the analysis
-- reads    marts.outlet_daily, meta.runs
-- gives    last day and publication, the usual gap between days, and the days of silence
-- why      no rule sees a missing story; silence is counted up to the last run, not up to now, so
--          that a stopped pipeline does not make every outlet silent
with gaps as (
    select
        daily.outlet,
        daily.ingest_day,
        daily.stories,
        daily.last_published_at,
        daily.ingest_day - lag(daily.ingest_day) over (
            partition by daily.outlet
            order by daily.ingest_day
        ) as gap_days
    from marts.outlet_daily as daily
    where daily.outlet is not null
),
heard as (
    select
        gaps.outlet,
        sum(gaps.stories)::bigint as stories,
        count(*) as days_heard,
        min(gaps.ingest_day) as first_day,
        max(gaps.ingest_day) as last_day,
        max(gaps.last_published_at) as last_published_at,
        median(gaps.gap_days) as usual_gap_days
    from gaps
    group by gaps.outlet
),
newest as (
    select max(run.ingested_at::date) as newest_day
    from meta.runs as run
)
select
    heard.outlet,
    heard.stories,
    heard.days_heard,
    heard.first_day,
    heard.last_day,
    heard.last_published_at,
    heard.usual_gap_days,
    (newest.newest_day - heard.last_day)::bigint as silent_days,
    heard.days_heard >= 3
    and newest.newest_day - heard.last_day > 3 * heard.usual_gap_days as is_silent
from heard
cross join newest
