-- lake_resplits: the re-splits of history, and what became of each.
-- grain    one row per re-split
-- reads    quality.resplits
-- takes    $rows: how many
-- gives    decision and counts over all outlets; newest first
select
    again.run_id,
    max(again.ingested_at) as ingested_at,
    any_value(again.decision) as decision,
    any_value(again.decided_by) as decided_by,
    max(again.decided_at) as decided_at,
    sum(again.pages)::bigint as pages,
    sum(again.added)::bigint as added,
    sum(again.gone)::bigint as gone,
    sum(again.changed)::bigint as changed,
    sum(again.changed_chars)::bigint as changed_chars
from quality.resplits as again
group by again.run_id
order by
    ingested_at desc,
    again.run_id desc
limit $rows
