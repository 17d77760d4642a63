-- quality.resplit_changes: what a re-split changed or would have changed.
-- grain    one row per story added, gone or changed in a run, and decision
-- reads    lake.resplit_changes
-- gives    the columns of lake.resplit_changes
-- why      whoever cites a story can see which splitter changed it, and who approved it
select
    changes.page_id,
    changes.source_name,
    changes.outlet,
    changes.change,
    changes.what,
    changes.story_id_before,
    changes.story_id_after,
    changes.headline_before,
    changes.headline_after,
    changes.verdict_before,
    changes.verdict_after,
    changes.body_chars_before,
    changes.body_chars_after,
    changes.changed_chars,
    changes.diff,
    changes.splitter_version_before,
    changes.splitter_version_after,
    changes.decision,
    changes.decided_by,
    changes.decided_at,
    changes.run_id,
    changes.ingested_at,
    changes.ingest_day
from lake.resplit_changes as changes
