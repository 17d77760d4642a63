-- marts.outlet_published: what each outlet published, by day of publication.
-- grain    one row per day and outlet; either is null where it is not known
-- reads    main.stories, marts.duplicates, marts.story_dates, marts.story_outlets
-- gives    counts, and when the stories were ingested
-- why      a backlog delivered today was not published today: marts.outlet_daily counts by ingestion
select
    (coalesce(story.published_at, story_date.published_at) at time zone 'UTC')::date as published_date,
    coalesce(story.outlet, story_outlet.name) as outlet,
    count(*) as stories,
    count(copy.story_id) as later_copies,
    count(*) filter (where story.published_at is null and story_date.published_at is not null)
        as dated_by_age,
    sum(story.words)::bigint as words,
    min(story.ingested_at) as first_ingested_at,
    max(story.ingested_at) as last_ingested_at
from main.stories as story
left join marts.story_dates as story_date using (story_id)
left join marts.story_outlets as story_outlet using (story_id)
left join marts.duplicates as copy
    on story.story_id = copy.story_id
    and not copy.is_first
group by all
