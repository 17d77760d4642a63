-- why_members: what became of the members of an archive, as each was met last.
-- grain    one row a member
-- reads    meta.deliveries
-- takes    $key: the archive's name, path or the end of it from a '/' on; $members: how many
-- gives    outcome and stories, and how many members there are in all
-- why      an archive is asked for by its own name; its pages go by `archive!member`
select
    delivery.inbox,
    delivery.name,
    delivery.page_id,
    delivery.outcome,
    delivery.reason,
    delivery.stories_landed,
    delivery.stories_quarantined,
    delivery.ingested_at,
    delivery.run_id,
    count(*) over () as members
from meta.deliveries as delivery
where
    delivery.outcome not in ('resplit', 'replaced')
    and (
        starts_with(delivery.name, concat($key, '!'))
        or contains(delivery.name, concat('/', $key, '!'))
        or starts_with(concat(delivery.inbox, '/', delivery.name), concat($key, '!'))
    )
qualify row_number() over (
    partition by
        delivery.inbox,
        delivery.name
    order by
        delivery.ingested_at desc,
        delivery.run_id desc
) = 1
order by
    delivery.inbox,
    delivery.name
limit $members
