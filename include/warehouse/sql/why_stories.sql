-- why_stories: the stories of some pages, those that stand, wait and have left.
-- grain    one row a story, and one more each time it left
-- reads    main.stories, quality.quarantine, main.story_revisions, meta.runs, marts.duplicates
-- takes    $pages: page_ids
-- gives    verdict, rules, reasons, copies, what it replaced and what replaced it, and in which
--          versions of the lake it stood as it is told here; until is null where it does
-- why      the second part of what `python -m include why` answers
with page as (
    select unnest($pages::varchar[]) as page_id
),
told as (
    select
        story.page_id,
        story.story_no,
        story.story_id,
        story.headline,
        'landed' as verdict,
        story.confidence,
        story.reasons,
        story.quality_flags,
        []::varchar[] as failed_rules,
        []::struct("rule" varchar, "value" varchar)[] as observed,
        story.text_hash,
        story.run_id,
        story.ingested_at,
        story.ingest_day,
        null::varchar as left_by_run_id,
        null::varchar as left_because,
        null::varchar as new_story_id,
        null::double as similarity,
        null::varchar as diff
    from main.stories as story
    semi join page using (page_id)
    union all
    select
        story.page_id,
        story.story_no,
        story.story_id,
        story.headline,
        coalesce(story.resolution, 'quarantined') as verdict,
        story.confidence,
        story.reasons,
        story.quality_flags,
        story.failed_rules,
        story.observed,
        story.text_hash,
        story.run_id,
        story.ingested_at,
        story.ingest_day,
        null::varchar as left_by_run_id,
        null::varchar as left_because,
        null::varchar as new_story_id,
        null::double as similarity,
        null::varchar as diff
    from quality.quarantine as story
    semi join page using (page_id)
    union all
    select
        gone.page_id,
        gone.story_no,
        gone.story_id,
        gone.headline,
        'replaced' as verdict,
        null::double as confidence,
        []::varchar[] as reasons,
        []::varchar[] as quality_flags,
        []::varchar[] as failed_rules,
        []::struct("rule" varchar, "value" varchar)[] as observed,
        gone.text_hash,
        gone.landed_run_id as run_id,
        gone.landed_at as ingested_at,
        gone.landed_at::date as ingest_day,
        gone.run_id as left_by_run_id,
        gone.reason as left_because,
        gone.new_story_id,
        gone.similarity,
        gone.diff
    from main.story_revisions as gone
    semi join page using (page_id)
),
copy as (
    select
        one.story_id,
        list(
            {'story_id': other.story_id, 'name': other.source_name, 'is_first': other.is_first}
            order by other.copy_no
        ) as copies
    from marts.duplicates as one
    inner join marts.duplicates as other
        on one.text_hash = other.text_hash
        and one.story_id <> other.story_id
    semi join page on one.page_id = page.page_id
    group by one.story_id
),
before as (
    select
        gone.new_story_id as story_id,
        gone.replaced_by_page_id as page_id,
        list(distinct gone.story_id) as replaces
    from main.story_revisions as gone
    semi join page on gone.replaced_by_page_id = page.page_id
    where gone.new_story_id <> gone.story_id -- null: none; the same: its former self is told too
    group by all
)
select
    told.page_id,
    told.story_no,
    told.story_id,
    told.headline,
    told.verdict,
    told.confidence,
    told.reasons,
    told.quality_flags,
    told.failed_rules,
    told.observed,
    told.text_hash,
    told.run_id,
    told.ingested_at,
    told.ingest_day,
    told.left_by_run_id,
    told.left_because,
    told.new_story_id,
    told.similarity,
    told.diff,
    came.version,
    went.version - 1 as until,
    copy.copies,
    before.replaces
from told
left join meta.runs as came on told.run_id = came.run_id
left join meta.runs as went on told.left_by_run_id = went.run_id
left join copy on told.story_id = copy.story_id and told.verdict = 'landed'
left join before on told.story_id = before.story_id and told.page_id = before.page_id
order by
    told.page_id,
    told.verdict = 'replaced',
    told.story_no,
    told.ingested_at desc
