-- story_mentions: where a story's body names people, organisations and places.
-- grain    one row per mention
-- reads    marts.entity_mentions
-- takes    $story_id
-- gives    characters of the body, kind, and the entity
select
    mention.start,
    mention."end",
    mention.kind,
    mention.entity_id,
    mention.name
from marts.entity_mentions as mention
where mention.story_id = $story_id
order by mention.start
