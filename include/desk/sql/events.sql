-- events: what happened, latest first.
-- grain    one row per event
-- reads    marts.events
-- takes    $before_us, $before_id: the last event of the page before, or null; $rows: how many
-- gives    a headline, counts of wire texts, copies and originals, names, outlets
select
    event.event_id,
    event.headline,
    event.terms,
    event.first_seen_at,
    event.last_seen_at,
    event.first_outlet,
    event.stories,
    event.originals,
    event.wire_stories,
    event.wire_texts,
    event.copies,
    event.outlets,
    event.outlet_names,
    event.languages,
    event.entities,
    event.places,
    epoch_us(event.last_seen_at) as order_us
from marts.events as event
where
    $before_us::bigint is null
    or epoch_us(event.last_seen_at) < $before_us
    or (epoch_us(event.last_seen_at) = $before_us and event.event_id > $before_id::varchar)
order by
    event.last_seen_at desc,
    event.event_id
limit $rows
