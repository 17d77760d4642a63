-- series_stories: how many stories there are, day by day.
-- grain    one row per day
-- reads    main.stories, marts.story_dates, marts.story_outlets
-- takes    outlet, since (a day); null: all
-- gives    the count; days of publication, else of ingestion
-- why      `plot stories`
select
    coalesce(
        (coalesce(story.published_at, story_date.published_at) at time zone 'UTC')::date,
        story.ingest_day
    ) as day,
    count(*)::double as part,
    null::double as whole
from main.stories as story
left join marts.story_dates as story_date using (story_id)
left join marts.story_outlets as story_outlet using (story_id)
where
    ($outlet::varchar is null or lower(coalesce(story.outlet, story_outlet.name)) = lower($outlet))
group by day
having $since::date is null or day >= $since::date
order by day
