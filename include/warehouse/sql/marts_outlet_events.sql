-- marts.outlet_events: who covered an event, who was first, and with a text of their own or not.
-- grain    one row per outlet and event
-- reads    marts.event_stories, marts.events
-- gives    the outlet's first story about it, and how many hours after the first of all
-- why      a first story without an outlet counts: otherwise a later one would pass for the first
select
    story.outlet,
    story.event_id,
    any_value(event.headline) as headline,
    count(*) as stories,
    count(*) filter (where story.relation = 'original') as originals,
    arg_min(story.story_id, (story.seen_at, story.story_id)) as first_story_id,
    min(story.seen_at) as first_at,
    epoch(min(story.seen_at) - any_value(event.first_seen_at)) / 3600 as hours_behind,
    case
        when count(*) filter (where story.relation = 'original') > 0 then 'original'
        when count(*) filter (where story.relation = 'wire') > 0 then 'wire'
        else 'copy'
    end as relation
from marts.event_stories as story
inner join marts.events as event using (event_id)
where story.outlet is not null
group by story.outlet, story.event_id
order by story.event_id asc, first_at asc, story.outlet asc
