-- quality_rule: the runs in which a rule fired.
-- grain    one row per run
-- reads    quality.rule_trend
-- takes    $rule; $rows: how many
-- gives    how many rows it looked at and how many broke it; newest first
select
    trend.suite,
    trend.severity,
    trend.scope,
    trend.run_id,
    trend.ingested_at,
    trend.evaluated,
    trend.failed,
    trend.fail_rate
from quality.rule_trend as trend
where trend.rule_id = $rule
order by
    trend.ingested_at desc,
    trend.run_id desc
limit $rows
