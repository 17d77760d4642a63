-- quality_gate: the gate's rules that runs broke, and who let the run pass.
-- grain    one row per run and rule
-- reads    quality.results, quality.gate_openings
-- takes    $rows: how many
-- gives    what was observed and the bound; newest first
select
    result.run_id,
    result.ingested_at,
    result.rule_id,
    result.severity,
    result.observed,
    result.bound,
    opening.opened_by,
    opening.opened_at
from quality.results as result
left join quality.gate_openings as opening
    on result.run_id = opening.run_id
    and result.rule_id = opening.rule_id
where result.suite = 'run' and result.status = 'fail'
order by
    result.ingested_at desc,
    result.rule_id
limit $rows
