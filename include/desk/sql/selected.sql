-- selected: the current stories that a person asked for; other queries continue it.
-- grain    one row per story
-- reads    main.story_list, lake.story_entities, marts.event_stories
-- takes    $ids, $scores: stories that match the words, best first, or null; $outlets, $languages,
--          $flags, $days: lists, or null for all; $entity, $event: ids, or null; $run: a run, or
--          null;
--          $since, $until: days of publication, or null; $least, $most: confidence
-- gives    what facets and lists need, without the text
with hit as (
    select
        unnest($ids::varchar[]) as story_id,
        unnest($scores::double[]) as score
),
selected as (
    select
        story.story_id,
        story.page_id,
        story.run_id,
        story.source_name,
        story.headline,
        story.outlet,
        story.language,
        story.published_at,
        story.published_precision,
        story.ingested_at,
        story.ingest_day,
        story.confidence,
        story.words,
        story.quality_flags,
        hit.score
    from main.story_list as story
    left join hit on story.story_id = hit.story_id
    where
        ($ids is null or hit.story_id is not null)
        and ($outlets::varchar[] is null or list_contains($outlets, coalesce(story.outlet, '')))
        and ($languages::varchar[] is null or list_contains($languages, story.language))
        and ($days::varchar[] is null or list_contains($days, story.ingest_day::varchar))
        and ($flags::varchar[] is null or list_has_any(story.quality_flags, $flags))
        and ($run::varchar is null or story.run_id = $run)
        and ($since::date is null or story.published_at >= $since::date)
        and ($until::date is null or story.published_at < $until::date + 1)
        and story.confidence between $least and $most
        and (
            $event::varchar is null
            or story.story_id in (
                select member.story_id
                from marts.event_stories as member
                where member.event_id = $event
            )
        )
        and (
            $entity::varchar is null
            or (story.story_id, story.run_id) in (
                select (named.story_id, named.run_id)
                from lake.story_entities as named
                where named.entity_id = $entity
            )
        )
)
