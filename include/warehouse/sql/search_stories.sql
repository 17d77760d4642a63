-- search_stories: stories that have all words of a text, without case or accents.
-- grain    one row per story, newest first
-- reads    main.stories
-- takes    q: words; most: rows at most
-- gives    the story's keys, headline and outlet, and the body around the first word
-- why      any DuckDB program has this macro. Copydesk's own connections replace it by
--          search_indexed.sql, which asks the search index; only that ranks and has operators
with search as (
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
        search.words
    from main.stories as story
    cross join search
    where case
        when search.is_query
            then error(
                'search_stories: operators, quotes and fields need the search index. Run '
                || '`python -m include analyze`, then ask `python -m include query` or `search`.'
            )
        else true
    end
),
matches as (
    select
        texts.*,
        instr(strip_accents(lower(texts.body)), texts.words[1]) as first_word_at
    from texts
    where len(list_filter(texts.words, lambda word: not contains(texts.text, word))) = 0
)
select
    matches.story_id,
    matches.source_name,
    matches.story_no,
    matches.headline,
    matches.outlet,
    matches.published_at,
    substring(matches.body, greatest(coalesce(matches.first_word_at, 1) - 60, 1), 160) as around,
    null::double as score
from matches
order by
    matches.published_at desc nulls last,
    matches.source_name,
    matches.story_no
limit most
