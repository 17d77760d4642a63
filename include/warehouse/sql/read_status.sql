-- read_status: the warehouse in one row.
-- grain    one row
-- reads    meta.snapshot, meta.deliveries, meta.runs, meta.storage, main.pages
-- gives    the lake's version, as a number and by table, row counts, and the run that left it
-- why      the first part of `python -m include status`
with last_run as (
    select
        run_id,
        finished_at
    from meta.runs
    order by
        version desc
    limit 1
)
select
    (select max(version) from meta.runs) as version,
    snapshot.lake_key,
    snapshot.built_at,
    (select count(*) from meta.deliveries) as deliveries,
    (select count(*) from meta.deliveries where outcome = 'landed') as landed,
    (select count(*) from meta.deliveries where outcome = 'no_story') as no_story,
    (select count(*) from meta.deliveries where outcome = 'rejected') as rejected,
    (select count(*) from meta.deliveries where outcome = 'redelivered') as redelivered,
    (select count(*) from meta.deliveries where outcome = 'unpacked') as unpacked,
    (select count(*) from meta.deliveries where outcome = 'resplit') as split_again,
    (select count(*) from meta.deliveries where outcome = 'replaced') as replaced,
    (select count(*) from main.pages) as pages,
    (select coalesce(sum(stories_landed), 0)::bigint from main.pages) as stories,
    (select coalesce(sum(stories_quarantined), 0)::bigint from main.pages) as quarantined,
    (select count(*) from marts.duplicates where not is_first) as later_copies,
    (select count(*) from meta.runs) as runs,
    (select sum(live_files)::bigint from meta.storage) as lake_files,
    (select sum(small_files)::bigint from meta.storage) as small_files,
    (select sum(kept_files)::bigint from meta.storage) as kept_files,
    (select sum(orphan_files)::bigint from meta.storage) as orphan_files,
    last_run.run_id as last_run_id,
    last_run.finished_at as last_finished_at
from meta.snapshot as snapshot
left join last_run on true
