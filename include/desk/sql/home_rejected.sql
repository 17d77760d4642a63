-- home_rejected: the files of a time that were rejected, newest first.
-- grain    one row per delivery
-- reads    meta.deliveries
-- takes    $since: a time; $files: how many
-- gives    name, size and reason
select
    delivery.page_id,
    delivery.inbox,
    delivery.name,
    delivery.size_bytes,
    delivery.reason,
    delivery.ingested_at,
    delivery.run_id
from meta.deliveries as delivery
where delivery.outcome = 'rejected' and delivery.ingested_at >= $since
order by
    delivery.ingested_at desc,
    delivery.name
limit $files
