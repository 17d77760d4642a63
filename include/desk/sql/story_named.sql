-- story_named: the entities of a story, the most important first.
-- grain    one row per entity
-- reads    lake.story_entities, meta.analyses
-- takes    $story_id, and its $page_id, $day and $run_id
-- gives    name, kind, mentions
select
    entity.entity_id,
    entity.name,
    entity.kind,
    entity.mentions,
    entity.aliases,
    entity.country
from lake.story_entities as entity
semi join meta.analyses as analysis on entity.analysis_id = analysis.analysis_id
where
    entity.ingest_day = $day
    and entity.page_id = $page_id
    and entity.run_id = $run_id
    and entity.story_id = $story_id
order by
    entity.salience desc,
    entity.name
