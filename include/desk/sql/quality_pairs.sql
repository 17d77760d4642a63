-- quality_pairs: pairs of rules that the same stories break.
-- grain    one row per pair
-- reads    quality.rule_pairs
-- takes    $rows: how many
-- gives    how many stories break both, and how much the two overlap
select
    pair.rule_id,
    pair.with_rule,
    pair.stories,
    pair.overlap
from quality.rule_pairs as pair
order by
    pair.overlap desc,
    pair.stories desc,
    pair.rule_id,
    pair.with_rule
limit $rows
