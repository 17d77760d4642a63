-- quality.rule_trend: how often each rule fired, run by run.
-- grain    one row per rule and run
-- reads    quality.results
-- gives    rows checked and failed, the rate, and the rate in the run before
-- why      a rule that fires more than it used to points to a change in the input or in the code
with fired as (
    select
        result.suite,
        result.rule_id,
        any_value(result.severity) as severity,
        any_value(result.scope) as scope,
        result.run_id,
        min(result.ingested_at) as ingested_at,
        sum(result.evaluated)::bigint as evaluated,
        sum(result.failed)::bigint as failed
    from quality.results as result
    group by
        result.suite,
        result.rule_id,
        result.run_id
),
rated as (
    select
        fired.*,
        case when fired.evaluated > 0 then fired.failed / fired.evaluated end as fail_rate
    from fired
)
select
    rated.suite,
    rated.rule_id,
    rated.severity,
    rated.scope,
    rated.run_id,
    rated.ingested_at,
    rated.evaluated,
    rated.failed,
    rated.fail_rate,
    lag(rated.fail_rate) over (
        partition by rated.suite, rated.rule_id
        order by rated.ingested_at, rated.run_id
    ) as rate_before
from rated
