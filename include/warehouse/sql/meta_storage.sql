-- meta.storage: files of each lake table, in use and not.
-- grain    one row per lake table
-- reads    copydesk_live (of the version that is projected), lake.tendings
-- gives    counts and sizes of live, small, kept and orphan files; last compaction and vacuum
-- why      live files are counted in the version that this file shows; kept and orphan files
--          only exist in the folder, so they are as of swept_at, when tending counted them
with compacted as (
    select
        table_name,
        max(tended_at) as compacted_at
    from lake.tendings
    where work = 'compacted'
    group by table_name
),
swept as (
    select
        table_name,
        kept_files,
        kept_bytes,
        orphan_files,
        orphan_bytes,
        oldest_version,
        tended_at as swept_at
    from lake.tendings
    where work = 'swept'
    qualify row_number() over (
        partition by table_name
        order by tended_at desc
    ) = 1
)
select
    live.table_name,
    live.version,
    live.live_files,
    live.small_files,
    live.live_bytes,
    compacted.compacted_at,
    swept.kept_files,
    swept.kept_bytes,
    swept.orphan_files,
    swept.orphan_bytes,
    swept.oldest_version,
    swept.swept_at
from copydesk_live as live
left join compacted on live.table_name = compacted.table_name
left join swept on live.table_name = swept.table_name
