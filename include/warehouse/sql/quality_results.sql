-- quality.results: results of the rules, for runs that landed.
-- grain    one row per rule and batch, or rule and run
-- reads    lake.quality_results, meta.deliveries, meta.runs
-- gives    the columns of lake.quality_results
-- why      results are committed before the run lands; those of a killed run are left out
with landed as (
    select run_id
    from meta.deliveries
    union
    select run_id
    from meta.runs
)
select
    result.batch_id,
    result.suite,
    result.suite_version,
    result.rule_id,
    result.expectation,
    result.check_column,
    result.severity,
    result.scope,
    result.status,
    result.evaluated,
    result.failed,
    result.observed,
    result.bound,
    result.checked_at,
    result.run_id,
    result.ingested_at,
    result.ingest_day
from lake.quality_results as result
semi join landed using (run_id)
