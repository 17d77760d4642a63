-- marts.outlet_published: what each outlet published, by day of publication.
-- grain    one row per day and outlet; either is null where it is not known
-- reads    main.stories, marts.duplicates
-- gives    counts, and when the stories were ingested
-- why      a backlog delivered today was not published today: marts.outlet_daily counts by ingestion
select
    (story.published_at at time zone 'UTC')::date as published_date,
    story.outlet,
    count(*) as stories,
    count(copy.story_id) as later_copies,
    sum(story.words)::bigint as words,
    min(story.ingested_at) as first_ingested_at,
    max(story.ingested_at) as last_ingested_at
from main.stories as story
left join marts.duplicates as copy
    on story.story_id = copy.story_id
    and not copy.is_first
group by
    published_date,
    story.outlet
