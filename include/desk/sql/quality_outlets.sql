-- quality_outlets: the outlets whose stories break the most rules.
-- grain    one row per outlet
-- reads    quality.worst_outlets
-- takes    $outlets: how many
-- gives    shares of stories set aside and flagged, and the rule broken most
select
    worst.outlet,
    worst.stories,
    worst.quarantined,
    worst.flagged,
    worst.quarantined_share,
    worst.broken_share,
    worst.mean_confidence,
    worst.worst_rule,
    worst.worst_rule_stories
from quality.worst_outlets as worst
order by
    worst.broken_share desc nulls last,
    worst.stories desc,
    worst.outlet
limit $outlets
