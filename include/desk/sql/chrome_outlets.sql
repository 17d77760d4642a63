-- chrome_outlets: what the chrome book knows of each outlet.
-- grain    one row per outlet; outlet is null for lines of any outlet
-- reads    main.chrome_book
-- takes    $rows: how many
-- gives    lines, the pages that have the commonest, and since when; most lines first
select
    line.outlet,
    count(*) as lines,
    max(line.pages) as most_pages,
    min(line.first_seen_at) as first_seen_at,
    max(line.last_seen_at) as last_seen_at,
    max(line.book_version) as book_version,
    max(line.built_at) as built_at
from main.chrome_book as line
group by line.outlet
order by
    lines desc,
    line.outlet
limit $rows
