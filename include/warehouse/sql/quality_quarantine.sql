-- quality.quarantine: one story that failed a critical rule, of a standing page.
-- grain    one row a story
-- reads    lake.quarantine, main.pages, lake.reviews
-- gives    the columns of lake.quarantine
-- why      what failed waits here for a person; what they rejected stays, with who and when
with rejected as (
    select
        review.story_id,
        review.text_hash,
        review.decision,
        review.decided_at,
        review.decided_by
    from lake.reviews as review
    where review.outcome = 'applied'
    qualify row_number() over (
        partition by review.story_id, review.text_hash
        order by review.decided_at desc
    ) = 1
)
select
    found.story_id,
    found.page_id,
    found.source_name,
    found.story_no,
    found.page_stories,
    found.headline,
    found.headline_source,
    found.deck,
    found.body,
    found.byline,
    found.dateline,
    found.published_at,
    found.published_precision,
    found.published_source,
    found.outlet,
    found.url,
    found.agencies,
    found.tags,
    found.captions,
    found.language,
    found.words,
    found.body_chars,
    found.page_chars,
    found.headline_spans,
    found.body_spans,
    found.caption_spans,
    found.other_spans,
    found.chrome_hits,
    found.confidence,
    found.reasons,
    found.text_hash,
    found.hash_version,
    found.splitter_version,
    found.quality_flags,
    found.failed_rules,
    found.observed,
    found.suite_version,
    case when rejected.decision = 'reject' then 'rejected' end as resolution,
    case when rejected.decision = 'reject' then rejected.decided_at end as resolved_at,
    case when rejected.decision = 'reject' then rejected.decided_by end as resolved_by,
    found.run_id,
    found.ingested_at,
    found.ingest_day
from lake.quarantine as found
semi join main.pages as page using (page_id, run_id)
left join rejected
    on found.story_id = rejected.story_id
    and found.text_hash = rejected.text_hash
