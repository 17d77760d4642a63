-- lake_tables: the files of each lake table.
-- grain    one row per table
-- reads    meta.storage
-- gives    version, counts and sizes; the largest first
select
    storage.table_name,
    storage.version,
    storage.live_files,
    storage.small_files,
    storage.live_bytes,
    storage.compacted_at,
    storage.kept_files,
    storage.kept_bytes,
    storage.orphan_files,
    storage.orphan_bytes,
    storage.oldest_version,
    storage.swept_at
from meta.storage as storage
order by
    storage.live_bytes desc nulls last,
    storage.table_name
