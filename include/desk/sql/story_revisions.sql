-- story_revisions: earlier texts of a story, and stories that it replaced.
-- grain    one row per text that left the lake
-- reads    main.story_revisions
-- takes    $story_id
-- gives    why it left, how alike the new one is, and the difference; newest first
select
    old.story_id,
    old.headline,
    old.landed_at,
    old.ingested_at as left_at,
    old.reason,
    old.similarity,
    old.diff,
    old.new_story_id,
    old.words,
    old.splitter_version
from main.story_revisions as old
where old.new_story_id = $story_id or old.story_id = $story_id
order by
    old.ingested_at desc,
    old.story_id
