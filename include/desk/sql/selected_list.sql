-- selected_list: a page of the selection, by its order.
-- grain    one row per story
-- reads    selected.sql, main.stories
-- takes    $sort: best, newest, oldest, landed or confidence; $after_key, $after_id: the last row of
--          the page before, or null; $rows: how many
-- gives    what a list shows; order_key: a number that ascends in the order
,
ordered as (
    select
        selected.*,
        case $sort
            when 'best' then -selected.score
            when 'oldest' then epoch_us(selected.published_at)
            when 'landed' then -epoch_us(selected.ingested_at)
            when 'confidence' then selected.confidence
            else -epoch_us(selected.published_at)
        end::double as known_key
    from selected
),
keyed as (
    select
        ordered.*,
        coalesce(ordered.known_key, 'infinity'::double) as order_key
    from ordered
),
shown as (
    select *
    from keyed
    where
        $after_key::double is null
        or keyed.order_key > $after_key
        or (keyed.order_key = $after_key and keyed.story_id > $after_id::varchar)
    order by
        keyed.order_key,
        keyed.story_id
    limit $rows
)
select
    shown.story_id,
    shown.page_id,
    story.source_name,
    story.headline,
    left(story.body, 240) as beginning,
    shown.outlet,
    shown.language,
    shown.published_at,
    story.published_precision,
    shown.ingested_at,
    shown.confidence,
    shown.words,
    shown.quality_flags,
    shown.score,
    shown.order_key
from shown
inner join main.stories as story on shown.story_id = story.story_id
order by
    shown.order_key,
    shown.story_id
