-- marts.duplicate_pairs: two stories of which one copies the other.
-- grain    one row per pair of different texts, each by its first story; and one per later story
--          with exactly the words of an earlier one, with the first of them
-- reads    lake.text_pairs, meta.analyses, marts.signatures, main.stories
-- gives    which came first, and how much of each the other has
-- why      the evidence for a cluster; n stories of one text are n - 1 rows, not n squared
with signed as (
    select
        signature.text_id,
        signature.text_words,
        story.story_id,
        row_number() over by_time as story_order,
        row_number() over (
            partition by signature.text_id
            order by story.published_at asc nulls last, story.ingested_at asc, story.story_id asc
        ) as copy_no
    from marts.signatures as signature
    inner join main.stories as story using (story_id)
    where signature.text_words >= 20  -- MIN_WORDS of analysis/duplicates/candidates.py
    window by_time as (
        order by story.published_at asc nulls last, story.ingested_at asc, story.story_id asc
    )
),
firsts as (
    select signed.*
    from signed
    where signed.copy_no = 1
),
paired as (
    select pair.*
    from lake.text_pairs as pair
    semi join meta.analyses as analysis using (analysis_id)
),
directed as (
    select
        if(one.story_order < other.story_order, one.story_id, other.story_id) as first_story_id,
        if(one.story_order < other.story_order, other.story_id, one.story_id) as later_story_id,
        paired.kind,
        if(one.story_order < other.story_order, paired.share_b, paired.share_a) as copied_share,
        if(one.story_order < other.story_order, paired.share_a, paired.share_b) as kept_share,
        paired.similarity
    from (
        select
            pair.*,
            pair.shared_a / pair.words_a as share_a,
            pair.shared_b / pair.words_b as share_b
        from paired as pair
    ) as paired
    inner join firsts as one on paired.text_a = one.text_id
    inner join firsts as other on paired.text_b = other.text_id
)
select
    directed.first_story_id,
    directed.later_story_id,
    directed.kind,
    directed.copied_share,
    directed.kept_share,
    directed.similarity
from directed
union all
select
    firsts.story_id,
    signed.story_id,
    'exact',
    1.0,
    1.0,
    1.0
from signed
inner join firsts using (text_id)
where signed.copy_no > 1
