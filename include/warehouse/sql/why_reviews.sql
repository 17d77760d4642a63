-- why_reviews: what people decided about stories of some pages.
-- grain    one row a decision on a story
-- reads    quality.reviews
-- takes    $pages: page_ids
-- gives    who, when, what, why, and whether it came too late
-- why      a part of what `python -m include why` answers
select
    review.page_id,
    review.story_id,
    review.decision,
    review.outcome,
    review.note,
    review.failed_rules,
    review.decided_by,
    review.decided_at,
    review.case_id
from quality.reviews as review
where review.page_id in (select unnest($pages::varchar[]))
order by
    review.decided_at,
    review.story_id
