-- selected_events: the events that most stories of the selection report.
-- grain    one row per event
-- reads    selected.sql, marts.event_stories, marts.events
-- takes    $values: how many
-- gives    value (its id), name (its headline), stories
,
counted as (
    select
        story.event_id,
        count(*) as stories
    from marts.event_stories as story
    semi join selected on story.story_id = selected.story_id
    group by story.event_id
    order by
        stories desc,
        story.event_id
    limit $values
)
select
    counted.event_id as value,
    event.headline as name,
    counted.stories
from counted
inner join marts.events as event on counted.event_id = event.event_id
order by
    counted.stories desc,
    counted.event_id
