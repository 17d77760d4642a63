-- search_version: the version of the lake that the warehouse shows.
-- grain    one row
-- reads    meta.runs
-- gives    the version; 0 for a lake without a run
-- why      tells how many runs the index is behind
select coalesce(max(version), 0) as lake_version
from meta.runs
