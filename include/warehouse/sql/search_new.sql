-- search_new: the stories that the search index does not hold.
-- grain    one row per story
-- reads    main.stories; indexed: the splits of pages that the index holds
-- gives    the columns that are indexed, and those that a search returns
-- why      an update of the index reads new stories only
select
    story.story_id,
    story.page_id,
    story.run_id,
    story.source_name,
    story.story_no,
    story.headline,
    story.outlet,
    story.published_at,
    story.language,
    story.body
from main.stories as story
anti join indexed using (page_id, run_id)
