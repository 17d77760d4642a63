-- selected_entities: the people, organisations and places of most stories of the selection.
-- grain    one row per entity
-- reads    selected.sql, lake.story_entities, meta.analyses
-- takes    $values: how many
-- gives    value (its id), name, kind, stories
select
    named.entity_id as value,
    mode(named.name) as name,
    any_value(named.kind) as kind,
    count(distinct named.story_id) as stories
from lake.story_entities as named
semi join meta.analyses as analysis on named.analysis_id = analysis.analysis_id
semi join selected
    on named.story_id = selected.story_id
    and named.run_id = selected.run_id
group by named.entity_id
order by
    stories desc,
    name
limit $values
