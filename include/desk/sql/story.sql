-- story: one story with all its fields, landed or set aside.
-- grain    at most one row
-- reads    main.stories, quality.quarantine, marts.story_outlets
-- takes    $story_id
-- gives    its columns, the rules it failed, and what says who published it
with candidate as (
    select
        story.*,
        []::varchar[] as failed_rules,
        null::varchar as resolution,
        true as is_landed
    from main.stories as story
    where story.story_id = $story_id
    union all by name
    select
        aside.* exclude (observed, suite_version, resolved_at, resolved_by),
        false as is_landed
    from quality.quarantine as aside
    where aside.story_id = $story_id
)
select
    candidate.*,
    story_outlet.name as outlet_name,
    story_outlet.source as outlet_source,
    story_outlet.kind as outlet_kind,
    story_outlet.country as outlet_country
from candidate
left join marts.story_outlets as story_outlet on candidate.story_id = story_outlet.story_id
order by
    candidate.is_landed desc,
    candidate.ingested_at desc
limit 1
