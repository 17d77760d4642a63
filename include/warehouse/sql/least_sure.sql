-- least_sure: the stories the splitter is least sure of.
-- grain    one row a story
-- reads    main.stories, meta.deliveries
-- takes    $stories: how many at most
-- gives    the story, how sure, and the file it came in
-- why      what `python -m include show --least-sure` lists, for a person to look at
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
