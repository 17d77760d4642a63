-- story_quotes: the quotes of a story, in order.
-- grain    one row per quote
-- reads    lake.quotes, meta.analyses
-- takes    $story_id, and its $page_id, $day and $run_id
-- gives    its words, who says them, and where they are in the body
select
    quote.quote_no,
    quote.kind,
    quote.text,
    quote.speaker,
    quote.cue,
    quote.spans
from lake.quotes as quote
semi join meta.analyses as analysis on quote.analysis_id = analysis.analysis_id
where
    quote.ingest_day = $day
    and quote.page_id = $page_id
    and quote.run_id = $run_id
    and quote.story_id = $story_id
order by quote.quote_no
