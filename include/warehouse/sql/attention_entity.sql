-- attention_entity: which share of each outlet's stories names an entity, day by day.
-- grain    one row per day and outlet (null: unknown) that has any story
-- reads    main.stories, marts.story_entities, marts.story_dates, marts.story_outlets
-- takes    id: an entity_id of marts.entities
-- gives    the stories that name it, all stories, and the share; days of publication, else of
--          ingestion
-- why      counts each of its names in the stories, unlike attention(term)
select
    coalesce(
        (coalesce(story.published_at, known.published_at) at time zone 'UTC')::date,
        story.ingest_day
    ) as day,
    coalesce(story.outlet, found.name) as outlet,
    count(entity.story_id) as stories,
    count(*) as all_stories,
    count(entity.story_id) / count(*) as share
from main.stories as story
left join marts.story_dates as known using (story_id)
left join marts.story_outlets as found using (story_id)
left join marts.story_entities as entity
    on story.story_id = entity.story_id
    and entity.entity_id = id
group by all
order by
    day,
    outlet
