-- home_days: what was ingested on each of the last days.
-- grain    one row per day of ingestion
-- reads    marts.outlet_daily, quality.error_budget
-- takes    $days: how many
-- gives    stories landed and set aside, and their mean confidence; oldest first
with landed as (
    select
        daily.ingest_day,
        sum(daily.stories)::bigint as stories,
        sum(daily.mean_confidence * daily.stories) / sum(daily.stories) as confidence
    from marts.outlet_daily as daily
    group by daily.ingest_day
)
select
    coalesce(landed.ingest_day, budget.ingest_day) as day,
    coalesce(landed.stories, 0) as stories,
    coalesce(budget.quarantined, 0) as quarantined,
    landed.confidence
from landed
full outer join quality.error_budget as budget on landed.ingest_day = budget.ingest_day
order by day desc
limit $days
