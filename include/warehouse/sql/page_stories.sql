-- page_stories: the stories of some pages, landed or set aside, with the spans of their bodies.
-- grain    one row per story, in page order
-- reads    main.stories, quality.quarantine
-- takes    $pages: page_ids
-- gives    the story's keys, headline and body_spans
-- why      `python -m include correct` shows which stories a correction merged or split
select
    story.page_id,
    story.story_no,
    story.story_id,
    story.headline,
    story.body_spans
from main.stories as story
where list_contains($pages::varchar[], story.page_id)
union all
select
    story.page_id,
    story.story_no,
    story.story_id,
    story.headline,
    story.body_spans
from quality.quarantine as story
where list_contains($pages::varchar[], story.page_id)
order by
    page_id,
    story_no
