-- selected_entities: the people, organisations and places of most stories of the selection.
-- grain    one row per entity
-- reads    selected.sql, marts.story_entities
-- takes    $values: how many
-- gives    value (its id), name, kind, stories
select
    named.entity_id as value,
    mode(named.name) as name,
    any_value(named.kind) as kind,
    count(distinct named.story_id) as stories
from marts.story_entities as named
semi join selected on named.story_id = selected.story_id
group by named.entity_id
order by
    stories desc,
    name
limit $values
