-- search_stories: stories that have all words of a text, without case or accents.
-- grain    one row per story, newest first
-- reads    main.stories
-- takes    q: words; most: rows at most
-- gives    the story's keys, headline and outlet, and the body around the first word
-- why      any DuckDB program has this macro. Copydesk's own connections put search_found.sql in
--          its place, which asks the search index; only that ranks and knows operators
with asked as (
    select
        list_filter(
            string_split_regex(strip_accents(lower(q)), '\s+'),
            lambda word: word <> ''
        ) as words,
        regexp_matches(
            q,
            '(^|\s)(AND|OR|NOT)\s|"[^"]+"|(^|\s)-[^\s-]|(?i:\b(headline|outlet|language|after|before):)'
        ) as is_query
),
texts as (
    select
        story.story_id,
        story.source_name,
        story.story_no,
        story.headline,
        story.outlet,
        story.published_at,
        story.body,
        strip_accents(lower(concat_ws(chr(10), story.headline, story.body))) as text,
        asked.words
    from main.stories as story
    cross join asked
    where case
        when asked.is_query
            then error(
                'search_stories: operators, quotes and fields need the search index. Run '
                || '`python -m include analyze`, then ask `python -m include query` or `search`.'
            )
        else true
    end
),
held as (
    select
        texts.*,
        instr(strip_accents(lower(texts.body)), texts.words[1]) as found_at
    from texts
    where len(list_filter(texts.words, lambda word: not contains(texts.text, word))) = 0
)
select
    held.story_id,
    held.source_name,
    held.story_no,
    held.headline,
    held.outlet,
    held.published_at,
    substring(held.body, greatest(coalesce(held.found_at, 1) - 60, 1), 160) as around,
    null::double as score
from held
order by
    held.published_at desc nulls last,
    held.source_name,
    held.story_no
limit most
