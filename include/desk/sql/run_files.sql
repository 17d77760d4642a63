-- run_files: the files that a run met.
-- grain    one row per delivery
-- reads    meta.deliveries
-- takes    $run; $rows: how many
-- gives    outcome, reason and stories; those that were not taken in full first
select
    delivery.page_id,
    delivery.name,
    delivery.outcome,
    delivery.reason,
    delivery.size_bytes,
    delivery.stories_landed,
    delivery.stories_quarantined
from meta.deliveries as delivery
where delivery.run_id = $run
order by
    delivery.outcome = 'landed',
    delivery.name
limit $rows
