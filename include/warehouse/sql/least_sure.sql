-- least_sure: the current stories of lowest confidence.
-- grain    one row per story
-- reads    main.stories, meta.deliveries
-- takes    $stories: the maximum number
-- gives    the story, its confidence, and the file it came from
-- why      `python -m include show --least-sure` lists them for review
select
    story.story_id,
    story.story_no,
    story.page_stories,
    story.headline,
    story.confidence,
    story.reasons,
    story.language,
    story.words,
    story.source_name,
    delivery.inbox
from main.stories as story
left join meta.deliveries as delivery
    on story.page_id = delivery.page_id
    and story.source_name = delivery.name
    and delivery.is_current
order by
    story.confidence,
    story.source_name,
    story.story_no
limit $stories
