-- series_entity: how many stories name an entity, and how many there are, day by day.
-- grain    one row per day; none if no entity has this name
-- reads    attention_entity, marts.entities
-- takes    term: one of its names, or its entity_id; outlet, since (a day); null: all
-- gives    both counts; days of publication, else of ingestion
-- why      `plot entity`; of several entities of the name, the one that most stories name
with entity as (
    select arg_max(entity_id, (stories, entity_id)) as entity_id
    from marts.entities
    where
        entity_id = $term
        or list_contains(list_transform(aliases, lambda name: lower(name)), lower($term))
        or lower(name) = lower($term)
)
select
    asked.day,
    sum(asked.stories)::double as part,
    sum(asked.all_stories)::double as whole
from attention_entity((select entity_id from entity)) as asked
where
    (select entity_id from entity) is not null
    and ($outlet::varchar is null or lower(asked.outlet) = lower($outlet))
    and ($since::date is null or asked.day >= $since::date)
group by asked.day
order by asked.day
