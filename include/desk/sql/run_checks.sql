-- run_checks: the rules that the gate checked on a run as a whole.
-- grain    one row per rule
-- reads    quality.results, quality.gate_openings
-- takes    $run
-- gives    status, figure, bound, and who opened the gate for it; broken ones first
select
    result.rule_id,
    result.severity,
    result.status,
    result.observed,
    result.bound,
    opening.opened_by
from quality.results as result
left join quality.gate_openings as opening
    on result.run_id = opening.run_id
    and result.rule_id = opening.rule_id
where result.run_id = $run and result.suite = 'run'
order by
    result.status,
    result.rule_id
