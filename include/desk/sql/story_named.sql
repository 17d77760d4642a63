-- story_named: the entities of a story, the most important first.
-- grain    one row per entity
-- reads    marts.story_entities
-- takes    $story_id
-- gives    name, kind, mentions
select
    named.entity_id,
    named.name,
    named.kind,
    named.mentions,
    named.aliases,
    named.country
from marts.story_entities as named
where named.story_id = $story_id
order by
    named.salience desc,
    named.name
