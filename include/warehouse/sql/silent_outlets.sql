-- silent_outlets: outlets that have been silent for three times as long as usual.
-- grain    one row an outlet
-- reads    quality.freshness
-- gives    the outlet, the days of silence, the usual gap between two days with stories
-- why      the failure that makes no noise: `doctor` names it each morning
select
    fresh.outlet,
    fresh.silent_days,
    fresh.usual_gap_days,
    fresh.last_day
from quality.freshness as fresh
where fresh.is_silent
order by
    fresh.silent_days / greatest(fresh.usual_gap_days, 1) desc,
    fresh.outlet
