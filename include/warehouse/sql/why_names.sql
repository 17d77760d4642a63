-- why_names: the names under which some pages are current.
-- grain    one row per page and name
-- reads    meta.deliveries
-- takes    $pages: page_ids
-- gives    the page, and the name and inbox that have it as their newest
-- why      a revised page stays current while another name has its bytes
select
    page_id,
    name,
    inbox
from meta.deliveries
where is_current and list_contains($pages::varchar[], page_id)
order by
    page_id,
    name,
    inbox
