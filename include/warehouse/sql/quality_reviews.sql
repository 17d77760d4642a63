-- quality.reviews: who decided what about a story that was set aside, and when.
-- grain    one row a decision on a story
-- reads    lake.reviews
-- gives    the columns of lake.reviews
-- why      the audit trail; decisions that came too late are in it, as stale
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
