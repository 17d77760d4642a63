-- main.chrome: one span of a standing page that is no story.
-- grain    one row a span
-- reads    lake.chrome, main.pages
-- gives    the columns of lake.chrome
-- why      what was left out is as much an answer as what was kept
select
    found.page_id,
    found.chrome_no,
    found.line_no,
    found."start",
    found."end",
    found.role,
    found.reason,
    found.text,
    found.run_id,
    found.ingested_at,
    found.ingest_day
from lake.chrome as found
semi join main.pages as page using (page_id, run_id)
