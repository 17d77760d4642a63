-- page_overrides: the corrections of a page that are in force.
-- grain    one row per correction
-- reads    quality.overrides
-- takes    $page_id
-- gives    what each says, who wrote it and when; newest first
select
    correction.override_id,
    correction.line_no,
    correction.line_text,
    correction.outlet,
    correction.pattern,
    correction.action,
    correction.role,
    correction.value,
    correction.note,
    correction.made_by,
    correction.made_at
from quality.overrides as correction
where correction.page_id = $page_id and not correction.is_withdrawn
order by
    correction.made_at desc,
    correction.override_id
