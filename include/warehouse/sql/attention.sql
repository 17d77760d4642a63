-- attention: which share of each outlet's stories has a word, day by day.
-- grain    one row per day and outlet (null: unknown) that has any story
-- reads    main.stories, marts.story_dates, marts.story_outlets
-- takes    term: a word, or words in a row; case and accents make no difference
-- gives    the stories that have it, all stories, and the share; days of publication, else of
--          ingestion
-- why      a share compares outlets of different size, and days with more and less news. The
--          pattern is written where it is used, so that it is a constant and compiled once
with texts as (
    select
        story.story_id,
        story.outlet,
        story.published_at,
        story.ingest_day,
        strip_accents(lower(concat_ws(chr(10), story.headline, story.body))) as text
    from main.stories as story
),
dated as (
    select
        coalesce(
            (coalesce(texts.published_at, known.published_at) at time zone 'UTC')::date,
            texts.ingest_day
        ) as day,
        coalesce(texts.outlet, found.name) as outlet,
        case
            when not contains(texts.text, strip_accents(lower(term))) then false
            -- languages without blanks between words
            when regexp_matches(term, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]') then true
            else regexp_matches(
                texts.text,
                '(?:^|[^\p{L}\p{N}])' || regexp_escape(strip_accents(lower(term)))
                || '(?:$|[^\p{L}\p{N}])'
            )
        end as has_term
    from texts
    left join marts.story_dates as known using (story_id)
    left join marts.story_outlets as found using (story_id)
)
select
    dated.day,
    dated.outlet,
    count(*) filter (where dated.has_term) as stories,
    count(*) as all_stories,
    count(*) filter (where dated.has_term) / count(*) as share
from dated
group by
    dated.day,
    dated.outlet
order by
    dated.day,
    dated.outlet
