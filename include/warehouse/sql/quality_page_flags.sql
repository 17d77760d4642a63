-- quality.page_flags: rules on pages that current pages broke.
-- grain    one row per page and rule
-- reads    lake.page_flags, main.pages
-- gives    the columns of lake.page_flags
-- why      a page is never set aside; this is where its defects are listed
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
