-- search_indexed: the stories that a search finds in the index, best first.
-- grain    one row per story
-- reads    main.pages; search_index(q, most), a function of Copydesk's connections
-- takes    q: the search (docs/analysis.md has its grammar); most: rows at most
-- gives    the columns of search_stories.sql, whose macro it replaces in Copydesk's connections
-- why      a story that has left the warehouse since it was indexed is not shown
with hits as (
    select unnest(search_index(q, most)) as hit
),
stories as (
    select unnest(hit)
    from hits
)
select
    story.story_id,
    story.source_name,
    story.story_no,
    story.headline,
    story.outlet,
    story.published_at,
    story.around,
    story.score
from stories as story
semi join main.pages as page using (page_id, run_id)
order by
    story.score desc,
    story.published_at desc nulls last,
    story.source_name,
    story.story_no
