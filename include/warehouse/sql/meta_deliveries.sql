-- meta.deliveries: every delivery, and whether it is the newest of its name.
-- grain    one row per delivery
-- reads    lake.pages
-- gives    the columns of lake.pages without the raw bytes, and is_current
-- why      the current page of a name is its newest delivery that was not rejected; a row
--          `resplit` is no delivery: it records that a page was split again. After a row
--          `replaced` its name has no current page, until something new is delivered under it.
--          `lake/ledger/current.py` decides the same when a run lands
select
    delivery.delivery_id,
    delivery.page_id,
    delivery.name,
    delivery.inbox,
    delivery.size_bytes,
    delivery.modified_at,
    delivery.outcome,
    delivery.reason,
    delivery.encoding,
    delivery.replaced_chars,
    delivery.flags,
    delivery.page_chars,
    delivery.story_chars,
    delivery.chrome_chars,
    delivery.stories_landed,
    delivery.stories_quarantined,
    delivery.revises_page_id,
    delivery.splitter_version,
    delivery.media_type,
    delivery.text_from,
    delivery.outlet,
    delivery.url,
    delivery.title,
    delivery.title_source,
    delivery.author,
    delivery.fetched_at,
    delivery.published_at,
    delivery.published_precision,
    delivery.run_id,
    delivery.ingested_at,
    delivery.ingest_day,
    delivery.outcome not in ('rejected', 'resplit', 'replaced') and row_number() over (
        partition by
            delivery.inbox, delivery.name, delivery.outcome not in ('rejected', 'resplit')
        order by delivery.ingested_at desc, delivery.run_id desc
    ) = 1 as is_current
from lake.pages as delivery
order by delivery.page_id
