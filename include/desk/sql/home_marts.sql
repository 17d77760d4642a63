-- home_marts: how far each mart is behind the lake.
-- grain    one row per mart
-- reads    meta.freshness
-- gives    the version it shows, and the stories it failed on; the furthest behind first
select
    freshness.mart,
    freshness.lake_version,
    freshness.versions_behind,
    freshness.stories,
    freshness.failed_stories,
    freshness.made_at
from meta.freshness as freshness
order by
    freshness.versions_behind desc,
    freshness.mart
