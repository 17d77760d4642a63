-- home_totals: what the runs of a time did, and what there is now.
-- grain    one row
-- reads    meta.runs, main.story_list, quality.quarantine_list, meta.snapshot
-- takes    $since: a time
-- gives    sums of the runs' counts, stories that are current or wait for a person, last runs
-- why      the first line of the first page
with recent as (
    select
        count(*) as runs,
        coalesce(sum(run.files_seen), 0)::bigint as files_seen,
        coalesce(sum(run.files_taken), 0)::bigint as files_taken,
        coalesce(sum(run.files_rejected), 0)::bigint as files_rejected,
        coalesce(sum(run.files_redelivered), 0)::bigint as files_redelivered,
        coalesce(sum(run.files_skipped), 0)::bigint as files_skipped,
        coalesce(sum(run.files_waiting), 0)::bigint as files_waiting,
        coalesce(sum(run.files_ignored), 0)::bigint as files_ignored,
        coalesce(sum(run.files_unpacked), 0)::bigint as files_unpacked,
        coalesce(sum(run.stories_found), 0)::bigint as stories_found,
        coalesce(sum(run.stories_landed), 0)::bigint as stories_landed,
        coalesce(sum(run.stories_quarantined), 0)::bigint as stories_quarantined
    from meta.runs as run
    where run.finished_at >= $since
)
select
    recent.*,
    (select count(*) from main.story_list) as stories,
    (
        select count(*)
        from main.story_list as story
        where story.confidence < 0.5
    ) as unsure,
    (
        select count(*)
        from quality.quarantine_list as waiting
        where waiting.resolution is null
    ) as waiting,
    (select max(run.finished_at) from meta.runs as run) as last_run_at,
    (select max(run.version) from meta.runs as run) as version,
    (select snapshot.built_at from meta.snapshot as snapshot) as built_at
from recent
