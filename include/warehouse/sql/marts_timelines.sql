-- marts.timelines: what the stories say about each day or period.
-- grain    one sentence about one day or period, however many stories have it
-- reads    marts.date_mentions, marts.entity_mentions, marts.story_dates, marts.story_outlets,
--          main.stories
-- gives    the sentence, who is named in it, and which stories and outlets have it
-- why      sentences with the same words are one row, so copies of a text count once; a view, since
--          its table would hold every other sentence of every body
with dated as (
    select
        mention.story_id,
        mention.mention_no,
        mention.first_day,
        mention.last_day,
        mention.value,
        mention.text,
        mention.resolved_from,
        mention.sentence_start,
        mention.sentence_end,
        substring(
            story.body, mention.sentence_start + 1, mention.sentence_end - mention.sentence_start
        ) as sentence,
        coalesce(story.outlet, story_outlet.name) as outlet,
        story_date.published_at,
        coalesce(story_date.published_at, story.ingested_at) as seen_at
    from marts.date_mentions as mention
    inner join main.stories as story using (story_id)
    left join marts.story_dates as story_date using (story_id)
    left join marts.story_outlets as story_outlet using (story_id)
    where mention.first_day is not null
),
keyed as (
    select
        *,
        array_to_string(regexp_extract_all(lower(sentence), '[\p{L}\p{N}]+'), ' ') as words
    from dated
),
statement as (
    select
        first_day,
        last_day,
        value,
        words,
        arg_min(
            {
                'story_id': story_id,
                'text': text,
                'sentence': sentence,
                'sentence_start': sentence_start,
                'sentence_end': sentence_end,
                'resolved_from': resolved_from,
                'published_at': published_at
            },
            (seen_at, story_id, mention_no)
        ) as first_story,
        count(distinct story_id) as stories,
        list_sort(list(distinct outlet) filter (where outlet is not null)) as outlets,
        min(seen_at) as first_seen_at
    from keyed
    group by
        first_day,
        last_day,
        value,
        words
),
named as (
    select
        statement.first_story.story_id as story_id,
        statement.first_story.sentence_start as sentence_start,
        list(distinct entity.entity_id order by entity.entity_id) as entity_ids,
        list(distinct entity.name order by entity.name) as entities
    from statement
    inner join marts.entity_mentions as entity
        on statement.first_story.story_id = entity.story_id
        and entity.start >= statement.first_story.sentence_start
        and entity."end" <= statement.first_story.sentence_end
    group by
        statement.first_story.story_id,
        statement.first_story.sentence_start
)
select
    statement.first_day,
    statement.last_day,
    statement.value,
    case
        when statement.first_day = statement.last_day then 'day'
        when statement.value like '%-W%' then 'week'
        when statement.value like '%-Q%' then 'quarter'
        when regexp_matches(statement.value, '-(SP|SU|FA|WI)$') then 'season'
        when length(statement.value) = 7 then 'month'
        when length(statement.value) = 4 then 'year'
        else 'years'
    end as period,
    statement.first_story.text as text,
    statement.first_story.sentence as sentence,
    named.entity_ids,
    named.entities,
    statement.first_day > (statement.first_story.published_at at time zone 'UTC')::date as is_ahead,
    statement.first_story.resolved_from as resolved_from,
    statement.stories,
    statement.outlets,
    statement.first_story.story_id as first_story_id,
    statement.first_seen_at
from statement
left join named
    on statement.first_story.story_id = named.story_id
    and statement.first_story.sentence_start = named.sentence_start
