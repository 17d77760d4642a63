-- page_overrides: the corrections of a page that are in force.
-- grain    one row per correction
-- reads    quality.overrides
-- takes    $page_id
-- gives    what each says, whose word it is and when; newest first
select
    said.override_id,
    said.line_no,
    said.line_text,
    said.outlet,
    said.pattern,
    said.action,
    said.role,
    said.value,
    said.note,
    said.made_by,
    said.made_at
from quality.overrides as said
where said.page_id = $page_id
qualify
    row_number() over (
        partition by said.override_id
        order by said.made_at desc
    ) = 1
    and not said.is_withdrawn
order by
    said.made_at desc,
    said.override_id
