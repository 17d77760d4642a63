-- search_stories: stories whose headline or body contains a phrase, in any case.
-- grain    one row per story
-- reads    main.stories
-- takes    q: the phrase, taken literally
-- gives    the story's keys, headline and outlet, and the body around the first match
-- why      up to millions of stories, reading every body beats an index, and is never stale
with held as (
    select
        story.story_id,
        story.source_name,
        story.story_no,
        story.headline,
        story.outlet,
        story.published_at,
        story.body,
        instr(lower(story.body), lower(q)) as found_at
    from main.stories as story
    where contains(lower(concat_ws(chr(10), story.headline, story.body)), lower(q))
)
select
    held.story_id,
    held.source_name,
    held.story_no,
    held.headline,
    held.outlet,
    held.published_at,
    substring(held.body, greatest(held.found_at - 60, 1), 160) as around
from held
order by
    held.published_at desc nulls last,
    held.source_name,
    held.story_no
