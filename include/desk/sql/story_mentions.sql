-- story_mentions: where a story's body names people, organisations and places.
-- grain    one row per mention
-- reads    lake.entity_mentions, meta.analyses
-- takes    $story_id, and its $page_id, $day and $run_id
-- gives    characters of the body, kind, and the entity
select
    mention.start,
    mention."end",
    mention.kind,
    mention.entity_id,
    mention.name
from lake.entity_mentions as mention
semi join meta.analyses as analysis on mention.analysis_id = analysis.analysis_id
where
    mention.ingest_day = $day
    and mention.page_id = $page_id
    and mention.run_id = $run_id
    and mention.story_id = $story_id
order by mention.start
