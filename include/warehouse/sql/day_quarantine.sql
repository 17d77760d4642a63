-- day_quarantine: the quarantined stories that wait for a person's decision.
-- grain    one row a rule; a story that failed two rules counts under both
-- reads    quality.quarantine
-- takes    $since: a time
-- gives    the rule, how many stories wait because of it, and how many of them arrived since
-- why      `doctor` says each morning what waits; rules are ids of ours, so no text of a page shows
select
    rule,
    count(*) as stories,
    count(*) filter (waiting.ingested_at >= $since) as new_stories
from quality.quarantine as waiting
cross join unnest(waiting.failed_rules) as failed (rule)
where waiting.resolution is null
group by
    rule
order by
    stories desc,
    rule
