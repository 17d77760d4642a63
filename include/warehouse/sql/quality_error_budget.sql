-- quality.error_budget: share of the quarantine allowance used over four weeks.
-- grain    one row per day on which a run landed
-- reads    meta.runs, meta.deliveries, lake.reviews
-- gives    stories found and set aside, that day and over 28 days, and the budget left
-- why      1 in 100 stories may be set aside (the evaluation pages have 0.4); above that, fixing
--          the splitter comes before new features. A story that a person released was not a
--          defect, and is given back to the day its page came
with released as (
    select
        review.page_id,
        review.story_id
    from lake.reviews as review
    where review.outcome = 'applied'
    qualify
        review.decision = 'release'
        and row_number() over (
            partition by review.story_id, review.text_hash
            order by review.decided_at desc
        ) = 1
),
came as (
    select
        delivery.page_id,
        min(delivery.ingested_at)::date as ingest_day
    from meta.deliveries as delivery
    where delivery.outcome in ('landed', 'no_story')
    group by delivery.page_id
),
given_back as (
    select
        came.ingest_day,
        count(distinct released.story_id) as stories
    from released
    inner join came on released.page_id = came.page_id
    group by came.ingest_day
),
found as (
    select
        run.ingested_at::date as ingest_day,
        sum(run.stories_found)::bigint as stories,
        sum(run.stories_quarantined)::bigint as quarantined
    from meta.runs as run
    where coalesce(run.kind, 'ingest') = 'ingest'
    group by run.ingested_at::date
),
daily as (
    select
        found.ingest_day,
        found.stories,
        greatest(found.quarantined - coalesce(given_back.stories, 0), 0)::bigint as quarantined
    from found
    left join given_back on found.ingest_day = given_back.ingest_day
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
    rolling.stories_28d / 100 as allowed_28d,
    rolling.stories_28d / 100 - rolling.quarantined_28d as left_28d,
    rolling.quarantined_28d * 100 / nullif(rolling.stories_28d, 0)::double as used_share
from rolling
