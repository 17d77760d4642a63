-- meta.history: what happened to pages and stories, in the order in which it did.
-- grain    one row an event of one page or story
-- reads    meta.deliveries, meta.runs, main.story_list, main.story_revisions, quality.quarantine,
--          quality.page_flags, quality.reviews, marts.duplicates, lake.overrides
-- gives    when, what, to which page and story, told how, by which run or person
-- why      `where page_id = …` or `where story_id = …` is a whole life, asked in one place;
--          texts of pages and people stand in it as values, as they were written; what a person
--          decided stands before the run of that moment, which follows it
with event as (
    select
        delivery.ingested_at as happened_at,
        1 as step,
        case
            when delivery.outcome in ('landed', 'no_story') then 'delivered'
            else delivery.outcome
        end as event,
        delivery.page_id,
        null::varchar as story_id,
        delivery.inbox,
        delivery.name as source_name,
        concat_ws(
            ', ',
            delivery.reason,
            delivery.media_type,
            delivery.encoding,
            concat(delivery.size_bytes, ' bytes'),
            nullif(array_to_string(delivery.flags, ', '), '')
        ) as detail,
        delivery.run_id,
        null::varchar as who
    from meta.deliveries as delivery
    where delivery.outcome not in ('resplit', 'replaced')
    union all
    select
        delivery.ingested_at as happened_at,
        2 as step,
        'revised' as event,
        delivery.revises_page_id as page_id,
        null::varchar as story_id,
        delivery.inbox,
        delivery.name as source_name,
        concat_ws(
            ', ',
            concat('by page ', delivery.page_id),
            case when delivery.outcome = 'replaced' then concat('same URL: ', delivery.url) end
        ) as detail,
        delivery.run_id,
        null::varchar as who
    from meta.deliveries as delivery
    where delivery.revises_page_id is not null
    union all
    select
        delivery.ingested_at as happened_at,
        3 as step,
        case when delivery.outcome = 'resplit' then 'split again' else 'split' end as event,
        delivery.page_id,
        null::varchar as story_id,
        delivery.inbox,
        delivery.name as source_name,
        concat_ws(
            ', ',
            concat('splitter ', delivery.splitter_version),
            concat('chrome book ', coalesce(run.book_version, 0)),
            concat(delivery.stories_landed, ' landed'),
            concat(delivery.stories_quarantined, ' set aside')
        ) as detail,
        delivery.run_id,
        null::varchar as who
    from meta.deliveries as delivery
    left join meta.runs as run on delivery.run_id = run.run_id
    where delivery.outcome in ('landed', 'no_story', 'resplit')
    union all
    select
        flag.ingested_at as happened_at,
        4 as step,
        'flagged' as event,
        flag.page_id,
        null::varchar as story_id,
        null::varchar as inbox,
        flag.name as source_name,
        concat(flag.rule_id, ': ', flag.observed) as detail,
        flag.run_id,
        null::varchar as who
    from quality.page_flags as flag
    union all
    select
        story.ingested_at as happened_at,
        5 as step,
        'landed' as event,
        story.page_id,
        story.story_id,
        null::varchar as inbox,
        story.source_name,
        concat_ws(
            ', ',
            concat('confidence ', round(story.confidence, 2)),
            'flagged by ' || nullif(array_to_string(story.quality_flags, ', '), '')
        ) as detail,
        story.run_id,
        null::varchar as who
    from main.story_list as story
    union all
    select
        gone.landed_at as happened_at,
        5 as step,
        'landed' as event,
        gone.page_id,
        gone.story_id,
        null::varchar as inbox,
        gone.source_name,
        null::varchar as detail,
        gone.landed_run_id as run_id,
        null::varchar as who
    from main.story_revisions as gone
    union all
    select
        gone.ingested_at as happened_at,
        6 as step,
        'replaced' as event,
        gone.page_id,
        gone.story_id,
        null::varchar as inbox,
        gone.source_name,
        concat_ws(
            ', ',
            gone.reason,
            case
                when gone.new_story_id = gone.story_id then 'written anew under the same id'
                else coalesce('by story ' || gone.new_story_id, 'by none clearly')
            end,
            'similarity ' || round(gone.similarity, 2)
        ) as detail,
        gone.run_id,
        null::varchar as who
    from main.story_revisions as gone
    union all
    select
        story.ingested_at as happened_at,
        5 as step,
        'set aside' as event,
        story.page_id,
        story.story_id,
        null::varchar as inbox,
        story.source_name,
        array_to_string(
            list_transform(story.observed, lambda met: concat(met.rule, ': ', met.value)), ', '
        ) as detail,
        story.run_id,
        null::varchar as who
    from quality.quarantine_list as story
    union all
    select
        copy.ingested_at as happened_at,
        7 as step,
        'duplicate' as event,
        copy.page_id,
        copy.story_id,
        null::varchar as inbox,
        copy.source_name,
        concat('of story ', copy.first_story_id) as detail,
        null::varchar as run_id,
        null::varchar as who
    from marts.duplicates as copy
    where not copy.is_first
    union all
    select
        review.decided_at as happened_at,
        0 as step,
        'reviewed' as event,
        review.page_id,
        review.story_id,
        null::varchar as inbox,
        review.source_name,
        concat_ws(
            ', ',
            review.decision,
            'failed ' || nullif(array_to_string(review.failed_rules, ', '), ''),
            case when review.outcome = 'stale' then 'stale' end,
            review.note
        ) as detail,
        null::varchar as run_id,
        review.decided_by as who
    from quality.reviews as review
    union all
    select
        said.made_at as happened_at,
        0 as step,
        case when said.is_withdrawn then 'correction withdrawn' else 'corrected' end as event,
        said.page_id,
        null::varchar as story_id,
        null::varchar as inbox,
        said.source_name,
        concat_ws(
            ', ',
            concat('override ', said.override_id),
            'line ' || said.line_no,
            'lines of ' || said.outlet || ' like ' || said.pattern,
            said.action,
            said.role,
            said.note
        ) as detail,
        null::varchar as run_id,
        said.made_by as who
    from lake.overrides as said
)
select
    event.happened_at,
    event.step,
    event.event,
    event.page_id,
    event.story_id,
    event.inbox,
    event.source_name,
    event.detail,
    event.run_id,
    run.version,
    event.who
from event
left join meta.runs as run on event.run_id = run.run_id
order by
    event.happened_at,
    event.step,
    event.source_name,
    event.story_id
