-- story: one story with all its fields, landed or set aside.
-- grain    at most one row
-- reads    main.stories, quality.quarantine, marts.story_outlets
-- takes    $story_id
-- gives    its columns, the rules it failed, and what says who published it
with every as (
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
    every.*,
    named.name as outlet_name,
    named.source as outlet_source,
    named.kind as outlet_kind,
    named.country as outlet_country
from every
left join marts.story_outlets as named on every.story_id = named.story_id
order by
    every.is_landed desc,
    every.ingested_at desc
limit 1
