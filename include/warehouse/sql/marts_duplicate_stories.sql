-- marts.duplicate_stories: stories that share their text, or much of it, with another.
-- grain    one row per story; none for a story that copies nothing and is not copied
-- reads    marts.signatures, marts.story_outlets, meta.analyses, lake.text_pairs, main.stories
-- gives    the cluster of each story, which story came first, how much each copied
-- why      a cluster is what pairs connect. A `contained` pair connects its texts, unless the one
--          that contains the other is a round-up: it contains two texts that are not a pair
with recursive signed as (
    select
        signature.text_id,
        signature.text_words,
        signature.paragraphs,
        story.story_id,
        story.page_id,
        story.headline,
        coalesce(resolved.name, story.outlet) as outlet,
        story.agencies,
        story.published_at,
        story.ingested_at
    from marts.signatures as signature
    inner join main.stories as story using (story_id)
    left join marts.story_outlets as resolved using (story_id)
    where signature.text_words >= 20  -- MIN_WORDS of analysis/duplicates/candidates.py
),
texts as (
    select
        signed.text_id,
        count(*) as copies
    from signed
    group by signed.text_id
),
paired as (
    select
        pair.text_a,
        pair.text_b,
        pair.kind,
        pair.shared_a / pair.words_a as share_a,
        pair.shared_b / pair.words_b as share_b
    from lake.text_pairs as pair
    semi join meta.analyses as analysis using (analysis_id)
    semi join texts as one on pair.text_a = one.text_id
    semi join texts as other on pair.text_b = other.text_id
),
parts as (
    select
        if(paired.share_a >= paired.share_b, paired.text_b, paired.text_a) as whole,
        if(paired.share_a >= paired.share_b, paired.text_a, paired.text_b) as part
    from paired
    where paired.kind = 'contained'
),
round_ups as (
    select distinct one.whole
    from parts as one
    inner join parts as other on one.whole = other.whole and one.part < other.part
    anti join paired on paired.text_a = one.part and paired.text_b = other.part
),
links as (
    select paired.text_a as text_id, paired.text_b as linked_id
    from paired
    where paired.kind = 'near'
    union all
    select parts.part, parts.whole
    from parts
    anti join round_ups using (whole)
),
both_ways as (
    select links.text_id, links.linked_id
    from links
    union
    select links.linked_id, links.text_id
    from links
),
members(text_id, cluster_id) using key (text_id) as (
    select both_ways.text_id, min(least(both_ways.text_id, both_ways.linked_id))
    from both_ways
    group by both_ways.text_id
    union
    select both_ways.linked_id, min(members.cluster_id)
    from members
    inner join both_ways using (text_id)
    inner join recurring.members as before on both_ways.linked_id = before.text_id
    where members.cluster_id < before.cluster_id
    group by both_ways.linked_id
),
clustered as (
    select members.text_id, members.cluster_id
    from members
    union all
    select texts.text_id, texts.text_id
    from texts
    anti join members using (text_id)
    where texts.copies > 1
),
copied as (
    select text_id, max(share) as share
    from (
        select paired.text_a as text_id, paired.share_a as share
        from paired
        union all
        select paired.text_b, paired.share_b
        from paired
    )
    group by text_id
),
placed as (
    select
        clustered.cluster_id,
        signed.*,
        first_value(signed.story_id) over firsts as first_story_id,
        first_value(signed.text_id) over firsts as first_text_id,
        first_value(signed.headline) over firsts as first_headline,
        first_value(signed.paragraphs) over firsts as first_paragraphs,
        list_unique(list_intersect(signed.paragraphs, first_paragraphs)) as paragraphs_kept
    from signed
    inner join clustered using (text_id)
    window firsts as (
        partition by clustered.cluster_id
        order by signed.published_at asc nulls last, signed.ingested_at asc, signed.story_id asc
    )
)
select
    placed.cluster_id,
    placed.story_id = placed.first_story_id as is_first,
    placed.first_story_id,
    placed.story_id,
    placed.page_id,
    placed.headline,
    placed.outlet,
    placed.agencies,
    placed.published_at,
    placed.ingested_at,
    placed.text_id,
    placed.text_words,
    case
        when placed.story_id = placed.first_story_id then null
        when placed.text_id = placed.first_text_id then 1.0
        else copied.share
    end::double as copied_share,
    case
        when placed.story_id = placed.first_story_id then 'first'
        when placed.text_id = placed.first_text_id then 'exact'
        when copied.share >= 0.8 then 'copied'
        else 'adapted'
    end as relation,
    placed.headline is not distinct from placed.first_headline as has_first_headline,
    placed.paragraphs_kept::integer as paragraphs_kept,
    (list_unique(placed.paragraphs) - placed.paragraphs_kept)::integer as paragraphs_added,
    (list_unique(placed.first_paragraphs) - placed.paragraphs_kept)::integer as paragraphs_dropped
from placed
left join copied using (text_id)
