-- run_files: files that one run did not take, and why.
-- grain    one row a delivery
-- reads    meta.deliveries
-- takes    $run_id: the run
-- gives    the file's name, what became of it, and the reason
-- why      nothing is dropped in silence: `make run` lists what was rejected
select
    delivery.name,
    delivery.outcome,
    delivery.reason
from meta.deliveries as delivery
where
    delivery.run_id = $run_id
    and delivery.outcome in ('rejected', 'no_story')
order by
    delivery.name
