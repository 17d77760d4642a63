-- marts.event_stories: stories of events of two or more, first to last.
-- grain    one row per story of an event
-- reads    lake.event_members, meta.analyses, main.stories, marts.duplicate_stories,
--          marts.duplicate_clusters, marts.story_outlets
-- gives    which came first, how central each is, and whether it is wire, a copy or original
-- why      an event of which one story is left, because others were revised, is none
with member as (
    select
        member.event_id,
        member.similarity,
        story.story_id,
        story.page_id,
        story.headline,
        coalesce(story.outlet, outlet.name) as outlet,
        story.language,
        story.published_at,
        story.ingested_at,
        coalesce(story.published_at, story.ingested_at) as seen_at,
        coalesce(len(story.agencies) > 0, false)
        or coalesce(outlet.kind = 'agency', false)
        or coalesce(len(cluster.agencies) > 0, false) as is_wire,
        coalesce(duplicate.relation <> 'first', false) as is_copy,
        duplicate.cluster_id
    from lake.event_members as member
    semi join meta.analyses as analysis using (analysis_id)
    inner join main.stories as story using (story_id, page_id, run_id)
    left join marts.story_outlets as outlet using (story_id)
    left join marts.duplicate_stories as duplicate using (story_id)
    left join marts.duplicate_clusters as cluster on duplicate.cluster_id = cluster.cluster_id
)
select
    member.event_id,
    member.story_id,
    member.page_id,
    row_number() over by_time = 1 as is_first,
    member.headline,
    member.outlet,
    member.language,
    member.published_at,
    member.ingested_at,
    member.seen_at,
    member.similarity,
    case
        when member.is_wire then 'wire'
        when member.is_copy then 'copy'
        else 'original'
    end as relation,
    member.cluster_id
from member
window by_time as (
    partition by member.event_id
    order by member.seen_at asc, member.story_id asc
)
qualify count(*) over (partition by member.event_id) > 1
order by member.event_id asc, member.seen_at asc, member.story_id asc
