-- selected_export: the whole selection, with its texts.
-- grain    one row per story
-- reads    selected.sql, main.stories
-- takes    $rows: how many at most
-- gives    what a spreadsheet or a notebook starts from
select
    story.story_id,
    story.page_id,
    story.source_name,
    story.story_no,
    story.headline,
    story.deck,
    story.body,
    story.byline,
    story.dateline,
    story.published_at,
    story.published_precision,
    story.published_source,
    story.outlet,
    story.url,
    story.agencies,
    story.tags,
    story.language,
    story.words,
    story.confidence,
    story.quality_flags,
    selected.score,
    story.ingested_at
from selected
inner join main.stories as story on selected.story_id = story.story_id
order by
    selected.score desc nulls last,
    story.published_at desc nulls last,
    story.story_id
limit $rows
