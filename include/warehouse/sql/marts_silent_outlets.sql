-- marts.silent_outlets: outlets that have been silent for three times as long as usual.
-- grain    one row per outlet
-- reads    marts.outlet_daily, meta.runs
-- gives    the last day with stories, the usual gap between such days, and the days of silence
-- why      the rule of quality.freshness, which knows only outlets that the stories name; days are
--          days of ingestion, up to the last run, so that a stopped pipeline silences nobody
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
    heard.last_day,
    heard.last_published_at,
    heard.usual_gap_days,
    (newest.newest_day - heard.last_day)::bigint as silent_days
from heard
cross join newest
where
    heard.days_heard >= 3
    and newest.newest_day - heard.last_day > 3 * heard.usual_gap_days
