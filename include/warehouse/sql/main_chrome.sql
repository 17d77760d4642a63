-- main.chrome: spans of current pages that belong to no story.
-- grain    one row per span
-- reads    lake.chrome, main.pages
-- gives    the columns of lake.chrome
-- why      shows what was left out of the stories
select
    span.page_id,
    span.chrome_no,
    span.line_no,
    span."start",
    span."end",
    span.role,
    span.reason,
    span.text,
    span.run_id,
    span.ingested_at,
    span.ingest_day
from lake.chrome as span
semi join main.pages as page using (page_id, run_id)
