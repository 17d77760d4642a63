-- day_stories: the runs and stories since a time, and what waits, in figures.
-- grain    one row
-- reads    meta.runs, quality.quarantine
-- takes    $since: a time
-- gives    runs that finished since, stories they landed and quarantined, stories that wait in all
-- why      the figures of a day that `doctor` reports
select
    count(*) as runs,
    coalesce(sum(run.stories_landed), 0)::bigint as stories_landed,
    coalesce(sum(run.stories_quarantined), 0)::bigint as stories_quarantined,
    (
        select count(*) from quality.quarantine as waiting where waiting.resolution is null
    ) as stories_waiting
from meta.runs as run
where run.finished_at >= $since
