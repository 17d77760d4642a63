-- story_place: where a story is in the lake.
-- grain    at most one row
-- reads    main.story_list, quality.quarantine_list
-- takes    $story_id
-- gives    its page, day and run, and whether it landed; a landed one first
-- why      with these, the other queries of a story read one file of a table, and no other rows of
--          its page than the current ones
with place as (
    select
        story.page_id, story.ingest_day, story.run_id, story.ingested_at, true as is_landed
    from main.story_list as story
    where story.story_id = $story_id
    union all
    select
        aside.page_id, aside.ingest_day, aside.run_id, aside.ingested_at, false as is_landed
    from quality.quarantine_list as aside
    where aside.story_id = $story_id
)
select
    place.page_id,
    place.ingest_day as day,
    place.run_id,
    place.is_landed
from place
order by
    place.is_landed desc,
    place.ingested_at desc
limit 1
