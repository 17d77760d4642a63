-- search_plain: stories that have some words, found without an index.
-- grain    one row per story, best first
-- reads    search_stories
-- takes    $q: words; $most: how many
-- gives    story_id, around and score, as the index does
select
    hit.story_id,
    hit.around,
    hit.score
from search_stories($q, most := $most) as hit
