-- marts.outlet_daily: what came from each outlet, by day of ingestion.
-- grain    one row per day and outlet; outlet is null where nothing names it
-- reads    main.stories, marts.duplicates, marts.story_dates, marts.story_outlets
-- gives    counts, confidence, and the earliest and latest publication
-- why      an outlet that falls silent, or whose layout changed, shows here first
select
    story.ingest_day,
    coalesce(story.outlet, story_outlet.name) as outlet,
    count(*) as stories,
    count(copy.story_id) as later_copies,
    count(distinct story.page_id) as pages,
    sum(story.words)::bigint as words,
    count(*) filter (where len(story.quality_flags) > 0) as flagged,
    avg(story.confidence) as mean_confidence,
    min(coalesce(story.published_at, story_date.published_at)) as first_published_at,
    max(coalesce(story.published_at, story_date.published_at)) as last_published_at
from main.stories as story
left join marts.story_dates as story_date using (story_id)
left join marts.story_outlets as story_outlet using (story_id)
left join marts.duplicates as copy
    on story.story_id = copy.story_id
    and not copy.is_first
group by all
