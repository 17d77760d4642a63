-- main.pages: current pages, as they were split last.
-- grain    one row per page_id
-- reads    meta.deliveries
-- gives    the columns of lake.pages, less the raw bytes
-- why      a page is current while any name has it as its newest; views of stories join to this.
--          Sorted, so that a page is found by reading one group of rows
with standing as (
    select page_id
    from meta.deliveries
    where is_current
)
select
    split.delivery_id,
    split.page_id,
    split.name,
    split.inbox,
    split.size_bytes,
    split.modified_at,
    split.outcome,
    split.reason,
    split.encoding,
    split.replaced_chars,
    split.flags,
    split.page_chars,
    split.story_chars,
    split.chrome_chars,
    split.stories_landed,
    split.stories_quarantined,
    split.revises_page_id,
    split.splitter_version,
    split.media_type,
    split.text_from,
    split.outlet,
    split.url,
    split.title,
    split.title_source,
    split.author,
    split.fetched_at,
    split.published_at,
    split.published_precision,
    split.run_id,
    split.ingested_at,
    split.ingest_day
from meta.deliveries as split
semi join standing using (page_id)
where split.outcome in ('landed', 'no_story', 'resplit')
qualify row_number() over (
    partition by split.page_id
    order by split.ingested_at desc, split.run_id desc
) = 1
order by split.page_id
