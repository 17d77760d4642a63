-- why_events: what happened to some pages and their stories, in the order of time.
-- grain    one row an event
-- reads    meta.history
-- takes    $pages: page_ids
-- gives    the columns of meta.history
-- why      a part of what `python -m include why` answers
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
    event.version,
    event.who
from meta.history as event
where event.page_id in (select unnest($pages::varchar[]))
order by
    event.happened_at,
    event.step,
    event.source_name,
    event.story_id
