-- waiting: the stories that wait for a person, for one cause or all.
-- grain    one row per story
-- reads    quality.quarantine_list
-- takes    $rules: the rules they failed, all of them, or null; $rows: how many
-- gives    what a person needs to decide; longest waiting first
select
    waiting.story_id,
    waiting.text_hash,
    waiting.page_id,
    waiting.story_no,
    waiting.source_name,
    waiting.headline,
    waiting.beginning,
    waiting.body_chars,
    waiting.outlet,
    waiting.published_at,
    waiting.confidence,
    waiting.reasons,
    waiting.failed_rules,
    waiting.observed,
    waiting.ingested_at,
    count(*) over () as stories
from quality.quarantine_list as waiting
where
    waiting.resolution is null
    and ($rules::varchar[] is null or waiting.failed_rules = $rules)
order by
    waiting.ingested_at,
    waiting.page_id,
    waiting.story_no
limit $rows
