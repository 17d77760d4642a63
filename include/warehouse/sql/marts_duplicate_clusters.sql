-- marts.duplicate_clusters: groups of copies, and how many of the stories changed the text.
-- grain    one row per cluster of marts.duplicate_stories
-- reads    marts.duplicate_stories
-- gives    what came first, who has it, how many copied it whole and how many changed it
-- why      twelve outlets may carry one agency text
select
    story.cluster_id,
    any_value(story.first_story_id) as first_story_id,
    any_value(story.headline) filter (where story.is_first) as first_headline,
    any_value(story.outlet) filter (where story.is_first) as first_outlet,
    min(coalesce(story.published_at, story.ingested_at)) as first_seen_at,
    max(coalesce(story.published_at, story.ingested_at)) as last_seen_at,
    count(*) as stories,
    count(distinct story.text_id) as texts,
    count(distinct story.outlet) as outlets,
    list(distinct story.outlet order by story.outlet) filter (where story.outlet is not null)
        as outlet_names,
    list_sort(list_distinct(flatten(list(story.agencies)))) as agencies,
    count(*) filter (where story.relation = 'exact') as exact_copies,
    count(*) filter (where story.relation = 'copied') as copied,
    count(*) filter (where story.relation = 'adapted') as adapted,
    avg(story.copied_share) as mean_copied_share
from marts.duplicate_stories as story
group by story.cluster_id
