-- chrome_lines: the lines that the chrome book knows, of one outlet or of all.
-- grain    one row per line and outlet
-- reads    main.chrome_book
-- takes    $outlet: its name, empty for lines of any outlet, or null for all; $rows: how many
-- gives    the line, on how many pages it is, how often within a story, and since when
select
    line.outlet,
    line.line_id,
    line.text,
    line.words,
    line.pages,
    line.story_pages,
    line.stories,
    line.first_seen_at,
    line.last_seen_at
from main.chrome_book as line
where $outlet::varchar is null or coalesce(line.outlet, '') = $outlet
order by
    line.pages desc,
    line.line_id
limit $rows
