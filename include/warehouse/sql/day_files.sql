-- day_files: what became of the files that arrived since a time.
-- grain    one row an outcome and reason
-- reads    meta.deliveries
-- takes    $since: a time
-- gives    the outcome, its reason if there is one, and how many files
-- why      `doctor` says each morning what was rejected, and why
select
    delivery.outcome,
    delivery.reason,
    count(*) as files
from meta.deliveries as delivery
where delivery.ingested_at >= $since and delivery.outcome not in ('resplit', 'replaced')
group by
    delivery.outcome,
    delivery.reason
order by
    files desc,
    delivery.outcome,
    delivery.reason
