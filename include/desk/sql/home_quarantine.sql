-- home_quarantine: the causes for which stories wait for a person.
-- grain    one row per set of failed rules
-- reads    quality.quarantine_list
-- takes    $since: a time, or null
-- gives    how many stories wait, and how many of them came since then (0 for null); most first
select
    waiting.failed_rules,
    count(*) as stories,
    count(*) filter (waiting.ingested_at >= $since::timestamptz) as new_stories,
    min(waiting.ingested_at) as oldest_at
from quality.quarantine_list as waiting
where waiting.resolution is null
group by waiting.failed_rules
order by
    stories desc,
    waiting.failed_rules
