-- home_silent: the outlets that are silent for longer than is usual for them.
-- grain    one row per outlet
-- reads    quality.freshness
-- gives    days of silence and the usual gap; the most unusual first
select
    fresh.outlet,
    fresh.silent_days,
    fresh.usual_gap_days,
    fresh.last_day,
    fresh.stories
from quality.freshness as fresh
where fresh.is_silent
order by
    fresh.silent_days / greatest(fresh.usual_gap_days, 1) desc,
    fresh.outlet
