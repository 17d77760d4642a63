-- quality.resplit_changes: what splitting pages again changed, story by story, landed or not.
-- grain    one row a story added, gone or changed in one run, by what was decided
-- reads    lake.resplit_changes
-- gives    the columns of lake.resplit_changes
-- why      whoever cites a story can see which splitter changed it, and who let it
select
    told.page_id,
    told.source_name,
    told.outlet,
    told.change,
    told.what,
    told.story_id_before,
    told.story_id_after,
    told.headline_before,
    told.headline_after,
    told.verdict_before,
    told.verdict_after,
    told.body_chars_before,
    told.body_chars_after,
    told.changed_chars,
    told.diff,
    told.splitter_version_before,
    told.splitter_version_after,
    told.decision,
    told.decided_by,
    told.decided_at,
    told.run_id,
    told.ingested_at,
    told.ingest_day
from lake.resplit_changes as told
