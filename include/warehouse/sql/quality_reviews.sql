-- quality.reviews: people's decisions on stories that were set aside.
-- grain    one row per decision and story
-- reads    lake.reviews
-- gives    the columns of lake.reviews
-- why      the audit trail; decisions that came too late are included, as stale
select
    review.review_id,
    review.story_id,
    review.page_id,
    review.text_hash,
    review.source_name,
    review.failed_rules,
    review.decision,
    review.outcome,
    review.note,
    review.decided_by,
    review.decided_at,
    review.case_id
from lake.reviews as review
