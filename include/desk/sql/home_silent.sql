-- home_silent: the outlets that have been silent for longer than is usual for them.
-- grain    one row per outlet
-- reads    marts.silent_outlets
-- gives    days of silence and the usual gap; the most unusual first
select
    silent.outlet,
    silent.silent_days,
    silent.usual_gap_days,
    silent.last_day,
    silent.stories
from marts.silent_outlets as silent
order by
    silent.silent_days / greatest(silent.usual_gap_days, 1) desc,
    silent.outlet
