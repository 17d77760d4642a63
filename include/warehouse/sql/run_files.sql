-- run_files: files that one run did not take, or not whole, and why.
-- grain    one row a delivery
-- reads    meta.deliveries
-- takes    $run_id: the run
-- gives    the file's name, what became of it, and the reason
-- why      nothing is dropped in silence: `make run` lists what was rejected, what held no story, an
--          archive that was not read to its end, and a page whose sidecar told nothing
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
