-- health: what the checks of `watch_desk` need of the warehouse, in figures.
-- grain    one row
-- reads    quality.quarantine, marts.silent_outlets
-- takes    $now: a time
-- gives    stories that wait for review, how many of them came in the last 24 hours, and how many
--          came per day in the 7 days before, decided or not
-- why      a quarantine that grows is a broken source or a broken rule, whatever its size
select
    count(*) filter (story.resolution is null) as waiting,
    count(*) filter (
        story.resolution is null
        and story.ingested_at >= $now - interval 24 hours
    ) as new_waiting,
    count(*) filter (
        story.ingested_at < $now - interval 24 hours
        and story.ingested_at >= $now - interval 8 days
    ) / 7 as usual_per_day
from quality.quarantine as story
