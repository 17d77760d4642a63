-- main.chrome_book: lines that sites repeat, in the newest chrome book.
-- grain    one row per line and outlet; outlet is null for lines of the whole corpus
-- reads    lake.chrome_book
-- gives    its columns
-- why      people can check what was learnt from the corpus
select
    line.outlet,
    line.line_id,
    line.text,
    line.words,
    line.pages,
    line.story_pages,
    line.stories,
    line.first_seen_at,
    line.last_seen_at,
    line.book_version,
    line.rule_version,
    line.built_at
from lake.chrome_book as line
