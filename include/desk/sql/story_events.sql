-- story_events: the event that a story reports.
-- grain    at most one row
-- reads    marts.event_stories, marts.events
-- takes    $story_id
-- gives    id, headline, stories and outlets of the event
select
    event.event_id,
    event.headline,
    event.stories,
    event.outlets,
    mine.relation
from marts.event_stories as mine
inner join marts.events as event on mine.event_id = event.event_id
where mine.story_id = $story_id
limit 1
