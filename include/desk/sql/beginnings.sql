-- beginnings: how the bodies of some stories begin.
-- grain    one row per story
-- reads    lake.stories
-- takes    $stories, $pages, $runs: ids of current stories; $days: their days of ingestion
-- gives    the first 240 characters
-- why      the days choose the files, and the pages the rows: other files are not opened
select
    story.story_id,
    left(story.body, 240) as beginning
from lake.stories as story
where
    list_contains($days::date[], story.ingest_day)
    and list_contains($runs::varchar[], story.run_id)
    and list_contains($pages::varchar[], story.page_id)
    and list_contains($stories::varchar[], story.story_id)
