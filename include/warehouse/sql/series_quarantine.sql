-- series_quarantine: how many stories are in quarantine, and how many were judged, day by day.
-- grain    one row per day of ingestion
-- reads    main.stories, quality.quarantine
-- takes    outlet, since (a day); null: all
-- gives    both counts
-- why      `plot quarantine`
with judged as (
    select story.ingest_day, story.outlet, 0 as is_aside
    from main.stories as story
    union all
    select aside.ingest_day, aside.outlet, 1 as is_aside
    from quality.quarantine as aside
)
select
    judged.ingest_day as day,
    sum(judged.is_aside)::double as part,
    count(*)::double as whole
from judged
where
    ($outlet::varchar is null or lower(judged.outlet) = lower($outlet))
    and ($since::date is null or judged.ingest_day >= $since::date)
group by judged.ingest_day
order by judged.ingest_day
