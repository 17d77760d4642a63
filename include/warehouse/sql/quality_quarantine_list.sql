-- quality.quarantine_list: the stories that were set aside, without their texts.
-- grain    one row per story
-- reads    quality.quarantine
-- gives    what a person needs to choose, and the beginning of the text
-- why      as main.story_list: a table in the warehouse, so that what waits is counted and listed
--          without opening a file of the lake per day
select
    aside.story_id,
    aside.text_hash,
    aside.page_id,
    aside.story_no,
    aside.source_name,
    aside.headline,
    left(aside.body, 1200) as beginning,
    aside.body_chars,
    aside.outlet,
    aside.published_at,
    aside.confidence,
    aside.reasons,
    aside.quality_flags,
    aside.failed_rules,
    aside.observed,
    aside.resolution,
    aside.run_id,
    aside.ingested_at,
    aside.ingest_day
from quality.quarantine as aside
order by
    aside.ingested_at,
    aside.page_id,
    aside.story_no
