-- event: the stories of some events, first to last.
-- grain    one row per event and story
-- reads    marts.event_stories
-- takes    $events: ids
-- gives    who, when, and whether it is wire, a copy or original
select
    story.event_id,
    story.story_id,
    story.headline,
    story.outlet,
    story.language,
    story.published_at,
    coalesce(story.published_at, story.ingested_at) as seen_at,
    story.relation,
    story.is_first,
    story.similarity
from marts.event_stories as story
where list_contains($events::varchar[], story.event_id)
order by
    story.event_id,
    seen_at,
    story.story_id
