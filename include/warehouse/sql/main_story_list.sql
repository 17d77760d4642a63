-- main.story_list: the current stories without their texts, newest first.
-- grain    one row per story
-- reads    main.stories
-- gives    what lists, counts and facets need
-- why      main.stories reads the lake's files for each query; this is a table in the warehouse.
--          Counting a million stories by outlet takes 20 ms of CPU time instead of 700
select
    story.story_id,
    story.page_id,
    story.source_name,
    story.story_no,
    story.headline,
    story.outlet,
    story.language,
    story.published_at,
    story.published_precision,
    story.words,
    story.confidence,
    story.quality_flags,
    story.run_id,
    story.ingested_at,
    story.ingest_day
from main.stories as story
order by
    story.published_at desc nulls last,
    story.story_id
