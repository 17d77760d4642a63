-- story: one landed story with all its fields.
-- grain    at most one row
-- reads    lake.stories, lake.story_outlets, meta.analyses
-- takes    $story_id, and its $page_id, $day and $run_id
-- gives    its columns, and what says who published it
with story_outlet as (
    select named.*
    from lake.story_outlets as named
    semi join meta.analyses as analysis on named.analysis_id = analysis.analysis_id
    where
        named.ingest_day = $day
        and named.page_id = $page_id
        and named.run_id = $run_id
        and named.story_id = $story_id
)
select
    story.*,
    []::varchar[] as failed_rules,
    null::varchar as resolution,
    true as is_landed,
    story_outlet.name as outlet_name,
    story_outlet.source as outlet_source,
    story_outlet.kind as outlet_kind,
    story_outlet.country as outlet_country
from lake.stories as story
left join story_outlet on story.story_id = story_outlet.story_id
where
    story.ingest_day = $day
    and story.page_id = $page_id
    and story.run_id = $run_id
    and story.story_id = $story_id
limit 1
