-- main.story_revisions: stories that left `stories`, and what replaced them.
-- grain    one row per story and time it left
-- reads    lake.story_revisions
-- gives    its columns
-- why      keeps what an outlet published before it rewrote a story
select
    gone.story_id,
    gone.page_id,
    gone.source_name,
    gone.story_no,
    gone.headline,
    gone.deck,
    gone.body,
    gone.byline,
    gone.published_at,
    gone.outlet,
    gone.url,
    gone.language,
    gone.words,
    gone.text_hash,
    gone.hash_version,
    gone.splitter_version,
    gone.landed_run_id,
    gone.landed_at,
    gone.reason,
    gone.replaced_by_page_id,
    gone.new_story_id,
    gone.similarity,
    gone.diff,
    gone.run_id,
    gone.ingested_at,
    gone.ingest_day
from lake.story_revisions as gone
