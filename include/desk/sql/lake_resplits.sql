-- lake_resplits: the re-splits of history, and what became of each.
-- grain    one row per re-split
-- reads    quality.resplits
-- takes    $rows: how many
-- gives    decision and counts over all outlets; newest first
select
    resplit.run_id,
    max(resplit.ingested_at) as ingested_at,
    any_value(resplit.decision) as decision,
    any_value(resplit.decided_by) as decided_by,
    max(resplit.decided_at) as decided_at,
    sum(resplit.pages)::bigint as pages,
    sum(resplit.added)::bigint as added,
    sum(resplit.gone)::bigint as gone,
    sum(resplit.changed)::bigint as changed,
    sum(resplit.changed_chars)::bigint as changed_chars
from quality.resplits as resplit
group by resplit.run_id
order by
    ingested_at desc,
    resplit.run_id desc
limit $rows
