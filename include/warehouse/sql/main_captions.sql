-- main.captions: captions of current stories.
-- grain    one row per caption
-- reads    main.stories
-- gives    the story's keys, the caption's number, text and credit
-- why      a list column is awkward to search
with numbered as (
    select
        story.story_id,
        story.page_id,
        story.source_name,
        unnest(range(1, len(story.captions) + 1)) as caption_no,
        unnest(story.captions) as picture,
        story.ingest_day
    from main.stories as story
)
select
    numbered.story_id,
    numbered.page_id,
    numbered.source_name,
    numbered.caption_no::integer as caption_no,
    numbered.picture.text as caption,
    numbered.picture.credit as credit,
    numbered.ingest_day
from numbered
