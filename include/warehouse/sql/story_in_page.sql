-- story_in_page: the page of a story, span by span.
-- grain    one row per span, in page order
-- reads    main.stories, quality.quarantine, main.chrome
-- takes    id: a story_id
-- gives    where each span is, its role, its story, and the text of chrome
-- why      shows what was before, between and after the parts of a story
with page as (
    select page_id
    from main.stories
    where story_id = id
    union
    select page_id
    from quality.quarantine
    where story_id = id
),
page_stories as (
    select
        story.story_id,
        story.story_no,
        story.headline_spans,
        story.body_spans,
        story.caption_spans,
        story.other_spans
    from main.stories as story
    semi join page using (page_id)
    union all
    select
        story.story_id,
        story.story_no,
        story.headline_spans,
        story.body_spans,
        story.caption_spans,
        story.other_spans
    from quality.quarantine as story
    semi join page using (page_id)
),
parts as (
    select story_id, story_no, 'headline' as role, unnest(headline_spans) as span
    from page_stories
    union all
    select story_id, story_no, 'body' as role, unnest(body_spans) as span
    from page_stories
    union all
    select story_id, story_no, 'caption' as role, unnest(caption_spans) as span
    from page_stories
),
others as (
    select story_id, story_no, unnest(other_spans) as span
    from page_stories
)
select
    parts.span."start" as "start",
    parts.span."end" as "end",
    parts.role,
    parts.story_no,
    parts.story_id,
    parts.story_id = id as is_it,
    null::varchar as reason,
    null::varchar as text
from parts
union all
select
    others.span."start" as "start",
    others.span."end" as "end",
    others.span.role as role,
    others.story_no,
    others.story_id,
    others.story_id = id as is_it,
    null::varchar as reason,
    null::varchar as text
from others
union all
select
    chrome."start",
    chrome."end",
    chrome.role,
    null::integer as story_no,
    null::varchar as story_id,
    false as is_it,
    chrome.reason,
    chrome.text
from main.chrome as chrome
semi join page using (page_id)
order by
    "start",
    "end"
