-- chrome_example: a page that has a line of the chrome book.
-- grain    at most one row
-- reads    main.chrome_book, main.chrome
-- takes    $line_id
-- gives    the page and the line's number on it
-- why      only the day on which the line was last seen is read
with line as (
    select
        book.text,
        book.last_seen_at::date as day
    from main.chrome_book as book
    where book.line_id = $line_id
    limit 1
)
select
    span.page_id,
    span.line_no
from main.chrome as span
where
    span.ingest_day = (select line.day from line)
    and lower(trim(span.text)) = (select lower(trim(line.text)) from line)
order by span.page_id
limit 1
