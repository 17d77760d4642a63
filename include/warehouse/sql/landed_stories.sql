-- landed_stories: stories that stand, of one run or of all.
-- grain    one row a story
-- reads    main.stories
-- takes    $run_id: a run, or null for all
-- gives    what a person needs to recognise a story
-- why      what `make run` shows when it is done
select
    story.source_name,
    story.story_no,
    story.story_id,
    story.headline,
    story.outlet,
    story.published_at,
    story.language,
    story.words,
    story.confidence,
    story.quality_flags,
    story.run_id
from main.stories as story
where $run_id is null or story.run_id = $run_id
order by
    story.source_name,
    story.story_no
