-- read_snapshot: which lake and which views this file was built from.
-- grain    one row
-- reads    meta.snapshot
-- gives    its columns
-- why      publishing is skipped when nothing would change; the reader learns the lake's folder
select
    snapshot.lake_key,
    snapshot.projection,
    snapshot.lake_root
from meta.snapshot as snapshot
