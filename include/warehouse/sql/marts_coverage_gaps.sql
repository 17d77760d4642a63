-- marts.coverage_gaps: events that several outlets covered, and the outlets that did not.
-- grain    one row per event of three or more outlets, and outlet without a story about it
-- reads    marts.events, main.stories, marts.story_dates, marts.story_outlets
-- gives    how many other stories the outlet published in the days of the event
-- why      what an outlet leaves out says as much as what it prints; one that published nothing in
--          those days is silent, not selective: marts.silent_outlets
with published as (
    select
        coalesce(story.outlet, story_outlet.name) as outlet,
        coalesce(story.published_at, story_date.published_at, story.ingested_at) as seen_at
    from main.stories as story
    left join marts.story_dates as story_date using (story_id)
    left join marts.story_outlets as story_outlet using (story_id)
)
select
    event.event_id,
    event.headline,
    event.outlets,
    event.first_seen_at,
    event.last_seen_at,
    published.outlet,
    count(*) as other_stories
from marts.events as event
inner join published
    on published.seen_at between event.first_seen_at - interval 1 day
    and event.last_seen_at + interval 1 day
where
    event.outlets >= 3
    and not list_contains(event.outlet_names, published.outlet)
group by all
