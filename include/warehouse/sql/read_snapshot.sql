-- read_snapshot: which lake and which views this file was built from.
-- grain    one row
-- reads    meta.snapshot
-- gives    its columns, with the build time in microseconds since 1970 (UTC)
-- why      publishing is skipped if nothing would change; readers learn the lake's folder; a file
--          that was modified after it was built is rebuilt
select
    snapshot.lake_key,
    snapshot.projection,
    snapshot.lake_root,
    epoch_us(snapshot.built_at) as built_us
from meta.snapshot as snapshot
