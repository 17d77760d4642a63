-- quality.overrides: what people set right about splits, as it holds now.
-- grain    one row an override; withdrawn ones are in it, and hold no more
-- reads    lake.overrides
-- gives    the columns of lake.overrides
-- why      every later split of these pages follows them
select
    said.override_id,
    said.page_id,
    said.source_name,
    said.line_no,
    said.line_text,
    said.outlet,
    said.pattern,
    said.action,
    said.role,
    said.value,
    said.is_withdrawn,
    said.note,
    said.made_by,
    said.made_at
from lake.overrides as said
qualify row_number() over (
    partition by said.override_id
    order by said.made_at desc
) = 1
