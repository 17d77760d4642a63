-- marts.digest: what was ingested on one day, as Markdown.
-- grain    one row per day of ingestion that has a story or a quarantined one
-- reads    main.stories, marts.story_outlets, marts.events, marts.event_stories,
--          marts.duplicate_clusters, marts.duplicate_stories, quality.quarantine
-- gives    counts, and a text that a person reads in a minute
-- why      headlines are hostile: each mark that Markdown or HTML knows is escaped
with story as (
    select
        landed.ingest_day,
        landed.story_id,
        coalesce(landed.outlet, story_outlet.name) as outlet,
        len(landed.quality_flags) > 0 as is_flagged
    from main.stories as landed
    left join marts.story_outlets as story_outlet using (story_id)
),
landed_day as (
    select
        story.ingest_day,
        count(*) as stories,
        count(distinct story.outlet) as outlets,
        count(*) filter (where story.is_flagged) as flagged
    from story
    group by story.ingest_day
),
waiting as (
    select
        kept.ingest_day,
        count(*) as waiting,
        list(
            {
                'headline': regexp_replace(regexp_replace(coalesce(kept.headline, '(no headline)'),
                '[\x00-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]', ' ', 'g'),
                    '([\\`*_\[\]<>#|!&~])', '\\\1', 'g'),
                'file': regexp_replace(regexp_replace(coalesce(kept.source_name, ''),
                '[\x00-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]', ' ', 'g'),
                    '([\\`*_\[\]<>#|!&~])', '\\\1', 'g'),
                'rules': kept.failed_rules}
            order by kept.source_name asc, kept.story_no asc
        ) as items
    from quality.quarantine as kept
    where kept.resolution is null
    group by kept.ingest_day
),
event as (
    select
        story.ingest_day,
        count(*) as new_events,
        list(
            {
                'headline': regexp_replace(regexp_replace(coalesce(event.headline, '(no headline)'),
                '[\x00-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]', ' ', 'g'),
                    '([\\`*_\[\]<>#|!&~])', '\\\1', 'g'),
                'size': event.stories || ' stories, ' || event.outlets
                || if(event.outlets = 1, ' outlet', ' outlets')}
            order by event.outlets desc, event.stories desc, event.event_id asc
        ) as items
    from marts.events as event
    inner join marts.event_stories as member on event.event_id = member.event_id and member.is_first
    inner join story on member.story_id = story.story_id
    group by story.ingest_day
),
copied as (
    select distinct
        story.ingest_day,
        member.cluster_id
    from marts.duplicate_stories as member
    inner join story on member.story_id = story.story_id
    where not member.is_first
),
copies as (
    select
        copied.ingest_day,
        count(*) as copied_texts,
        list(
            {
                'headline': regexp_replace(regexp_replace(coalesce(cluster.first_headline, '(no headline)'),
                '[\x00-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]', ' ', 'g'),
                    '([\\`*_\[\]<>#|!&~])', '\\\1', 'g'),
                'size': cluster.stories || ' stories, ' || cluster.outlets
                || if(cluster.outlets = 1, ' outlet', ' outlets')}
            order by cluster.stories desc, cluster.cluster_id asc
        ) as items
    from copied
    inner join marts.duplicate_clusters as cluster on copied.cluster_id = cluster.cluster_id
    group by copied.ingest_day
),
day as (
    select
        coalesce(landed_day.ingest_day, waiting.ingest_day) as ingest_day,
        coalesce(landed_day.stories, 0) as stories,
        coalesce(landed_day.outlets, 0) as outlets,
        coalesce(event.new_events, 0) as new_events,
        coalesce(copies.copied_texts, 0) as copied_texts,
        coalesce(landed_day.flagged, 0) as flagged,
        coalesce(waiting.waiting, 0) as waiting,
        coalesce(event.items, []) as events,
        coalesce(copies.items, []) as copies,
        coalesce(waiting.items, []) as kept
    from landed_day
    full outer join waiting on landed_day.ingest_day = waiting.ingest_day
    left join event on landed_day.ingest_day = event.ingest_day
    left join copies on landed_day.ingest_day = copies.ingest_day
)
select
    day.ingest_day,
    day.stories,
    day.outlets,
    day.new_events,
    day.copied_texts,
    day.flagged,
    day.waiting,
    concat_ws(
        chr(10),
        '# ' || strftime(day.ingest_day, '%Y-%m-%d'),
        '',
        format(
            '{} landed from {}; {} flagged, {} waiting for a person.',
            day.stories || if(day.stories = 1, ' story', ' stories'),
            day.outlets || if(day.outlets = 1, ' outlet', ' outlets'), day.flagged, day.waiting
        ),
        if(len(day.events) > 0, chr(10) || '## New events' || chr(10), null),
        array_to_string(list_transform(day.events[:10], lambda item: format(
            '- {}: {}', item.headline, item.size
        )), chr(10)),
        if(len(day.copies) > 0, chr(10) || '## Most copied' || chr(10), null),
        array_to_string(list_transform(day.copies[:10], lambda item: format(
            '- {}: {}', item.headline, item.size
        )), chr(10)),
        if(len(day.kept) > 0, chr(10) || '## Waiting for a person' || chr(10), null),
        array_to_string(list_transform(day.kept[:10], lambda item: format(
            '- {} ({}): {}', item.headline, item.file,
            array_to_string(item.rules, ', ')
        )), chr(10))
    ) || chr(10) as markdown
from day
