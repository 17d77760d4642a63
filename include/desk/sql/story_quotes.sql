-- story_quotes: the quotes of a story, in order.
-- grain    one row per quote
-- reads    marts.quotes
-- takes    $story_id
-- gives    its words, who says them, and where they are in the body
select
    quote.quote_no,
    quote.kind,
    quote.text,
    quote.speaker,
    quote.cue,
    quote.spans
from marts.quotes as quote
where quote.story_id = $story_id
order by quote.quote_no
