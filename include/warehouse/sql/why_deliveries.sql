-- why_deliveries: every delivery of the pages that go by a name or hold a story.
-- grain    one row a delivery, or a row that says a page was split again
-- reads    meta.deliveries, meta.runs, main.stories, quality.quarantine, main.story_revisions
-- takes    $key: a story_id, a page_id, or a file's name, path or the end of either
-- gives    those asked for by name first: under which name, when, by which run, how decoded, split
--          by what, and in which versions of the lake the name stood for the page; until is null
--          where it does
-- why      the first part of what `python -m include why` answers
with named as (
    select distinct
        page_id,
        inbox,
        name
    from meta.deliveries
    where
        name = $key
        or ends_with(name, concat('/', $key))
        or ends_with(name, concat('!', $key))
        or concat(inbox, '/', name) = $key
        or ends_with($key, concat('/', name))
),
asked as (
    select page_id
    from named
    union
    select page_id
    from meta.deliveries
    where page_id = $key
    union
    select page_id
    from main.stories
    where story_id = $key
    union
    select page_id
    from quality.quarantine
    where story_id = $key
    union
    select page_id
    from main.story_revisions
    where story_id = $key
),
name_of as (
    select distinct
        inbox,
        name
    from meta.deliveries
    semi join asked using (page_id)
),
told as (
    select
        delivery.page_id,
        delivery.inbox,
        delivery.name,
        delivery.outcome,
        delivery.reason,
        delivery.is_current,
        named.name is not null as is_asked,
        delivery.size_bytes,
        delivery.media_type,
        delivery.text_from,
        delivery.encoding,
        delivery.replaced_chars,
        delivery.flags,
        delivery.page_chars,
        delivery.url,
        delivery.stories_landed,
        delivery.stories_quarantined,
        delivery.revises_page_id,
        delivery.splitter_version,
        run.book_version,
        delivery.run_id,
        coalesce(run.kind, 'ingest') as kind,
        delivery.ingested_at,
        delivery.ingest_day,
        run.version,
        case
            when delivery.outcome not in ('rejected', 'resplit', 'replaced')
                then lead(run.version) over (
                    partition by
                        delivery.inbox,
                        delivery.name,
                        delivery.outcome not in ('rejected', 'resplit')
                    order by
                        delivery.ingested_at,
                        delivery.run_id
                ) - 1
        end as until
    from meta.deliveries as delivery
    semi join name_of on delivery.inbox = name_of.inbox and delivery.name = name_of.name
    left join meta.runs as run on delivery.run_id = run.run_id
    left join named
        on delivery.page_id = named.page_id
        and delivery.inbox = named.inbox
        and delivery.name = named.name
)
select
    told.page_id,
    told.inbox,
    told.name,
    told.outcome,
    told.reason,
    told.is_current,
    told.is_asked,
    told.size_bytes,
    told.media_type,
    told.text_from,
    told.encoding,
    told.replaced_chars,
    told.flags,
    told.page_chars,
    told.url,
    told.stories_landed,
    told.stories_quarantined,
    told.revises_page_id,
    told.splitter_version,
    told.book_version,
    told.run_id,
    told.kind,
    told.ingested_at,
    told.ingest_day,
    told.version,
    told.until
from told
semi join asked on told.page_id = asked.page_id
order by
    told.is_asked desc,
    told.ingested_at desc,
    told.run_id desc,
    told.name
