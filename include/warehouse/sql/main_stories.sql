-- main.stories: one story of a page that stands.
-- grain    one row a story
-- reads    lake.stories, main.pages
-- gives    the columns of lake.stories
-- why      rows of superseded pages leave the lake a moment after the page that replaces them lands,
--          and a killed run leaves rows: neither is ever shown
select
    found.story_id,
    found.page_id,
    found.source_name,
    found.story_no,
    found.page_stories,
    found.headline,
    found.headline_source,
    found.deck,
    found.body,
    found.byline,
    found.dateline,
    found.published_at,
    found.published_precision,
    found.published_source,
    found.outlet,
    found.url,
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
    found.hash_version,
    found.splitter_version,
    found.quality_flags,
    found.run_id,
    found.ingested_at,
    found.ingest_day
from lake.stories as found
semi join main.pages as page using (page_id, run_id)
