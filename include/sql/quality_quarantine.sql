-- quality.quarantine: one story that failed a critical rule, of a standing page.
-- grain    one row a story
-- reads    lake.quarantine, main.pages
-- gives    the columns of lake.quarantine
-- why      what failed waits here for a person
select
    found.story_id,
    found.page_id,
    found.source_name,
    found.story_no,
    found.page_stories,
    found.headline,
    found.deck,
    found.body,
    found.byline,
    found.dateline,
    found.published_at,
    found.published_precision,
    found.published_source,
    found.outlet,
    found.agencies,
    found.tags,
    found.captions,
    found.language,
    found.words,
    found.body_chars,
    found.page_chars,
    found.headline_spans,
    found.body_spans,
    found.caption_spans,
    found.other_spans,
    found.chrome_hits,
    found.confidence,
    found.reasons,
    found.text_hash,
    found.splitter_version,
    found.quality_flags,
    found.failed_rules,
    found.observed,
    found.suite_version,
    found.resolution,
    found.resolved_at,
    found.resolved_by,
    found.run_id,
    found.ingested_at,
    found.ingest_day
from lake.quarantine as found
semi join main.pages as page using (page_id, run_id)
