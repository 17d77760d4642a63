-- marts.duplicates: stories whose text is on more than one page, with the first marked.
-- grain    one row per story; none for a story whose text occurs once
-- reads    main.stories
-- gives    the copies of each text in order, and which one to count
-- why      agencies sell one text to many outlets: all copies are kept, one is counted
with repeated as (
    select text_hash
    from main.stories
    group by text_hash
    having count(distinct page_id) > 1
)
select
    story.text_hash,
    (row_number() over copies)::integer as copy_no,
    (count(*) over (partition by story.text_hash))::integer as copies,
    row_number() over copies = 1 as is_first,
    first_value(story.story_id) over copies as first_story_id,
    story.story_id,
    story.page_id,
    story.source_name,
    story.headline,
    story.outlet,
    story.published_at,
    story.ingested_at
from main.stories as story
semi join repeated using (text_hash)
window copies as (
    partition by story.text_hash
    order by story.published_at asc nulls last, story.ingested_at asc, story.story_id asc
)
