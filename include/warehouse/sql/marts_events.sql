-- marts.events: what happened, by the stories that report it.
-- grain    one row per event
-- reads    marts.event_stories, marts.story_terms, marts.story_entities
-- gives    a headline, the terms and names of the event, and how much of it is original
-- why      twelve stories may be one wire text and two originals
with term as (
    select
        story.event_id,
        unnest(vector.terms[1:15]) as term,
        unnest(vector.weights[1:15]) as weight
    from marts.story_terms as vector
    inner join marts.event_stories as story using (story_id)
),
term_sum as (
    select
        term.event_id,
        term.term,
        sum(term.weight) as weight
    from term
    group by term.event_id, term.term
),
label as (
    select
        term_sum.event_id,
        list(term_sum.term order by term_sum.weight desc, term_sum.term asc)[1:8] as terms
    from term_sum
    group by term_sum.event_id
),
entity_sum as (
    select
        story.event_id,
        entity.entity_id,
        entity.kind = 'place' as is_place,
        arg_max(entity.name, (entity.salience, entity.name)) as name,
        sum(entity.salience) as salience
    from marts.story_entities as entity
    inner join marts.event_stories as story using (story_id)
    group by all
),
named as (
    select
        entity_sum.event_id,
        list(entity_sum.name order by entity_sum.salience desc, entity_sum.name asc)
            filter (where not entity_sum.is_place)[1:5] as entities,
        list(entity_sum.name order by entity_sum.salience desc, entity_sum.name asc)
            filter (where entity_sum.is_place)[1:5] as places
    from entity_sum
    group by entity_sum.event_id
),
event as (
    select
        story.event_id,
        arg_max(story.headline, (story.similarity, -epoch_us(story.seen_at), story.story_id))
            filter (where story.headline is not null) as headline,
        min(story.seen_at) as first_seen_at,
        max(story.seen_at) as last_seen_at,
        any_value(story.outlet) filter (where story.is_first) as first_outlet,
        count(*) as stories,
        count(*) filter (where story.relation = 'original') as originals,
        count(*) filter (where story.relation = 'wire') as wire_stories,
        count(distinct coalesce(story.cluster_id, story.story_id))
            filter (where story.relation = 'wire') as wire_texts,
        count(*) filter (where story.relation = 'copy') as copies,
        count(distinct story.outlet) as outlets,
        coalesce(
            list(distinct story.outlet order by story.outlet asc)
                filter (where story.outlet is not null),
            []
        ) as outlet_names,
        coalesce(
            list(distinct story.language order by story.language asc)
                filter (where story.language is not null),
            []
        ) as languages
    from marts.event_stories as story
    group by story.event_id
)
select
    event.event_id,
    event.headline,
    coalesce(label.terms, []) as terms,
    event.first_seen_at,
    event.last_seen_at,
    event.first_outlet,
    event.stories,
    event.originals,
    event.wire_stories,
    event.wire_texts,
    event.copies,
    event.outlets,
    event.outlet_names,
    event.languages,
    coalesce(named.entities, []) as entities,
    coalesce(named.places, []) as places
from event
left join label using (event_id)
left join named using (event_id)
order by event.stories desc, event.event_id asc
