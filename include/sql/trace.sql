-- trace: what became of a file, page or story, as far as it stands in the warehouse.
-- grain    one row a delivery and story; one row for a delivery without stories
-- reads    meta.deliveries, meta.runs, main.stories, quality.quarantine, marts.duplicates
-- takes    $key: a story_id, a page_id, or a file's name, path or the end of either
-- gives    run, outcome, reason; of each story its verdict, rules and the copy that counts
-- why      what `python -m include why` answers
with told as (
    select
        story.page_id,
        story.story_no,
        story.story_id,
        story.headline,
        'landed' as verdict,
        story.quality_flags as rules,
        story.reasons,
        copy.first_story_id as same_text_as
    from main.stories as story
    left join marts.duplicates as copy
        on story.story_id = copy.story_id
        and not copy.is_first
    union all
    select
        story.page_id,
        story.story_no,
        story.story_id,
        story.headline,
        coalesce(story.resolution, 'quarantined') as verdict,
        story.failed_rules as rules,
        story.reasons,
        null::varchar as same_text_as
    from quality.quarantine as story
)
select
    delivery.name,
    delivery.page_id,
    delivery.run_id,
    delivery.ingested_at,
    delivery.ingest_day,
    delivery.outcome,
    delivery.reason,
    delivery.is_current,
    delivery.splitter_version,
    run.book_version,
    told.story_no,
    told.story_id,
    told.headline,
    told.verdict,
    told.rules,
    told.reasons,
    told.same_text_as
from meta.deliveries as delivery
left join told on delivery.page_id = told.page_id and delivery.is_current
left join meta.runs as run on delivery.run_id = run.run_id
where
    told.story_id = $key
    or delivery.page_id = $key
    or delivery.name = $key
    or ends_with(delivery.name, concat('/', $key))
    or concat(delivery.inbox, '/', delivery.name) = $key
    or ends_with($key, concat('/', delivery.name))
order by
    delivery.name,
    delivery.ingested_at desc,
    told.story_no
