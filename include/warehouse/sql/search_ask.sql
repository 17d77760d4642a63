-- search_ask: the stories that a search finds.
-- grain    one row per story, best first
-- reads    the macro search_stories
-- takes    $q: the search; $most: rows at most
-- gives    the columns of the macro, in its order
-- why      Python and the terminal run the same search as SQL
select
    story_id,
    source_name,
    story_no,
    headline,
    outlet,
    published_at,
    around,
    score
from search_stories($q, most := $most)
order by
    score desc,
    published_at desc nulls last,
    source_name,
    story_no
