-- story_copies: the stories that share a story's text, and what each changed.
-- grain    one row per story of the cluster
-- reads    marts.duplicate_stories
-- takes    $story_id; $rows: how many
-- gives    the first story, then the others by time
select
    copy.story_id,
    copy.is_first,
    copy.headline,
    copy.outlet,
    copy.published_at,
    copy.ingested_at,
    copy.relation,
    copy.copied_share,
    copy.has_first_headline,
    copy.paragraphs_kept,
    copy.paragraphs_added,
    copy.paragraphs_dropped,
    copy.text_words
from marts.duplicate_stories as copy
where copy.cluster_id in (
    select mine.cluster_id
    from marts.duplicate_stories as mine
    where mine.story_id = $story_id
)
order by
    copy.is_first desc,
    copy.published_at nulls last,
    copy.ingested_at,
    copy.story_id
limit $rows
