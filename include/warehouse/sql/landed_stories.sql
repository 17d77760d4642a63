-- landed_stories: current stories, of one run or of all runs.
-- grain    one row per story
-- reads    main.stories
-- takes    $run_id: a run, or null for all
-- gives    what a person needs to recognize a story
-- why      `make run` lists them when it is done
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
