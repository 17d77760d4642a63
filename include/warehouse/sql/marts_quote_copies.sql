-- marts.quote_copies: the same words, quoted by several stories.
-- grain    one row per text_hash that two or more current stories quote
-- reads    marts.quotes, main.stories
-- gives    who said it, which story had it first, and how many outlets carry it
-- why      quotes of fewer than five words are often equal by chance
with dated as (
    select
        quote.text_hash,
        quote.text,
        quote.words,
        quote.speaker,
        story.story_id,
        story.outlet,
        coalesce(story.published_at, story.ingested_at) as seen_at
    from marts.quotes as quote
    inner join main.stories as story using (story_id)
    where quote.words >= 5
)
select
    text_hash,
    arg_min(text, (seen_at, story_id)) as text,
    min(words) as words,
    arg_min(speaker, (seen_at, story_id)) filter (where speaker is not null) as speaker,
    list_sort(list(distinct speaker) filter (where speaker is not null)) as speakers,
    arg_min(story_id, (seen_at, story_id)) as first_story_id,
    arg_min(outlet, (seen_at, story_id)) as first_outlet,
    min(seen_at) as first_seen_at,
    count(distinct story_id) as stories,
    count(distinct outlet) as outlets
from dated
group by text_hash
having count(distinct story_id) > 1
order by stories desc, text_hash asc
