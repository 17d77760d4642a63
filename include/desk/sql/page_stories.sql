-- page_stories: the stories of a page, landed or set aside.
-- grain    one row per story
-- reads    lake.stories, main.story_list, lake.quarantine, quality.quarantine_list
-- takes    $page_id, and the $day of its ingestion
-- gives    its id, place and headline, the positions of its body, and whether it landed
-- why      the day and the page choose one file; which rows are current is known from the lists
with page_story as (
    select
        story.page_id, story.story_id, story.story_no, story.headline, story.confidence,
        story.body_spans, true as is_landed
    from lake.stories as story
    semi join main.story_list as listed
        on story.story_id = listed.story_id
        and story.run_id = listed.run_id
        and listed.page_id = $page_id
    where story.ingest_day = $day and story.page_id = $page_id
    union all
    select
        aside.page_id, aside.story_id, aside.story_no, aside.headline, aside.confidence,
        aside.body_spans, false as is_landed
    from lake.quarantine as aside
    semi join quality.quarantine_list as listed
        on aside.story_id = listed.story_id
        and aside.run_id = listed.run_id
        and listed.page_id = $page_id
    where aside.ingest_day = $day and aside.page_id = $page_id
)
select page_story.*
from page_story
order by page_story.story_no
