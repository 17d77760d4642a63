-- silent_outlets: outlets that have been silent for three times as long as usual.
-- grain    one row per outlet
-- reads    marts.silent_outlets
-- gives    the outlet, the days of silence, the usual gap between two days with stories
-- why      the failure that makes no noise: `doctor` names it each morning
select
    silent.outlet,
    silent.silent_days,
    silent.usual_gap_days,
    silent.last_day
from marts.silent_outlets as silent
order by
    silent.silent_days / greatest(silent.usual_gap_days, 1) desc,
    silent.outlet
