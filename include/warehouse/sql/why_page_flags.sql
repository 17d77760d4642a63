-- why_page_flags: the rules on pages that some pages broke.
-- grain    one row a page and rule
-- reads    quality.page_flags
-- takes    $pages: page_ids
-- gives    the rule and the figure that broke it
-- why      a part of what `python -m include why` answers
select
    flag.page_id,
    flag.rule_id,
    flag.severity,
    flag.observed
from quality.page_flags as flag
where flag.page_id in (select unnest($pages::varchar[]))
order by
    flag.page_id,
    flag.rule_id
