-- run_files: files that a run did not take, or not in full, and why.
-- grain    one row per delivery
-- reads    meta.deliveries
-- takes    $run_id: the run
-- gives    the file's name, its outcome and the reason
-- why      `make run` lists rejected files, pages without a story, archives that were not read to
--          their end, and pages whose sidecar was unreadable
select
    delivery.name,
    delivery.outcome,
    coalesce(
        delivery.reason,
        case when list_contains(delivery.flags, 'sidecar_unreadable') then 'sidecar_unreadable' end
    ) as reason
from meta.deliveries as delivery
where
    delivery.run_id = $run_id
    and (
        delivery.outcome in ('rejected', 'no_story')
        or (delivery.outcome = 'unpacked' and delivery.reason is not null)
        or list_contains(delivery.flags, 'sidecar_unreadable')
    )
order by
    delivery.name
