-- reviews: the last decisions of people on quarantined stories.
-- grain    one row per decision
-- reads    quality.reviews
-- takes    $rows: how many
-- gives    what was decided, by whom, when and why; newest first
select
    review.story_id,
    review.source_name,
    review.failed_rules,
    review.decision,
    review.outcome,
    review.note,
    review.decided_by,
    review.decided_at
from quality.reviews as review
order by
    review.decided_at desc,
    review.review_id
limit $rows
