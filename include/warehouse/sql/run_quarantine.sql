-- run_quarantine: stories that a run set aside, and the rules they broke.
-- grain    one row per story
-- reads    quality.quarantine
-- takes    $run_id: the run
-- gives    what a person needs to recognize the story, and the ids of its rules
-- why      `make run` shows what waits for review
select
    story.source_name,
    story.story_no,
    story.story_id,
    story.headline,
    story.failed_rules
from quality.quarantine as story
where story.run_id = $run_id
order by
    story.source_name,
    story.story_no
