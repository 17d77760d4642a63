-- selected_list: a page of the selection, by its order.
-- grain    one row per story
-- reads    selected.sql
-- takes    $sort: best, newest, oldest, landed or confidence; $after_key, $after_id: the last row of
--          the page before, or null; $rows: how many
-- gives    what a list shows; order_key: a number that ascends in the order
-- why      sorted by the columns themselves: the key of a million rows costs 150 ms of CPU time
,
keyed as (
    select
        selected.*,
        coalesce(
            case $sort
                when 'best' then -selected.score
                when 'oldest' then epoch_us(selected.published_at)
                when 'landed' then -epoch_us(selected.ingested_at)
                when 'confidence' then selected.confidence
                else -epoch_us(selected.published_at)
            end::double,
            'infinity'::double
        ) as order_key
    from selected
),
shown as (
    select *
    from keyed
    where
        $after_key::double is null
        or keyed.order_key > $after_key
        or (keyed.order_key = $after_key and keyed.story_id > $after_id::varchar)
    order by
        case when $sort = 'best' then keyed.score end desc nulls last,
        case when $sort = 'newest' then keyed.published_at end desc nulls last,
        case when $sort = 'oldest' then keyed.published_at end asc nulls last,
        case when $sort = 'landed' then keyed.ingested_at end desc nulls last,
        case when $sort = 'confidence' then keyed.confidence end asc nulls last,
        keyed.story_id
    limit $rows
)
select
    shown.story_id,
    shown.page_id,
    shown.run_id,
    shown.source_name,
    shown.headline,
    shown.outlet,
    shown.language,
    shown.published_at,
    shown.published_precision,
    shown.ingested_at,
    shown.ingest_day,
    shown.confidence,
    shown.words,
    shown.quality_flags,
    shown.score,
    shown.order_key
from shown
order by
    shown.order_key,
    shown.story_id
