-- read_snapshot: which lake and which views this file was built from.
-- grain    one row
-- reads    meta.snapshot
-- gives    its columns, the time of building in microseconds since 1970 (UTC)
-- why      publishing is skipped when nothing would change; the reader learns the lake's folder;
--          a file that was written to later than it was built is built anew
select
    snapshot.lake_key,
    snapshot.projection,
    snapshot.lake_root,
    epoch_us(snapshot.built_at) as built_us
from meta.snapshot as snapshot
