-- quality.page_flags: standing pages that broke a rule on pages.
-- grain    one row a page and rule
-- reads    lake.page_flags, main.pages
-- gives    the columns of lake.page_flags
-- why      a page is never set aside; what is odd about it is told here
select
    flag.page_id,
    flag.name,
    flag.rule_id,
    flag.severity,
    flag.observed,
    flag.suite_version,
    flag.run_id,
    flag.ingested_at,
    flag.ingest_day
from lake.page_flags as flag
semi join main.pages as page using (page_id, run_id)
