-- marts.silent_outlets: outlets that have been silent for three times as long as usual.
-- grain    one row per outlet
-- reads    quality.freshness
-- gives    the last day with stories, the usual gap between such days, and the days of silence
-- why      what an analyst asks of quality.freshness most
select
    fresh.outlet,
    fresh.stories,
    fresh.days_heard,
    fresh.last_day,
    fresh.last_published_at,
    fresh.usual_gap_days,
    fresh.silent_days
from quality.freshness as fresh
where fresh.is_silent
