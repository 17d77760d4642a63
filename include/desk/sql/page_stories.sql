-- page_stories: the stories of a page, landed or set aside.
-- grain    one row per story
-- reads    main.stories, quality.quarantine
-- takes    $page_id
-- gives    its id, place and headline, the positions of its body, and whether it landed
with page_story as (
    select
        story.page_id, story.story_id, story.story_no, story.headline, story.confidence,
        story.body_spans, true as is_landed
    from main.stories as story
    where story.page_id = $page_id
    union all
    select
        aside.page_id, aside.story_id, aside.story_no, aside.headline, aside.confidence,
        aside.body_spans, false as is_landed
    from quality.quarantine as aside
    where aside.page_id = $page_id
)
select page_story.*
from page_story
order by page_story.story_no
