-- marts.entities: every person, organisation and place that a current story mentions.
-- grain    one row per entity
-- reads    marts.story_entities
-- gives    its commonest name, all its names, and how often it occurs
-- why      a surname alone stays an entity of its own in stories that give no full name
with named as (
    select
        entity_id,
        name,
        count(*) as stories
    from marts.story_entities
    group by all
),
best as (
    select
        entity_id,
        arg_max(name, (stories, name)) as name
    from named
    group by all
),
aliased as (
    select
        entity_id,
        list_sort(list_distinct(flatten(list(aliases)))) as aliases
    from marts.story_entities
    group by all
)
select
    entity.entity_id,
    any_value(best.name) as name,
    mode(entity.kind order by entity.kind asc) as kind,
    any_value(aliased.aliases) as aliases,
    count(*) as stories,
    sum(entity.mentions)::bigint as mentions,
    min(entity.country) as country,
    min(entity.latitude) as latitude,
    min(entity.longitude) as longitude,
    min(entity.geonameid) as geonameid
from marts.story_entities as entity
inner join best using (entity_id)
inner join aliased using (entity_id)
group by entity.entity_id
order by stories desc, entity.entity_id asc
