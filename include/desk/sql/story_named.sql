-- story_named: the entities of a story, the most important first.
-- grain    one row per entity
-- reads    marts.story_entities
-- takes    $story_id
-- gives    name, kind, mentions
select
    entity.entity_id,
    entity.name,
    entity.kind,
    entity.mentions,
    entity.aliases,
    entity.country
from marts.story_entities as entity
where entity.story_id = $story_id
order by
    entity.salience desc,
    entity.name
