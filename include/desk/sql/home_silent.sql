-- home_silent: the outlets that have been silent for longer than is usual for them.
-- grain    one row per outlet
-- reads    quality.freshness
-- gives    days of silence and the usual gap; the most unusual first
select
    freshness.outlet,
    freshness.silent_days,
    freshness.usual_gap_days,
    freshness.last_day,
    freshness.stories
from quality.freshness as freshness
where freshness.is_silent
order by
    freshness.silent_days / greatest(freshness.usual_gap_days, 1) desc,
    freshness.outlet
