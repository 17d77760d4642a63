-- why_overrides: the corrections that bear on some pages: their own, and their outlets'.
-- grain    one row a page and correction
-- reads    quality.overrides, main.pages, main.stories, quality.quarantine
-- takes    $pages: page_ids
-- gives    what each says, whose word it is, and whether it was withdrawn
-- why      a part of what `python -m include why` answers
with page as (
    select unnest($pages::varchar[]) as page_id
),
outlet_of as (
    select page_id, outlet
    from main.pages
    semi join page using (page_id)
    union
    select page_id, outlet
    from main.stories
    semi join page using (page_id)
    union
    select page_id, outlet
    from quality.quarantine
    semi join page using (page_id)
)
select distinct
    coalesce(said.page_id, outlet_of.page_id) as page_id,
    said.override_id,
    said.line_no,
    said.line_text,
    said.outlet,
    said.pattern,
    said.action,
    said.role,
    said.is_withdrawn,
    said.note,
    said.made_by,
    said.made_at
from quality.overrides as said
left join outlet_of on lower(said.outlet) = lower(outlet_of.outlet)
where
    outlet_of.page_id is not null
    or said.page_id in (select page_id from page)
order by
    said.made_at,
    said.override_id
