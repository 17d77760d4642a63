-- page: the last split of a page, and the names it goes by.
-- grain    at most one row
-- reads    meta.deliveries, meta.runs
-- takes    $page_id
-- gives    where its bytes are in the lake, how it was decoded, and what split it
select
    split.page_id,
    split.run_id,
    split.ingest_day,
    split.ingested_at,
    split.name,
    split.inbox,
    split.size_bytes,
    split.media_type,
    split.encoding,
    split.page_chars,
    split.url,
    split.outlet,
    split.title,
    split.flags,
    split.stories_landed,
    split.stories_quarantined,
    split.splitter_version,
    coalesce(run.book_version, 0) as book_version,
    (
        select bool_or(delivery.is_current)
        from meta.deliveries as delivery
        where delivery.page_id = $page_id
    ) as is_current
from meta.deliveries as split
left join meta.runs as run on split.run_id = run.run_id
where split.page_id = $page_id and split.splitter_version is not null
order by
    split.ingested_at desc,
    split.run_id desc
limit 1
