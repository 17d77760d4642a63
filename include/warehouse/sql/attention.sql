-- attention: which share of each outlet's stories has a word, day by day.
-- grain    one row per day and outlet (null: unknown) that has any story
-- reads    main.stories, marts.story_dates, marts.story_outlets
-- takes    term: a word, or words in a row; case and accents make no difference
-- gives    the stories that have it, all stories, and the share; days of publication, else of
--          ingestion
-- why      a share compares outlets of different size, and days with more and less news
with search as (
    select
        strip_accents(lower(term)) as folded,
        '(^|[^\p{L}\p{N}])' || regexp_escape(strip_accents(lower(term))) || '($|[^\p{L}\p{N}])'
            as pattern,
        regexp_matches(term, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]') as has_no_blanks
),
dated as (
    select
        coalesce(
            (coalesce(story.published_at, known.published_at) at time zone 'UTC')::date,
            story.ingest_day
        ) as day,
        coalesce(story.outlet, found.name) as outlet,
        strip_accents(lower(concat_ws(chr(10), story.headline, story.body))) as text
    from main.stories as story
    left join marts.story_dates as known using (story_id)
    left join marts.story_outlets as found using (story_id)
)
select
    dated.day,
    dated.outlet,
    count(*) filter (
        where contains(dated.text, search.folded)
        and (search.has_no_blanks or regexp_matches(dated.text, search.pattern))
    ) as stories,
    count(*) as all_stories,
    count(*) filter (
        where contains(dated.text, search.folded)
        and (search.has_no_blanks or regexp_matches(dated.text, search.pattern))
    ) / count(*) as share
from dated
cross join search
group by
    dated.day,
    dated.outlet
order by
    dated.day,
    dated.outlet
