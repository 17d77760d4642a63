-- quality.error_budget: how much of what may be set aside was, over four weeks.
-- grain    one row a day on which a run landed
-- reads    meta.runs
-- gives    stories found and set aside, that day and over 28 days, and what is left of the budget
-- why      1 in 100 stories may be set aside (the evaluation pages have 0.4): beyond it, mending the
--          splitter goes before anything new
with daily as (
    select
        run.ingested_at::date as ingest_day,
        sum(run.stories_found)::bigint as stories,
        sum(run.stories_quarantined)::bigint as quarantined
    from meta.runs as run
    where coalesce(run.kind, 'ingest') = 'ingest'
    group by run.ingested_at::date
),
rolling as (
    select
        daily.ingest_day,
        daily.stories,
        daily.quarantined,
        sum(daily.stories) over four_weeks as stories_28d,
        sum(daily.quarantined) over four_weeks as quarantined_28d
    from daily
    window four_weeks as (
        order by daily.ingest_day
        range between interval 27 days preceding and current row
    )
)
select
    rolling.ingest_day,
    rolling.stories,
    rolling.quarantined,
    rolling.stories_28d::bigint as stories_28d,
    rolling.quarantined_28d::bigint as quarantined_28d,
    floor(rolling.stories_28d / 100)::bigint as allowed_28d,
    floor(rolling.stories_28d / 100)::bigint - rolling.quarantined_28d::bigint as left_28d,
    rolling.quarantined_28d * 100 / nullif(rolling.stories_28d, 0)::double as used_share
from rolling
