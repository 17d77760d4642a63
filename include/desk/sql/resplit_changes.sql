-- resplit_changes: the stories that a re-split changes, the largest changes first.
-- grain    one row per story
-- reads    quality.resplit_changes
-- takes    $run; $rows: how many
-- gives    the story before and after, and the difference
select
    change.page_id,
    change.source_name,
    change.outlet,
    change.change,
    change.what,
    change.story_id_after,
    change.headline_before,
    change.headline_after,
    change.verdict_before,
    change.verdict_after,
    change.body_chars_before,
    change.body_chars_after,
    change.changed_chars,
    change.diff
from quality.resplit_changes as change
where change.run_id = $run
order by
    change.changed_chars desc,
    change.page_id
limit $rows
