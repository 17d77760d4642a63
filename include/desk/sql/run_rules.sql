-- run_rules: the rules that a run's pages and stories broke.
-- grain    one row per suite and rule
-- reads    quality.results
-- takes    $run
-- gives    how often, what was observed and the bound
select
    result.suite,
    result.rule_id,
    result.severity,
    sum(result.failed)::bigint as failed,
    sum(result.evaluated)::bigint as evaluated,
    max(result.observed) as observed,
    any_value(result.bound) as bound
from quality.results as result
where
    result.run_id = $run
    and result.suite <> 'run'
    and (result.failed > 0 or result.status = 'fail')
group by
    result.suite,
    result.rule_id,
    result.severity
order by
    failed desc,
    result.rule_id
