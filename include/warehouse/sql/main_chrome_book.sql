-- main.chrome_book: the lines that sites repeat, as the newest chrome book has them.
-- grain    one row a line and outlet; outlet is null where the line holds for the whole corpus
-- reads    lake.chrome_book
-- gives    its columns
-- why      what was learnt from the corpus must be open to a person's eye
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
