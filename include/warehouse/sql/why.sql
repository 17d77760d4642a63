-- why: what happened to a file, delivery by delivery, with its current stories.
-- grain    one row per delivery and story; one row for a delivery without stories
-- reads    meta.deliveries, main.stories, quality.quarantine
-- takes    file: the file's name in its inbox, or the end of it after a '/'; an archive's name
--          gives its members; or a page_id, or a story_id
-- gives    run, outcome and reason, and each story with the rules it failed
-- why      where to look first for a missing story
with judged as (
    select
        story.page_id,
        story.story_no,
        story.story_id,
        story.headline,
        'landed' as verdict,
        story.quality_flags as rules
    from main.stories as story
    union all
    select
        story.page_id,
        story.story_no,
        story.story_id,
        story.headline,
        coalesce(story.resolution, 'quarantined') as verdict,
        story.failed_rules as rules
    from quality.quarantine as story
)
select
    delivery.name,
    delivery.run_id,
    delivery.ingested_at,
    delivery.outcome,
    delivery.reason,
    delivery.is_current,
    delivery.page_id,
    judged.story_no,
    judged.story_id,
    judged.headline,
    judged.verdict,
    judged.rules
from meta.deliveries as delivery
left join judged on delivery.page_id = judged.page_id and delivery.is_current
where
    delivery.name = file
    or ends_with(delivery.name, concat('/', file))
    or ends_with(delivery.name, concat('!', file))
    or starts_with(delivery.name, concat(file, '!'))
    or contains(delivery.name, concat('/', file, '!'))
    or delivery.page_id = file
    or judged.story_id = file
order by
    delivery.name,
    delivery.ingested_at desc,
    judged.story_no
