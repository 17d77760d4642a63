-- quality_rules: how often each rule fired in the last runs.
-- grain    one row per rule
-- reads    quality.rule_trend
-- takes    $suite: a suite, or null for all; $runs: how many
-- gives    the share that broke it per run, oldest first; rules that fired come first
with numbered as (
    select
        trend.*,
        row_number() over (
            partition by trend.suite, trend.rule_id
            order by trend.ingested_at desc, trend.run_id desc
        ) as back
    from quality.rule_trend as trend
    where $suite::varchar is null or trend.suite = $suite
)
select
    numbered.suite,
    numbered.rule_id,
    any_value(numbered.severity) as severity,
    any_value(numbered.scope) as scope,
    list(numbered.fail_rate order by numbered.back desc) as rates,
    max(numbered.fail_rate) filter (numbered.back = 1) as last_rate,
    sum(numbered.failed)::bigint as failed,
    sum(numbered.evaluated)::bigint as evaluated
from numbered
where numbered.back <= $runs
group by
    numbered.suite,
    numbered.rule_id
order by
    sum(numbered.failed) > 0 desc,
    max(numbered.fail_rate) filter (numbered.back = 1) desc nulls last,
    numbered.suite,
    numbered.rule_id
